using Microsoft.Extensions.Logging;

namespace Passthrough.Sdk.Libvirt;

/// <summary>The messages of the libvirt room; events 200 to 299.</summary>
internal static partial class LibvirtLog
{
    [LoggerMessage(200, LogLevel.Debug, "Connected to {Uri} with libvirt {Version}")]
    public static partial void Connected(this ILogger logger, string uri, Version version);

    [LoggerMessage(201, LogLevel.Debug, "Closing the connection to {Uri}")]
    public static partial void Closing(this ILogger logger, string uri);

    [LoggerMessage(202, LogLevel.Warning, "Lost the connection to {Uri}: {Reason}")]
    public static partial void Lost(this ILogger logger, string uri, string reason);

    [LoggerMessage(203, LogLevel.Debug, "libvirt at {Uri} does not answer; the connection is closed when it does, or when it is given up")]
    public static partial void ClosesLater(this ILogger logger, string uri);

    [LoggerMessage(210, LogLevel.Debug, "Domain {Domain}: {Action}")]
    public static partial void DomainAction(this ILogger logger, string domain, string action);

    [LoggerMessage(211, LogLevel.Debug, "Domain {Domain}: {Action} ({Affect}) {Device}")]
    public static partial void DeviceAction(this ILogger logger, string domain, string action, DeviceAffect affect, string device);

    [LoggerMessage(220, LogLevel.Debug, "Node device {Device}: {Action}")]
    public static partial void NodeDeviceAction(this ILogger logger, string device, string action);
}
