namespace Passthrough.Sdk.Hostdev.Xml;

/// <summary>What each device may have for itself only, as far as host devices go: two others that share one are none of our business.</summary>
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
