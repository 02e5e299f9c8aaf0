namespace Passthrough.Sdk.Hostdev;

/// <summary>The kinds of places that a guest has for devices that come while it runs.</summary>
internal enum GuestRoomKind
{
    /// <summary>For a device of either kind.</summary>
    Any = 0,

    /// <summary>Behind a PCI Express port.</summary>
    Express = 1,

    /// <summary>On a conventional PCI bus.</summary>
    Conventional = 2,
}
