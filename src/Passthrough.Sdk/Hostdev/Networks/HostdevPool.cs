using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Hostdev.Xml;

namespace Passthrough.Sdk.Hostdev.Networks;

/// <summary>
/// The pool from which a network assigns virtual functions to its domains: <c>&lt;forward mode='hostdev' managed='yes'&gt;</c> (libvirt 0.10.0).
/// </summary>
/// <remarks>The functions are specified by their card (<see cref="PhysicalFunction"/>) or individually (<see cref="Functions"/>). Thread safety: immutable.</remarks>
public sealed record HostdevPool
{
    private static readonly string[] KnownAttributes = ["mode", "managed"];
    private static readonly string[] KnownChildren = ["driver", "pf", "address"];

    /// <summary>Creates a pool; set <see cref="PhysicalFunction"/> or <see cref="Functions"/>.</summary>
    public HostdevPool()
    {
    }

    internal HostdevPool(XmlElementView element)
    {
        if (element.Single("interface") is not null || element.Has("dev"))
        {
            throw element.Error("a pool of host devices contains PCI addresses or a <pf>, not names of interfaces");
        }

        Managed = element.YesNo("managed") ?? false;
        Driver = element.Single("driver") is { } driver ? HostDriver.Read(driver) : null;
        var functions = new List<PoolFunction>();
        foreach (var child in element.Children)
        {
            if (child.Name is "address")
            {
                var function = new PoolFunction(child);
                functions.Add(!functions.Exists(f => f.Address == function.Address)
                    ? function
                    : throw child.Error($"PCI device '{function.Address}' can only be listed once"));
            }
        }

        try
        {
            if (element.Single("pf") is { } pf)
            {
                PhysicalFunction = pf.RequiredAttribute("dev");
                UnknownInPf = UnknownXml.Of(pf, ["dev"], []);
            }

            Functions = [.. functions];
        }
        catch (LibvirtXmlException e) when (e.Line is null && e.Rule is not null)
        {
            throw element.Error(e.Rule);
        }

        Unknown = UnknownXml.Of(element, KnownAttributes, KnownChildren);
    }

    /// <summary>Gets whether libvirt takes a function from the host's driver and returns it.</summary>
    public bool Managed { get; init; }

    /// <summary>Gets the driver of a function on the host; null leaves the choice to libvirt. libvirt 1.0.5.</summary>
    public HostDriver? Driver { get; init; }

    /// <summary>Gets the card whose virtual functions are given: the name of its interface on the host; null if they are listed one by one.</summary>
    public string? PhysicalFunction { get; init; }

    /// <summary>
    /// Gets the individual functions. In the XML of an active network, those of the <see cref="PhysicalFunction"/> too.
    /// </summary>
    /// <exception cref="LibvirtXmlException">A function occurs twice.</exception>
    public ValueList<PoolFunction> Functions
    {
        get;
        init => field = value.Select(f => f.Address).Distinct().Count() == value.Count
            ? value
            : throw new LibvirtXmlException("network/forward/address", "a PCI device can only be listed once");
    } = [];

    /// <summary>Gets the attributes and child elements that this library does not know; null for none.</summary>
    public UnknownXml? Unknown { get; init; }

    internal UnknownXml? UnknownInPf { get; init; }

    internal static HostdevPool Parse(string xml) => new(XmlTree.Parse(xml).Root);

    internal string ToXml(string newLine) => XmlOut.Write(newLine, this, static (pool, ref xml) => pool.Write(ref xml));

    private void Write(ref XmlOut xml)
    {
        xml.Start("forward", Unknown);
        xml.Attribute("mode", "hostdev");
        xml.YesNo("managed", Managed ? true : null);
        Driver?.Write(ref xml);
        if (PhysicalFunction is not null)
        {
            xml.Start("pf", UnknownInPf);
            xml.Attribute("dev", PhysicalFunction);
            xml.End();
        }

        foreach (var function in Functions)
        {
            function.Write(ref xml);
        }

        xml.End();
    }
}
