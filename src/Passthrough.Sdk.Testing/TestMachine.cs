namespace Passthrough.Sdk.Testing;

/// <summary>The kinds of machines that a <see cref="TestHost"/> can be.</summary>
internal enum TestMachine
{
    Intel,
    Amd,
    Arm,
    XenDom0,
    Captured,
}
