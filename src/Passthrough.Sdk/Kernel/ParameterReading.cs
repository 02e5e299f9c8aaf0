namespace Passthrough.Sdk.Kernel;

/// <summary>How one parameter of the kernel's command line is read.</summary>
/// <param name="Name">The parameter, as its documentation writes it.</param>
/// <param name="Reader">The reader of the parameter.</param>
/// <param name="CountsOnce">Whether a later occurrence replaces an earlier one; otherwise each is applied, in order.</param>
/// <param name="HasLiteralNames">Whether its value names modules that are compared letter by letter, with underscores, so that a dash never fits.</param>
internal sealed record ParameterReading(string Name, ParameterReader Reader, bool CountsOnce, bool HasLiteralNames = false);
