using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;
using Passthrough.Mcp;

namespace Passthrough.Sdk.Tests.Mcp;

/// <summary>The compiled server cannot change a host, whatever an assistant asks for: it refers to nothing that does.</summary>
public sealed class McpReadOnlyTests
{
    // What an assembly must refer to before it can change a host. A name that begins so is enough.
    private static readonly string[] Changes =
    [
        "Apply", "Recover", "CaptureTo", "Start", "Destroy", "Shutdown", "Undefine", "Define", "SetMetadata", "Attach", "Detach", "ReAttach", "Reset", "Update", "QemuAgent", "Write", "Remove", "Delete", "Revert",
    ];

    // Of the types that reach files and programs, those that the server uses, which only read.
    private static readonly string[] Allowed =
    [
        "System.IO.IOException", "System.IO.Path.GetFullPath", "System.IO.Stream",
    ];

    [Fact]
    public void It_calls_no_member_of_the_library_that_changes_something()
    {
        var called = MembersOf("Passthrough.Sdk").ToList();

        Assert.Contains("Passthrough.Sdk.IPassthroughHost.Plan", called);
        Assert.DoesNotContain(called, member => Changes.Any(change => member[(member.LastIndexOf('.') + 1)..].StartsWith(change, StringComparison.Ordinal)));
    }

    [Fact]
    public void It_writes_no_file_and_starts_no_program()
    {
        Assert.DoesNotContain(
            MembersOf("System.IO").Concat(MembersOf("System.Diagnostics.Process")).Concat(MembersOf("Microsoft.Win32.SafeHandles")).Concat(MembersOf("System.Net")),
            member => !Allowed.Any(allowed => member.StartsWith(allowed, StringComparison.Ordinal)));
    }

    [Fact]
    public void It_opens_libvirt_in_one_place_read_only()
    {
        var called = MembersOf("Passthrough.Sdk.Libvirt.LibvirtConnection").ToList();

        Assert.Contains("Passthrough.Sdk.Libvirt.LibvirtConnection.Open", called);
        Assert.DoesNotContain("Passthrough.Sdk.Libvirt.LibvirtConnection.OpenAsync", called);
        Assert.Single(Directory.GetFiles(Repository.PathOf("samples/mcp"), "*.cs", SearchOption.AllDirectories)
            .Where(file => !file.Contains("/obj/", StringComparison.Ordinal))
            .SelectMany(File.ReadLines), line => line.Contains("LibvirtConnection.Open(", StringComparison.Ordinal) && line.Contains("ReadOnly = true", StringComparison.Ordinal));
    }

    [Fact]
    public void It_calls_nothing_by_name_and_no_native_function()
    {
        using var image = new PEReader(File.OpenRead(typeof(HostAccess).Assembly.Location));

        Assert.Equal(0, image.GetMetadataReader().GetTableRowCount(TableIndex.ImplMap));
        Assert.DoesNotContain(
            MembersOf("System.Reflection.M").Concat(MembersOf("System.Activator")).Concat(MembersOf("System.Type.")).Concat(MembersOf("Microsoft.CSharp")),
            member => member is not "System.Type.GetTypeFromHandle" and not "System.Type.get_Assembly");
    }

    // Every member of another assembly that the instructions of the server name.
    private static IEnumerable<string> MembersOf(string prefix)
    {
        using var image = new PEReader(File.OpenRead(typeof(HostAccess).Assembly.Location));
        var metadata = image.GetMetadataReader();
        foreach (var handle in metadata.MemberReferences)
        {
            var member = metadata.GetMemberReference(handle);
            if (member.Parent.Kind == HandleKind.TypeReference)
            {
                var type = metadata.GetTypeReference((TypeReferenceHandle)member.Parent);
                var name = $"{metadata.GetString(type.Namespace)}.{metadata.GetString(type.Name)}.{metadata.GetString(member.Name)}";
                if (name.StartsWith(prefix, StringComparison.Ordinal))
                {
                    yield return name;
                }
            }
        }
    }
}
