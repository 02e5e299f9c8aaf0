using Passthrough.Sdk;
using Passthrough.Sdk.Libvirt;
using Passthrough.Sdk.Sysfs;

namespace Passthrough.Agreement;

/// <summary>
/// The host on which a scenario runs: the fake one of the testing package, or the lab's. Both have the lab's hardware at the same
/// addresses (tests/lab/README.md), so a scenario does not know which one it is.
/// </summary>
internal abstract class Stage : IDisposable
{
    public const string Nic = "0000:01:00.0";
    public const string Disk = "0000:02:00.0";
    public const string Sound = "0000:00:1b.0";
    public const string SharedNic = "0000:04:01.0";
    public const string OtherSharedNic = "0000:04:02.0";

    /// <summary>The release of Debian that the host is made of, if it is not the one of the transcripts; otherwise empty.</summary>
    public virtual string Platform => "";

    /// <summary>The files of the host, to be read.</summary>
    public abstract ISysfs Files { get; }

    public abstract IPassthroughHost Host { get; }

    public abstract ILibvirtConnection Libvirt { get; }

    /// <summary>Writes to a file of the kernel, as another program does, and returns the errno.</summary>
    public abstract int Write(string path, string text);

    /// <summary>Waits until what follows a change, such as a renamed interface, has happened.</summary>
    public abstract void Settle();

    /// <summary>Keeps what was said, so that a transcript can be replaced by what the real host does.</summary>
    public abstract void Keep(string name, string transcript);

    public abstract void Dispose();
}
