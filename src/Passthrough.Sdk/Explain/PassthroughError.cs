using Passthrough.Sdk.Libvirt;

namespace Passthrough.Sdk.Explain;

/// <summary>An error to explain, from libvirt, QEMU, the kernel, Xen or a shell.</summary>
/// <remarks>Thread safety: immutable.</remarks>
public sealed record PassthroughError
{
    /// <summary>
    /// Gets the printed text, one or more lines, with or without its prefixes (<c>error:</c>, times, the name of
    /// the program); empty if there is only a code.
    /// </summary>
    public required string Text { get; init; }

    /// <summary>Gets libvirt's error number; null if it is not known. It identifies the error even in a translated text.</summary>
    public LibvirtErrorCode? Code { get; init; }

    /// <summary>Gets the part of libvirt that reported it; null if it is not known.</summary>
    public LibvirtErrorDomain? Domain { get; init; }

    /// <summary>Gets the error number of the system call; null if it is not known.</summary>
    public int? Errno { get; init; }

    /// <summary>Returns the error in an exception: the outermost <see cref="LibvirtException"/>, or else the messages.</summary>
    /// <param name="error">The exception, such as an <see cref="Plans.PlanFailedException"/>.</param>
    public static PassthroughError From(Exception error)
    {
        ArgumentNullException.ThrowIfNull(error);
        for (var cause = error; cause is not null; cause = cause.InnerException)
        {
            if (cause is LibvirtException libvirt)
            {
                return new() { Text = libvirt.NativeMessage, Code = libvirt.Code, Domain = libvirt.Domain, Errno = libvirt.Errno };
            }
        }

        return new() { Text = error.GetBaseException().Message };
    }
}
