using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Sysfs;
using Passthrough.Sdk.Sysfs.Netlink;

namespace Passthrough.Sdk.Tests.Host.Networks;

/// <summary>A kernel's netlink whose answers are written down: by namespace (the empty path is the own one) and by the type of the question.</summary>
internal sealed class FakeNetlink : INetlinkSource
{
    public const ushort Links = 18;

    /// <summary>The question about one interface, which has the type of the one about all.</summary>
    public const ushort OneLink = 1018;
    public const ushort Addresses = 22;
    public const ushort Routes = 26;
    public const ushort Rules = 34;

    private readonly Dictionary<(string Path, ushort Type), byte[]> _answers = [];
    private readonly Dictionary<string, int> _denied = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Path, string Other), int> _numbers = [];

    /// <summary>The questions that were asked, <c>/proc/7/ns/net 22</c>.</summary>
    public List<string> Asked { get; } = [];

    public FakeNetlink Answer(string path, ushort type, params byte[][] messages)
    {
        _answers[(path, type)] = [.. messages.SelectMany(m => m)];
        return this;
    }

    public FakeNetlink Number(string path, string other, int number)
    {
        _numbers[(path, other)] = number;
        return this;
    }

    public FakeNetlink Deny(string path, int errno = Errno.NotPermitted)
    {
        _denied[path] = errno;
        return this;
    }

    public int TryOpen(string? path, bool withSockets, out INetlinkSession? session)
    {
        var errno = _denied.GetValueOrDefault(path ?? "");
        session = errno == Errno.Success ? new Session(this, path ?? "") : null;
        return errno;
    }

    private sealed class Session(FakeNetlink netlink, string path) : INetlinkSession
    {
        public int TryAsk(byte[] request, out byte[] messages)
        {
            var type = BitConverter.ToUInt16(request, 4);
            type = type == Links && (BitConverter.ToUInt16(request, 6) & 0x300) == 0 ? OneLink : type;
            netlink.Asked.Add($"{path} {type}");
            messages = netlink._answers.GetValueOrDefault((path, type), []);
            return Errno.Success;
        }

        public int TryNamespaceId(string other, out int id)
        {
            id = netlink._numbers.GetValueOrDefault((path, other), -1);
            return Errno.Success;
        }

        public void Dispose()
        {
        }
    }
}
