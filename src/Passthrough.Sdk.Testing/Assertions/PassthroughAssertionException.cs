namespace Passthrough.Sdk.Testing;

/// <summary>
/// An assertion of this package failed. The message has several lines: what was expected, what is, and the whole report or plan, so that the test
/// framework shows everything that is needed to understand it.
/// </summary>
/// <remarks>It needs no test framework. xunit counts it as a failed assertion, and the others as an exception with the same message.</remarks>
public sealed class PassthroughAssertionException : Exception, IAssertionException
{
    /// <summary>Creates the exception.</summary>
    /// <param name="message">What was expected, and what is.</param>
    public PassthroughAssertionException(string message)
        : base(message)
    {
    }
}
