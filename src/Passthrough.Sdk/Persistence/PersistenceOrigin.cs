namespace Passthrough.Sdk.Persistence;

/// <summary>The programs whose files configure devices for every boot.</summary>
public enum PersistenceOrigin
{
    /// <summary>This library: <c>/etc/udev/rules.d/61-passthrough-ADDRESS.rules</c>.</summary>
    Passthrough = 0,

    /// <summary>driverctl: <c>/etc/driverctl.d/pci-ADDRESS</c>, which holds the driver's name.</summary>
    Driverctl = 1,

    /// <summary>Unraid: <c>/boot/config/vfio-pci.cfg</c>, with the line <c>BIND=ADDRESS|VENDOR:DEVICE ...</c>.</summary>
    Unraid = 2,
}
