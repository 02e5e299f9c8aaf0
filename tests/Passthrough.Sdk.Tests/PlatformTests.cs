using System.Reflection;
using System.Runtime.Versioning;
using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Libvirt;

namespace Passthrough.Sdk.Tests;

/// <summary>What needs Linux says so to the compiler of the caller, and clearly at run time.</summary>
public sealed class PlatformTests
{
    [Fact]
    public void On_another_system_the_error_names_the_member_and_what_works_there()
    {
        var error = Assert.Throws<PlatformNotSupportedException>(() => LinuxOnly.Require(isLinux: false, "PassthroughHost.Local", "use PassthroughHost.At"));

        Assert.StartsWith("PassthroughHost.Local needs Linux, and this program runs on ", error.Message, StringComparison.Ordinal);
        Assert.EndsWith("; use PassthroughHost.At", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_acts_on_this_machine_or_loads_libvirt_is_marked_for_Linux()
    {
        MemberInfo[] marked =
        [
            typeof(PassthroughHost).GetMethod(nameof(PassthroughHost.Local))!,
            typeof(LibvirtConnection).GetMethod(nameof(LibvirtConnection.Open))!,
            typeof(LibvirtConnection).GetMethod(nameof(LibvirtConnection.OpenAsync))!,
            typeof(LibvirtConnection).GetProperty(nameof(LibvirtConnection.LibraryVersion))!,
            typeof(LibvirtFacts).GetMethod(nameof(LibvirtFacts.Read), [typeof(string)])!,
        ];

        Assert.All(marked, member => Assert.Equal("linux", Assert.Single(member.GetCustomAttributes<SupportedOSPlatformAttribute>()).PlatformName));
        Assert.Empty(typeof(PassthroughHost).GetMethod(nameof(PassthroughHost.At))!.GetCustomAttributes<SupportedOSPlatformAttribute>());
    }
}
