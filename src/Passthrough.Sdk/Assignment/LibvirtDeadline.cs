using System.Runtime.ExceptionServices;
using Passthrough.Sdk.Libvirt;
using Passthrough.Sdk.Libvirt.Native;
using Passthrough.Sdk.Plans;

namespace Passthrough.Sdk.Assignment;

/// <summary>Gives read-only calls of libvirt a deadline, because libvirt may not answer.</summary>
internal static class LibvirtDeadline
{
    /// <summary>Calls on a separate thread and waits for the answer.</summary>
    /// <exception cref="LibvirtTimeoutException">There was no answer in time. Nothing was changed.</exception>
    public static T Run<T>(PlanOptions options, ILibvirtDomain domain, Func<T> ask)
    {
        var asked = Offload.Run(ask, CancellationToken.None);
        try
        {
            if (asked.Wait(options.LibvirtTimeout))
            {
                return asked.Result;
            }
        }
        catch (AggregateException e) when (e.InnerException is { } inner)
        {
            ExceptionDispatchInfo.Throw(inner);
        }

        throw LibvirtTimeoutException.Of(domain.Connection.Uri, $"describe {domain.Name}", options.LibvirtTimeout);
    }
}
