namespace Passthrough.Sdk.Hostdev.Xml;

/// <summary>The resources that only one device may use, if a host device is involved; other devices are not checked.</summary>
internal sealed class Claims
{
    private readonly NumberSet _hostDevices = new();
    private NumberSet? _others;

    /// <summary>Claims something for a device.</summary>
    /// <returns>False when it is a host device's already, or when a host device wants what is another's.</returns>
    public bool Take(ulong thing, bool isHostDevice)
    {
        if (isHostDevice)
        {
            return _others?.Contains(thing) is not true && _hostDevices.Add(thing);
        }

        (_others ??= new()).Add(thing);
        return !_hostDevices.Contains(thing);
    }
}
