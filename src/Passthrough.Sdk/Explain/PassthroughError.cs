using Passthrough.Sdk.Libvirt;

namespace Passthrough.Sdk.Explain;

/// <summary>An error to be explained: libvirt's, QEMU's, the kernel's, Xen's or a shell's.</summary>
/// <remarks>Thread safety: immutable.</remarks>
public sealed record PassthroughError
{
    /// <summary>
    /// What was printed, one line or many, with or without what stands in front of it (<c>error:</c>, times, the name of
    /// the program); empty when there is a code only.
    /// </summary>
    public required string Text { get; init; }

    /// <summary>libvirt's error number; null where it is not known. It tells what a translated text hides.</summary>
    public LibvirtErrorCode? Code { get; init; }

    /// <summary>The part of libvirt that reported it; null where it is not known.</summary>
    public LibvirtErrorDomain? Domain { get; init; }

    /// <summary>The number of the system call's error; null where it is not known.</summary>
    public int? Errno { get; init; }

    /// <summary>The error in an exception: the first <see cref="LibvirtException"/> from the outermost inwards, else the messages.</summary>
    /// <param name="error">The exception, such as an <see cref="Assignment.AssignmentFailedException"/>.</param>
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
