using System.Reflection;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Passthrough.Sdk.Libvirt.Native;
using Passthrough.Sdk.TestSupport;

namespace Passthrough.Sdk.LibvirtTests.Native;

/// <summary>What is bound is bound as libvirt describes itself, and what is not bound has a reason.</summary>
public sealed class ApiCoverageTests
{
    private const string Description = "/usr/share/libvirt/api/libvirt-api.xml";

    private const string QemuDescription = "/usr/share/libvirt/api/libvirt-qemu-api.xml";

    // What C's types are here. A pointer to a function, and a lent or released object, are plain pointers.
    private static readonly Dictionary<string, string[]> Types = new(StringComparer.Ordinal)
    {
        ["void"] = ["Void"],
        ["int"] = ["Int32"],
        ["unsigned int"] = ["UInt32"],
        ["const char *"] = ["String", "Byte*"],
        ["char *"] = ["String"],
        ["const char **"] = ["Byte*"],
        ["int *"] = ["Int32&"],
        ["unsigned long *"] = ["CULong*", "CULong&"],
        ["unsigned char *"] = ["Byte*"],
        ["const unsigned char *"] = ["Byte*"],
        ["void *"] = ["IntPtr"],
        ["virConnectPtr"] = ["ConnectHandle", "IntPtr"],
        ["virDomainPtr"] = ["DomainHandle", "IntPtr"],
        ["virNodeDevicePtr"] = ["NodeDeviceHandle", "IntPtr"],
        ["virNetworkPtr"] = ["NetworkHandle", "IntPtr"],
        ["char **"] = ["IntPtr*"],
        ["char ***"] = ["IntPtr*&"],
        ["virDomainPtr **"] = ["IntPtr*&"],
        ["virNodeDevicePtr **"] = ["IntPtr*&"],
        ["virNetworkPtr **"] = ["IntPtr*&"],
        ["virErrorPtr"] = ["VirError*"],
        ["virConnectAuthPtr"] = ["VirConnectAuth*"],
        ["virErrorFunc"] = [""],
        ["virFreeCallback"] = ["", "IntPtr"],
        ["virConnectCloseFunc"] = [""],
        ["virEventTimeoutCallback"] = [""],
        ["virConnectDomainEventGenericCallback"] = ["Void*"],
        ["virConnectNodeDeviceEventGenericCallback"] = ["Void*"],
    };

    // What is newer than the libvirt whose description is here may be, as the library itself: the types of its arguments, from libvirt's source; it returns an int.
    private static readonly Dictionary<string, (string Version, string[] Arguments)> Newer = new(StringComparer.Ordinal)
    {
        [nameof(LibVirt.virNodeDeviceUpdate)] = ("10.1.0", ["virNodeDevicePtr", "const char *", "unsigned int"]),
    };

    private static IEnumerable<MethodInfo> Bound => typeof(LibVirt)
        .GetMethods(BindingFlags.Static | BindingFlags.NonPublic | BindingFlags.Public | BindingFlags.DeclaredOnly)
        .Where(method => method.Name.StartsWith("vir", StringComparison.Ordinal));

    [Fact]
    public void Every_bound_function_has_libvirts_own_signature()
    {
        var functions = Functions();
        Assert.True(Bound.Count() > 40, "reflection finds no bound functions");
        Assert.All(Bound, method =>
        {
            Assert.True(functions.TryGetValue(method.Name, out var function), $"libvirt has no {method.Name}");
            var expected = function.Elements("arg").Select(arg => ((string)arg.Attribute("type")!).Replace("char ** const", "char **", StringComparison.Ordinal)).ToList();
            var actual = method.GetParameters().Select(parameter => parameter.ParameterType).ToList();
            Assert.Equal(expected.Count, actual.Count);
            Assert.All(expected.Zip(actual), pair => Assert.Contains(pair.Second.Name, Types[pair.First]));
            Assert.Contains(method.ReturnType.Name, Types[(string?)function.Element("return")?.Attribute("type") ?? "void"]);
        });
    }

    [Fact]
    public void Every_bound_function_is_in_the_loaded_library()
    {
        TestDriver.Require();
        Assert.All(Bound.Where(IsHere), method => Assert.True(IsOfQemu(method) ? LibvirtRuntime.QemuHas(method.Name) : LibvirtRuntime.Has(method.Name), method.Name));
        Assert.Contains(Bound, IsOfQemu);
        Assert.False(LibvirtRuntime.Has("virNoSuchFunction"));
        Assert.False(LibvirtRuntime.QemuHas("virNoSuchFunction"));
    }

    [Fact]
    public void What_the_oldest_supported_libvirt_lacks_is_known()
    {
        // Each of these is asked for by LibvirtRuntime.Has or LibvirtRuntime.Require before it is called.
        string[] guarded =
        [
            nameof(LibVirt.virDomainGetMessages),
            nameof(LibVirt.virNodeDeviceCreate),
            nameof(LibVirt.virNodeDeviceDefineXML),
            nameof(LibVirt.virNodeDeviceGetAutostart),
            nameof(LibVirt.virNodeDeviceIsActive),
            nameof(LibVirt.virNodeDeviceIsPersistent),
            nameof(LibVirt.virNodeDeviceSetAutostart),
            nameof(LibVirt.virNodeDeviceUndefine),
            nameof(LibVirt.virNodeDeviceUpdate),
        ];
        var functions = Functions();
        Assert.Equal(guarded, Bound
            .Select(method => method.Name)
            .Where(name => Version.Parse((string)functions[name].Attribute("version")!) > LibvirtRuntime.OldestVersion)
            .Order(StringComparer.Ordinal));

        // The others are looked for when the library is loaded.
        Assert.Equal(
            Bound.Where(method => !IsOfQemu(method)).Select(method => method.Name).Except(guarded).Distinct().Order(StringComparer.Ordinal),
            NativeFunctions.OfEveryVersion);
    }

    [Fact]
    public void Every_other_function_is_left_out_for_a_reason()
    {
        var bound = Bound.Select(method => method.Name).ToHashSet(StringComparer.Ordinal);
        var others = Functions().Keys.Where(name => !bound.Contains(name)).ToList();
        var families = NotBound.Families.Select(family => (Pattern: new Regex($"^(?:{family.Pattern})$"), family.Reason)).ToList();
        Assert.All(others, name => Assert.True(families.Exists(family => family.Pattern.IsMatch(name)), name));
        Assert.All(families, family => Assert.True(others.Exists(family.Pattern.IsMatch), $"nothing is left out as {family.Pattern}"));
    }

    private static bool IsHere(MethodInfo method) => !Newer.TryGetValue(method.Name, out var newer) || LibvirtRuntime.EnsureStarted() >= Version.Parse(newer.Version);

    private static bool IsOfQemu(MethodInfo method) => method.GetCustomAttribute<LibraryImportAttribute>()?.LibraryName == LibVirt.QemuLibrary;

    private static Dictionary<string, XElement> Functions()
    {
        Prerequisite.File(Description, "libvirt-dev");
        var newer = Newer.Select(function => new XElement(
            "function",
            new XAttribute("name", function.Key),
            new XAttribute("version", function.Value.Version),
            new XElement("return", new XAttribute("type", "int")),
            function.Value.Arguments.Select(type => new XElement("arg", new XAttribute("type", type)))));
        return XDocument.Load(Description).Descendants("function").Concat(XDocument.Load(QemuDescription).Descendants("function")).Concat(newer)
            .DistinctBy(function => (string)function.Attribute("name")!)
            .ToDictionary(function => (string)function.Attribute("name")!, StringComparer.Ordinal);
    }
}
