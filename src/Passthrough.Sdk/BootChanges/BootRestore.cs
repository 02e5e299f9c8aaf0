using Passthrough.Sdk.Plans;

namespace Passthrough.Sdk.BootChanges;

/// <summary>A file that is restored to an earlier content when a plan is undone.</summary>
/// <param name="Step">The step that changed it.</param>
/// <param name="Path">The path of the file on the host.</param>
/// <param name="Wanted">SHA-256 of the wanted content; null for no file.</param>
/// <param name="Written">SHA-256 of the content that the step wrote; null for no file.</param>
/// <param name="Content">Reads the wanted content; null for no file.</param>
internal sealed record BootRestore(PlanStep Step, string Path, string? Wanted, string? Written, Func<byte[]?> Content);
