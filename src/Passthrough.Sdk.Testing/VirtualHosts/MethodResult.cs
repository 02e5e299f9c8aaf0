namespace Passthrough.Sdk.Testing;

/// <summary>What a method of the test program that ran in a <see cref="VirtualHost"/> returned.</summary>
/// <param name="Value">The text that the method returned; null if it returns nothing, or null.</param>
/// <param name="Output">What the method wrote to the standard output, decoded as UTF-8.</param>
/// <param name="Errors">What the method wrote to the standard error, decoded as UTF-8.</param>
/// <param name="Duration">The time from the request until the answer was complete, with the start of .NET in the host.</param>
/// <remarks>Thread safety: immutable.</remarks>
public sealed record MethodResult(string? Value, string Output, string Errors, TimeSpan Duration);
