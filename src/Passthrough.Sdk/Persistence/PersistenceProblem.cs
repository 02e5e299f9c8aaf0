namespace Passthrough.Sdk.Persistence;

/// <summary>A file, or a part of one, that should configure a device for every boot and could not be understood.</summary>
/// <param name="File">The file.</param>
/// <param name="Reason">The clause that says what is wrong with it.</param>
/// <remarks>Thread safety: immutable.</remarks>
public sealed record PersistenceProblem(string File, string Reason);
