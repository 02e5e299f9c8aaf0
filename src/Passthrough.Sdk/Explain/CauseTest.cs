using Passthrough.Sdk.Readiness;

namespace Passthrough.Sdk.Explain;

/// <summary>Checks whether the facts prove a suggested cause.</summary>
/// <param name="context">The host and the affected devices.</param>
/// <param name="match">The message that suggests it.</param>
/// <param name="subjects">The objects that the text names.</param>
/// <param name="proof">The fact that proves it.</param>
/// <returns>True if they prove it, false if they rule it out, null if they do not decide.</returns>
internal delegate bool? CauseTest(ReadinessContext context, PatternMatch match, ErrorSubjects subjects, out Evidence? proof);
