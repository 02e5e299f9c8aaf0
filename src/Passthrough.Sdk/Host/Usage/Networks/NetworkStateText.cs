using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using Passthrough.Sdk.Facts;

namespace Passthrough.Sdk.Host.Usage.Networks;

/// <summary>
/// The networks of a host as text, for captured hosts: a thing a line, its kind first, then <c>name=value</c>. Hardware addresses,
/// processes and sockets are not in it.
/// </summary>
internal static class NetworkStateText
{
    private const string Header = "passthrough network 1";

    public static string Write(NetworkState state)
    {
        var text = new StringBuilder(Header).Append('\n');
        foreach (var space in state.Spaces)
        {
            Line(text, "namespace", ("id", Text(space.Namespace.Id)), ("own", Flag(space.IsOwn)), ("name", space.Namespace.Name), ("path", space.Namespace.Path));
            foreach (var link in space.Links)
            {
                Line(text, "link", ("index", Text(link.Index)), ("name", link.Name), ("kind", link.Kind), ("up", Flag(link.IsUp)), ("master", NotZero(link.Master)),
                    ("lower", NotZero(link.Lower)), ("lower-number", Text(link.LowerNumber)), ("lower-namespace", Text(link.LowerNamespace)),
                    ("parent", link.Parent), ("xdp", Flag(link.HasXdp)), ("filters", link.Filters.IsEmpty ? null : string.Join(',', link.Filters)), ("end", link.TunnelEnd?.ToString()),
                    ("functions", link.VirtualFunctions.IsKnown ? Text(link.VirtualFunctions.Value.Count) : link.VirtualFunctions.IsAbsent ? "none" : null),
                    ("functions-unknown", link.VirtualFunctions.IsUnknown ? link.VirtualFunctions.Reason : null));
                foreach (var function in link.VirtualFunctions.IsKnown ? link.VirtualFunctions.Value : [])
                {
                    VirtualFunctionText.Write(text, link.Index, function);
                }
            }

            Write(text, "address", space.Addresses, a => [("index", Text(a.Index)), ("address", a.Address.ToString()), ("prefix", Text(a.PrefixLength)), ("permanent", Flag(a.IsPermanent))]);
            Write(text, "route", space.Routes, r =>
                [("v6", Flag(r.IsV6)), ("destination", r.Destination?.ToString()), ("prefix", Text(r.PrefixLength)), ("table", Text(r.Table)),
                    ("indexes", string.Join(',', r.Indexes.Select(i => Text(i)))), ("gateway", r.Gateway?.ToString()), ("protocol", Text(r.Protocol))]);
            Write(text, "rule", space.Rules, r => [("v6", Flag(r.IsV6)), ("priority", Text(r.Priority)), ("table", Text(r.Table)), ("in", r.In), ("out", r.Out)]);
            foreach (var client in space.KernelClients)
            {
                Line(text, "client", ("kind", NameOf(client.Kind)), ("interface", client.Interface), ("name", client.Name));
            }

            foreach (var index in space.RedirectTargets)
            {
                Line(text, "redirect", ("index", Text(index)));
            }
        }

        if (state.Others.IsKnown)
        {
            Line(text, "others", ("count", Text(state.Others.Value)));
        }
        else
        {
            text.Append(CultureInfo.InvariantCulture, $"unknown others {state.Others.Source} {state.Others.Reason}\n");
        }

        return text.ToString();
    }

    /// <summary>Reads it. Lines and values that are not known here are passed over: a later version may write more.</summary>
    /// <returns>False where it is something else, or has no namespace of its own.</returns>
    public static bool TryParse(string text, [NotNullWhen(true)] out NetworkState? state)
    {
        state = null;
        var lines = text.Split('\n');
        if (lines[0] != Header)
        {
            return false;
        }

        var spaces = new List<Draft>();
        var others = Fact.Unknown<int>(NetworkStateReader.CapturedPath, NetworkState.NotCaptured);
        foreach (var line in lines.Skip(1))
        {
            var words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            var values = new NetworkStateValues(words);
            switch (words.FirstOrDefault())
            {
                case "namespace":
                    spaces.Add(new Draft(new NetworkNamespace(values.Unsigned("id")) { Name = values["name"], Path = values["path"] }, values.Flag("own")));
                    break;
                case "others":
                    others = Fact.Known(values.Number("count"), NetworkStateReader.CapturedPath);
                    break;
                case "unknown" when words is [_, "others", var source, ..]:
                    others = Fact.Unknown<int>(source, string.Join(' ', words.Skip(3)));
                    break;
                case { } kind when spaces.Count > 0:
                    spaces[^1].Add(kind, words, values);
                    break;
            }
        }

        if (spaces.Count == 0 || !spaces[0].IsOwn)
        {
            return false;
        }

        state = new NetworkState { Spaces = [.. spaces.Select(space => space.ToSpace())], Others = others };
        return true;
    }

    private static void Write<T>(StringBuilder text, string kind, Fact<ValueList<T>> things, Func<T, (string, string?)[]> values)
    {
        foreach (var thing in things.IsKnown ? things.Value : [])
        {
            Line(text, kind, values(thing));
        }

        if (!things.IsKnown)
        {
            text.Append(CultureInfo.InvariantCulture, $"unknown {kind} {(things.Source.Length > 0 ? things.Source : "-").Split(' ')[0]} {things.Reason ?? "absent"}\n");
        }
    }

    /// <summary>Writes a line: the kind, then each value that is not null or empty.</summary>
    internal static void Line(StringBuilder text, string kind, params ReadOnlySpan<(string Name, string? Value)> values)
    {
        text.Append(kind);
        foreach (var (name, value) in values)
        {
            if (!string.IsNullOrEmpty(value))
            {
                text.Append(' ').Append(name).Append('=').Append(Uri.EscapeDataString(value).Replace("%2F", "/", StringComparison.Ordinal).Replace("%3A", ":", StringComparison.Ordinal).Replace("%2C", ",", StringComparison.Ordinal));
            }
        }

        text.Append('\n');
    }

    private static string NameOf(KernelClientKind kind) => kind switch
    {
        KernelClientKind.Pppoe => "pppoe",
        KernelClientKind.Netconsole => "netconsole",
        _ => "rdma",
    };

    private static KernelClientKind? KindOf(string? name) => name switch
    {
        "pppoe" => KernelClientKind.Pppoe,
        "netconsole" => KernelClientKind.Netconsole,
        "rdma" => KernelClientKind.Rdma,
        _ => null,
    };

    private static string? Flag(bool value) => value ? "yes" : null;

    private static string? NotZero(int value) => value == 0 ? null : Text(value);

    private static string? Text<T>(T? value)
        where T : struct, IFormattable => value?.ToString(null, CultureInfo.InvariantCulture);

    private static string Text<T>(T value)
        where T : struct, IFormattable => value.ToString(null, CultureInfo.InvariantCulture);

    /// <summary>A namespace whose lines are being read.</summary>
    private sealed class Draft(NetworkNamespace which, bool isOwn)
    {
        private readonly List<NetworkLink> _links = [];
        private readonly List<NetworkAddress> _addresses = [];
        private readonly List<NetworkRoute> _routes = [];
        private readonly List<NetworkRule> _rules = [];
        private readonly List<KernelClient> _clients = [];
        private readonly List<int> _redirects = [];
        private readonly Dictionary<string, (string Source, string Reason)> _unknown = new(StringComparer.Ordinal);

        public bool IsOwn { get; } = isOwn;

        public void Add(string kind, string[] words, NetworkStateValues values)
        {
            switch (kind)
            {
                case "link":
                    _links.Add(new NetworkLink(values.Number("index"), values["name"] ?? "")
                    {
                        Kind = values["kind"],
                        IsUp = values.Flag("up"),
                        Master = values.Number("master"),
                        Lower = values.Number("lower"),
                        LowerNumber = values["lower-number"] is null ? null : values.Number("lower-number"),
                        LowerNamespace = values["lower-namespace"] is null ? null : values.Unsigned("lower-namespace"),
                        Parent = values["parent"],
                        HasXdp = values.Flag("xdp"),
                        Filters = [.. values.List("filters")],
                        TunnelEnd = values.Address("end"),
                        VirtualFunctions = values["functions"] switch
                        {
                            "none" => Facts.Fact.Absent<ValueList<InterfaceVirtualFunction>>(NetworkStateReader.CapturedPath),
                            null => Facts.Fact.Unknown<ValueList<InterfaceVirtualFunction>>(NetworkStateReader.CapturedPath, values["functions-unknown"] ?? "these files do not describe it"),
                            _ => Facts.Fact.Known<ValueList<InterfaceVirtualFunction>>([], NetworkStateReader.CapturedPath),
                        },
                    });
                    break;
                case "function" when _links.FindIndex(link => link.Index == values.Number("link")) is >= 0 and var at && _links[at].VirtualFunctions is { IsKnown: true, Value: var known }:
                    _links[at] = _links[at] with
                    {
                        VirtualFunctions = Facts.Fact.Known<ValueList<InterfaceVirtualFunction>>([.. known, VirtualFunctionText.Read(values)], NetworkStateReader.CapturedPath),
                    };
                    break;
                case "address" when values.Address("address") is { } address:
                    _addresses.Add(new NetworkAddress(values.Number("index"), address, values.Number("prefix"), values.Flag("permanent")));
                    break;
                case "route":
                    _routes.Add(new NetworkRoute(values.Flag("v6"), values.Address("destination"), values.Number("prefix"), Small(values.Unsigned("table")),
                        [.. values.List("indexes").Select(i => int.TryParse(i, NumberStyles.None, CultureInfo.InvariantCulture, out var index) ? index : 0)])
                    {
                        Gateway = values.Address("gateway"),
                        Protocol = (byte)Math.Clamp(values.Number("protocol"), 0, 255),
                    });
                    break;
                case "rule":
                    _rules.Add(new NetworkRule(values.Flag("v6"), Small(values.Unsigned("priority")), Small(values.Unsigned("table")), values["in"], values["out"]));
                    break;
                case "client" when values["interface"] is { } name && KindOf(values["kind"]) is { } client:
                    _clients.Add(new KernelClient(client, name, values["name"]));
                    break;
                case "redirect":
                    _redirects.Add(values.Number("index"));
                    break;
                case "unknown" when words is [_, var what, var source, ..]:
                    _unknown[what] = (source, string.Join(' ', words.Skip(3)));
                    break;
            }
        }

        public NetworkSpace ToSpace() => new(which, IsOwn)
        {
            Links = [.. _links],
            Addresses = Fact("address", _addresses),
            Routes = Fact("route", _routes),
            Rules = Fact("rule", _rules),
            KernelClients = [.. _clients],
            RedirectTargets = [.. _redirects],
            Sockets = Facts.Fact.Unknown<ValueList<NetworkSocket>>(NetworkStateReader.CapturedPath, NetworkState.NotAskedFor),
        };

        private Fact<ValueList<T>> Fact<T>(string kind, List<T> things) =>
            _unknown.TryGetValue(kind, out var unknown)
                ? Facts.Fact.Unknown<ValueList<T>>(unknown.Source, unknown.Reason)
                : Facts.Fact.Known<ValueList<T>>([.. things], NetworkStateReader.CapturedPath);

        private static uint Small(ulong number) => (uint)Math.Min(number, uint.MaxValue);
    }
}
