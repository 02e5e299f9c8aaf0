using Passthrough.Sdk.Hostdev;

namespace Passthrough.Sdk.Tests.Hostdev;

public sealed class HostInterfaceTests
{
    [Fact]
    public void A_switch_profile_of_8021Qbh_has_a_name()
    {
        const string xml = "<interface type='hostdev'><source><address type='pci' bus='1'/></source><virtualport type='802.1Qbh'><parameters/></virtualport></interface>";

        var error = Assert.Throws<LibvirtXmlException>(() => HostInterface.Parse(xml));
        Assert.Contains("'profileid'", error.Message, StringComparison.Ordinal);
        Assert.Equal("p", HostInterface.Parse(xml.Replace("<parameters/>", "<parameters profileid='p'/>", StringComparison.Ordinal)).VirtualPort!.ProfileId);
    }
}
