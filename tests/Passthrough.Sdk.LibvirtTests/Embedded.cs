using Passthrough.Sdk.Libvirt;
using Passthrough.Sdk.LibvirtTests;
using Passthrough.Sdk.TestSupport;

[assembly: AssemblyFixture(typeof(Embedded))]

namespace Passthrough.Sdk.LibvirtTests;

/// <summary>The real QEMU driver inside this process, in a directory of its own: no daemon, nothing of the machine's libvirt is touched.</summary>
/// <remarks>libvirt allows one such directory in the life of a process, so that all tests share it.</remarks>
public sealed class Embedded : IDisposable
{
    // No virtlogd, no cgroups, no namespaces, no confinement: what a container has.
    private const string Settings = """
        stdio_handler = "file"
        user = "root"
        group = "root"
        security_driver = "none"
        cgroup_controllers = []
        namespaces = []
        """;

    private readonly Lock _opening = new();
    private DirectoryInfo? _root;
    private LibvirtConnection? _libvirt;

    public LibvirtConnection Libvirt
    {
        get
        {
            Prerequisite.Root();
            Prerequisite.File("/usr/bin/qemu-system-x86_64", "qemu-system-x86");
            lock (_opening)
            {
                // Not before a test asks for it: the children of other tests look at what libvirt prints when nobody does.
                return _libvirt ??= Open();
            }
        }
    }

    public void Dispose()
    {
        if (_libvirt is null)
        {
            return;
        }

        foreach (var domain in _libvirt.GetDomains())
        {
            using (domain)
            {
                if (domain.IsActive())
                {
                    domain.Destroy();
                }
            }
        }

        _libvirt.Dispose();
        _root!.Delete(recursive: true);
    }

    private LibvirtConnection Open()
    {
        TestDriver.Require();
        _root = Directory.CreateTempSubdirectory("libvirt-embed-");
        Directory.CreateDirectory(Path.Combine(_root.FullName, "etc"));
        File.WriteAllText(Path.Combine(_root.FullName, "etc", "qemu.conf"), Settings);
        return LibvirtConnection.Open($"qemu:///embed?root={_root.FullName}");
    }
}
