using Passthrough.Sdk.Host;
using Passthrough.Sdk.Pci;

namespace Passthrough.Sdk.Testing;

/// <summary>Assertions about hosts, for every test framework.</summary>
/// <remarks>Each returns the host, so that several can follow each other. They read only, and work on a real host too.</remarks>
/// <example>
/// <code>
/// var before = host.Capture();
/// await Assert.ThrowsAsync&lt;PlanFailedException&gt;(() => plan.ApplyAsync());
/// host.ShouldHaveDriver("0000:01:00.0", "e1000e").ShouldBeUnchangedSince(before);
/// </code>
/// </example>
public static class HostAssertions
{
    /// <summary>Checks which driver has a function.</summary>
    /// <param name="host">The host.</param>
    /// <param name="address">The address of the function; the domain may be left out.</param>
    /// <param name="driver">The driver; null for none.</param>
    /// <exception cref="FormatException">The address is invalid.</exception>
    /// <exception cref="PassthroughAssertionException">The function has another driver, or the host does not have it.</exception>
    public static TestHost ShouldHaveDriver(this TestHost host, string address, string? driver)
    {
        ArgumentNullException.ThrowIfNull(host);
        host.Open().ShouldHaveDriver(address, driver);
        return host;
    }

    /// <inheritdoc cref="ShouldHaveDriver(TestHost, string, string?)"/>
    public static IPassthroughHost ShouldHaveDriver(this IPassthroughHost host, string address, string? driver)
    {
        ArgumentNullException.ThrowIfNull(host);
        var (device, devices) = (PciAddress.Parse(address), host.Capture(CaptureOptions.DevicesOnly).Devices);
        var actual = !devices.TryGet(device, out var there) ? "there is no such function" : there.Driver == driver ? null : $"it has {there.Driver ?? "none"}";
        return actual is null ? host : throw new PassthroughAssertionException(
            $"{device} should have {(driver is null ? "no driver" : $"the driver {driver}")}, but {actual}.\nThe functions of {host.Source}:{string.Concat(devices.Select(each => $"\n  {each}"))}");
    }

    /// <summary>Checks that nothing has changed since a capture that a plan can change.</summary>
    /// <param name="host">The host.</param>
    /// <param name="before">The capture. What it does not contain, because its options did not ask for it, is not compared.</param>
    /// <remarks>
    /// Compared are the functions with their drivers, overrides, groups, virtual functions, reset methods, network interfaces and mediated devices; the modules; and what is
    /// configured for every boot. Not compared are states that change by themselves, such as free memory, and the files of the boot loader.
    /// </remarks>
    /// <exception cref="PassthroughAssertionException">Something has changed; the message lists every change.</exception>
    public static TestHost ShouldBeUnchangedSince(this TestHost host, HostSnapshot before)
    {
        ArgumentNullException.ThrowIfNull(host);
        host.Open().ShouldBeUnchangedSince(before);
        return host;
    }

    /// <inheritdoc cref="ShouldBeUnchangedSince(TestHost, HostSnapshot)"/>
    public static IPassthroughHost ShouldBeUnchangedSince(this IPassthroughHost host, HostSnapshot before)
    {
        ArgumentNullException.ThrowIfNull(host);
        ArgumentNullException.ThrowIfNull(before);
        var changes = SnapshotComparison.Compare(before, host.Capture(new CaptureOptions { AllDetails = true, Isolation = true }));
        return changes.Count == 0 ? host : throw new PassthroughAssertionException(
            $"{host.Source} should be unchanged since its capture, but {(changes.Count == 1 ? "1 thing has" : FormattableString.Invariant($"{changes.Count} things have"))} changed:{string.Concat(changes.Select(change => $"\n  {change}"))}");
    }
}
