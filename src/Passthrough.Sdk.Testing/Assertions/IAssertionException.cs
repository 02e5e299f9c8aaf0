namespace Passthrough.Sdk.Testing;

/// <summary>xunit counts an exception that has an interface of this name as a failed assertion, whichever assembly the interface is from. Source: FailureCause in xunit.v3.common.</summary>
internal interface IAssertionException;
