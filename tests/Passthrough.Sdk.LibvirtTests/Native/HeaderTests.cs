using System.Runtime.InteropServices;
using System.Text.RegularExpressions;
using Passthrough.Sdk.Libvirt;
using Passthrough.Sdk.Libvirt.Native;

namespace Passthrough.Sdk.LibvirtTests.Native;

/// <summary>Every layout and every number here is libvirt's own: the C compiler says so.</summary>
public sealed partial class HeaderTests
{
    [Fact]
    public async Task VirError_is_laid_out_as_in_C()
    {
        CProgram.Require();
        var fields = typeof(VirError).GetFields();
        Assert.Equal(12, fields.Length);
        var assertions = fields
            .Select(field => $"offsetof(virError, {field.Name}) == {Marshal.OffsetOf<VirError>(field.Name)}")
            .Append($"sizeof(virError) == {Marshal.SizeOf<VirError>()}");
        Assert.Equal("", await CProgram.Complaints(assertions));
    }

    [Fact]
    public async Task The_structures_of_authentication_are_laid_out_as_in_C()
    {
        CProgram.Require();
        string[] assertions =
        [
            .. typeof(VirConnectAuth).GetFields().Select(field => $"offsetof(virConnectAuth, {field.Name}) == {Marshal.OffsetOf<VirConnectAuth>(field.Name)}"),
            .. typeof(VirConnectCredential).GetFields().Select(field => $"offsetof(virConnectCredential, {field.Name}) == {Marshal.OffsetOf<VirConnectCredential>(field.Name)}"),
            $"sizeof(virConnectAuth) == {Marshal.SizeOf<VirConnectAuth>()}",
            $"sizeof(virConnectCredential) == {Marshal.SizeOf<VirConnectCredential>()}",
        ];
        Assert.Equal(12, assertions.Length);
        Assert.Equal("", await CProgram.Complaints(assertions));
    }

    [Fact]
    public async Task Every_number_is_that_of_the_headers()
    {
        CProgram.Require();
        string[] assertions =
        [
            .. Values<LibvirtErrorCode>("VIR_ERR_"),
            .. Values<LibvirtErrorDomain>("VIR_FROM_"),
            .. Values<LibvirtErrorLevel>("VIR_ERR_"),
            .. Values<DomainState>("VIR_DOMAIN_", ("None", "NOSTATE"), ("PmSuspended", "PMSUSPENDED")),
            .. Values<DomainLifecycle>("VIR_DOMAIN_EVENT_", ("PmSuspended", "PMSUSPENDED")),
            .. Values<DomainStartOptions>("VIR_DOMAIN_START_", ("None", ""), ("AutoDestroy", "AUTODESTROY")),
            .. Values<DomainXmlOptions>("VIR_DOMAIN_XML_", ("None", "")),
            .. Values<DomainUndefineOptions>("VIR_DOMAIN_UNDEFINE_", ("None", "")),
            .. Values<DeviceAffect>("VIR_DOMAIN_DEVICE_MODIFY_"),
            .. Values<NodeDeviceKinds>("VIR_CONNECT_LIST_NODE_DEVICES_CAP_", ("Any", ""), ("Pci", "PCI_DEV"), ("UsbDevice", "USB_DEV")),
            .. Values<LibvirtCloseReason>("VIR_CONNECT_CLOSE_REASON_", ("EndOfFile", "EOF"), ("KeepAlive", "KEEPALIVE")),
            .. Values<NodeDeviceChange>("VIR_NODE_DEVICE_EVENT_", ("Updated", "")),
            .. Values<LibvirtCredentialKind>("VIR_CRED_", ("UserName", "USERNAME"), ("AuthenticationName", "AUTHNAME"), ("ClientNonce", "CNONCE"), ("EchoPrompt", "ECHOPROMPT"), ("NoEchoPrompt", "NOECHOPROMPT")),
            $"VIR_CONNECT_RO == {NativeFlags.ConnectReadOnly}",
            $"VIR_DOMAIN_DEFINE_VALIDATE == {NativeFlags.DomainDefineValidate}",
            $"VIR_DOMAIN_DESTROY_GRACEFUL == {NativeFlags.DomainDestroyGraceful}",
            $"VIR_DOMAIN_EVENT_ID_LIFECYCLE == {DomainEvents.Lifecycle}",
            $"VIR_DOMAIN_EVENT_ID_DEVICE_REMOVED == {DomainEvents.DeviceRemoved}",
            $"VIR_DOMAIN_EVENT_ID_DEVICE_ADDED == {DomainEvents.DeviceAdded}",
            $"VIR_DOMAIN_EVENT_ID_DEVICE_REMOVAL_FAILED == {DomainEvents.DeviceRemovalFailed}",
            $"VIR_NODE_DEVICE_EVENT_ID_LIFECYCLE == {NodeDeviceEvents.Lifecycle}",
            $"VIR_NODE_DEVICE_EVENT_ID_UPDATE == {NodeDeviceEvents.Update}",
            $"VIR_NODE_DEVICE_CREATE_XML_VALIDATE == {NativeFlags.NodeDeviceValidate}",
            $"VIR_NODE_DEVICE_DEFINE_XML_VALIDATE == {NativeFlags.NodeDeviceValidate}",
            $"VIR_CONNECT_LIST_NODE_DEVICES_INACTIVE == {NativeFlags.ListNodeDevicesInactive}",
            $"(unsigned int) VIR_CONNECT_LIST_NODE_DEVICES_ACTIVE == {NativeFlags.ListNodeDevicesActive}u",
            $"VIR_UUID_BUFLEN == 16",
        ];
        Assert.Equal("", await CProgram.Complaints(assertions));
    }

    [Fact]
    public async Task The_compiler_would_complain()
    {
        CProgram.Require();
        Assert.Contains("VIR_ERR_NO_DOMAIN == 43", await CProgram.Complaints(["VIR_ERR_NO_DOMAIN == 43"]), StringComparison.Ordinal);
    }

    /// <summary>An enum's members under their C names: VIR_ERR_ + XmlInvalidSchema = VIR_ERR_XML_INVALID_SCHEMA.</summary>
    private static IEnumerable<string> Values<T>(string prefix, params (string Name, string C)[] special)
        where T : struct, Enum
    {
        var others = special.ToDictionary(each => each.Name, each => each.C, StringComparer.Ordinal);
        foreach (var value in Enum.GetValues<T>())
        {
            var name = value.ToString();
            var c = others.TryGetValue(name, out var other) ? other : CapitalInside().Replace(name, "_$0").ToUpperInvariant();
            if (c.Length > 0)
            {
                yield return $"{prefix}{c} == {value:D}";
            }
        }
    }

    [GeneratedRegex("(?<!^)[A-Z]")]
    private static partial Regex CapitalInside();
}
