using Microsoft.Extensions.Logging;

namespace Passthrough.Sdk.Host;

/// <summary>The log messages of captures; events 100 to 199.</summary>
internal static partial class HostLog
{
    [LoggerMessage(100, LogLevel.Debug, "Captured {Source} in {Milliseconds} ms: {Functions} PCI functions, {Groups} IOMMU groups, {Unread} sources not read")]
    public static partial void Captured(this ILogger logger, string source, double milliseconds, int functions, int groups, int unread);

    [LoggerMessage(101, LogLevel.Debug, "Cannot read {Path}: {Reason}")]
    public static partial void Unread(this ILogger logger, string path, string reason);
}
