using Passthrough.Sdk.Plans;

namespace Passthrough.Sdk.BootChanges;

/// <summary>One file that is brought back to a content when a plan is undone.</summary>
/// <param name="Step">The step that changed it.</param>
/// <param name="Path">The file, as the host writes its path.</param>
/// <param name="Wanted">SHA-256 of the content that it is to have; null: no file.</param>
/// <param name="Written">SHA-256 of the content that the step wrote; null: no file.</param>
/// <param name="Content">Reads the content that it is to have; null: no file.</param>
internal sealed record BootRestore(PlanStep Step, string Path, string? Wanted, string? Written, Func<byte[]?> Content);
