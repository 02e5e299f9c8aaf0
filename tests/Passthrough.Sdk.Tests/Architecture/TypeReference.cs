namespace Passthrough.Tests.Architecture;

/// <summary>A type that refers to another one, each by its full name.</summary>
internal sealed record TypeReference(string From, string To);
