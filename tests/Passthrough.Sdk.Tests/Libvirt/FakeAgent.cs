using System.Text;
using System.Text.Json;
using Passthrough.Sdk.Libvirt;

namespace Passthrough.Sdk.Tests.Libvirt;

/// <summary>The agent of a guest, with the words of the real one.</summary>
internal sealed class FakeAgent
{
    public const string Connected = "<channel type='unix'><target type='virtio' name='org.qemu.guest_agent.0' state='connected'/></channel>";

    private string _file = "";

    /// <summary>What <c>guest-get-osinfo</c> names.</summary>
    public string System { get; set; } = "debian";

    /// <summary>The commands that its configuration disables.</summary>
    public HashSet<string> Disabled { get; } = new(StringComparer.Ordinal);

    /// <summary>The commands that were asked, in order.</summary>
    public List<string> Asked { get; } = [];

    /// <summary>Returns /proc/bus/pci/devices; the number is that of the reads before.</summary>
    public Func<int, string> Proc { get; set; } = _ => "";

    /// <summary>Returns what the script in the guest prints.</summary>
    public Func<string> Sysfs { get; set; } = () => "";

    /// <summary>What <c>guest-get-devices</c> returns.</summary>
    public string Windows { get; set; } = "[]";

    /// <summary>Called first, with the command; what it returns is the answer.</summary>
    public Func<string, string?> Instead { get; set; } = _ => null;

    /// <summary>A line of /proc/bus/pci/devices.</summary>
    public static string Line(string place, string ids, string driver = "") => $"{place}\t{ids}\t1a{string.Concat(Enumerable.Repeat("\t               0", 14))}\t{driver}\n";

    public static LibvirtException Silent() => new(
        "cannot ask the guest agent", LibvirtErrorCode.AgentUnresponsive, LibvirtErrorDomain.Qemu, "Guest agent is not responding: Guest agent not available for now");

    public string Answer(string command, int timeoutSeconds)
    {
        Assert.InRange(timeoutSeconds, 1, 30);
        using var json = JsonDocument.Parse(command);
        var name = json.RootElement.GetProperty("execute").GetString()!;
        lock (Asked)
        {
            Asked.Add(name);
        }

        if (Instead(name) is { } other)
        {
            return other;
        }

        if (Disabled.Contains(name))
        {
            var words = $"internal error: unable to execute QEMU agent command '{name}': Command {name} has been disabled: the command is not allowed";
            throw new LibvirtException($"cannot ask the guest agent: {words}", LibvirtErrorCode.InternalError, LibvirtErrorDomain.Qemu, words);
        }

        return name switch
        {
            "guest-get-osinfo" => Return($$"""{"id":"{{System}}","name":"A guest"}"""),
            "guest-file-open" => Opened(),
            "guest-file-read" => Return($$"""{"count":1,"buf-b64":"{{Base64(_file)}}","eof":true}"""),
            "guest-file-close" => Return("{}"),
            "guest-exec" => Return("""{"pid":4711}"""),
            "guest-exec-status" => Return(Asked.Count(asked => asked == name) == 1 ? """{"exited":false}""" : $$"""{"exited":true,"exitcode":0,"out-data":"{{Base64(Sysfs())}}"}"""),
            "guest-get-devices" => Return(Windows),
            _ => throw new InvalidOperationException(name),
        };
    }

    private string Opened()
    {
        _file = Proc(Asked.Count(asked => asked == "guest-file-open") - 1);
        return Return("1000");
    }

    private static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));

    private static string Return(string value) => $$"""{"return":{{value}}}""";
}
