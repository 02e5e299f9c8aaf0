using Passthrough.Sdk.Libvirt.Native;

namespace Passthrough.Sdk.Libvirt;

/// <summary>Calls functions of libvirt for which this library has no member.</summary>
/// <remarks>
/// <para>
/// The callback gets libvirt's own pointer and declares the function itself, with <c>LibraryImport</c> or with a function pointer from
/// <see cref="LibvirtConnection.GetNativeFunction"/>. The pointer is valid until the callback returns, also if another thread disposes of the object meanwhile:
/// it is released after the callback. Do not keep the pointer, do not free it, and do not return to the callback's caller with an operation that still uses it.
/// </para>
/// <para>
/// If the result says that libvirt has failed, libvirt's error of the calling thread becomes the exception, as with every member of this library. So the
/// function must be called on the thread of the callback, and the last call into libvirt must be the one that failed.
/// </para>
/// <para>
/// What the function hands out belongs to the callback: text that libvirt allocates is freed with C's <c>free</c> (<c>NativeMemory.Free</c>), objects with
/// their own function. The call blocks as others do; use <see cref="LibvirtConnectionExtensions.CallAsync{T}"/> for a limit.
/// </para>
/// <para>Thread safety: all members may be called from several threads at the same time.</para>
/// </remarks>
/// <example>
/// <code>
/// [LibraryImport("libvirt.so.0")]
/// private static partial int virDomainReset(nint domain, uint flags);
///
/// domain.CallNative("virDomainReset", pointer => virDomainReset(pointer, 0));
/// </code>
/// </example>
public static class LibvirtNativeExtensions
{
    /// <summary>Calls a function of libvirt that takes a <c>virConnectPtr</c> and returns a negative number if it fails.</summary>
    /// <param name="connection">The connection.</param>
    /// <param name="function">The name of libvirt's function, for the message of an error.</param>
    /// <param name="call">Makes the call with the pointer that it gets, and returns its result.</param>
    /// <returns>The result of <paramref name="call"/>, which is not negative.</returns>
    /// <exception cref="LibvirtException">The result is negative. What <paramref name="call"/> throws itself is not changed.</exception>
    /// <exception cref="ObjectDisposedException">The connection was disposed of.</exception>
    /// <exception cref="NotSupportedException">The connection is not an object of libvirt, but a replacement in a test.</exception>
    public static int CallNative(this ILibvirtConnection connection, string function, Func<nint, int> call) => connection.CallNative(function, call, static result => result < 0);

    /// <summary>Calls a function of libvirt that takes a <c>virConnectPtr</c>, whatever its result is.</summary>
    /// <typeparam name="T">The type of the result; not a task.</typeparam>
    /// <param name="connection">The connection.</param>
    /// <param name="function">The name of libvirt's function, for the message of an error.</param>
    /// <param name="call">Makes the call with the pointer that it gets, and returns its result.</param>
    /// <param name="hasFailed">Tells whether a result means that libvirt has failed, such as a null pointer.</param>
    /// <returns>The result of <paramref name="call"/>.</returns>
    /// <exception cref="LibvirtException"><paramref name="hasFailed"/> returned true. What <paramref name="call"/> throws itself is not changed.</exception>
    /// <exception cref="ObjectDisposedException">The connection was disposed of.</exception>
    /// <exception cref="NotSupportedException">The connection is not an object of libvirt, but a replacement in a test.</exception>
    /// <exception cref="ArgumentException"><typeparamref name="T"/> is a task.</exception>
    public static T CallNative<T>(this ILibvirtConnection connection, string function, Func<nint, T> call, Func<T, bool> hasFailed)
    {
        ArgumentNullException.ThrowIfNull(connection);
        Check(function, call, hasFailed);
        return NativeLoan.Call(connection, function, call, hasFailed, connection.Uri);
    }

    /// <summary>Calls a function of libvirt that takes a <c>virDomainPtr</c> and returns a negative number if it fails.</summary>
    /// <param name="domain">The domain.</param>
    /// <param name="function">The name of libvirt's function, for the message of an error.</param>
    /// <param name="call">Makes the call with the pointer that it gets, and returns its result.</param>
    /// <returns>The result of <paramref name="call"/>, which is not negative.</returns>
    /// <exception cref="LibvirtException">The result is negative. What <paramref name="call"/> throws itself is not changed.</exception>
    /// <exception cref="ObjectDisposedException">The domain was disposed of.</exception>
    /// <exception cref="NotSupportedException">The domain is not an object of libvirt, but a replacement in a test.</exception>
    public static int CallNative(this ILibvirtDomain domain, string function, Func<nint, int> call) => domain.CallNative(function, call, static result => result < 0);

    /// <summary>Calls a function of libvirt that takes a <c>virDomainPtr</c>, whatever its result is.</summary>
    /// <typeparam name="T">The type of the result; not a task.</typeparam>
    /// <param name="domain">The domain.</param>
    /// <param name="function">The name of libvirt's function, for the message of an error.</param>
    /// <param name="call">Makes the call with the pointer that it gets, and returns its result.</param>
    /// <param name="hasFailed">Tells whether a result means that libvirt has failed, such as a null pointer.</param>
    /// <returns>The result of <paramref name="call"/>.</returns>
    /// <exception cref="LibvirtException"><paramref name="hasFailed"/> returned true. What <paramref name="call"/> throws itself is not changed.</exception>
    /// <exception cref="ObjectDisposedException">The domain was disposed of.</exception>
    /// <exception cref="NotSupportedException">The domain is not an object of libvirt, but a replacement in a test.</exception>
    /// <exception cref="ArgumentException"><typeparamref name="T"/> is a task.</exception>
    public static T CallNative<T>(this ILibvirtDomain domain, string function, Func<nint, T> call, Func<T, bool> hasFailed)
    {
        ArgumentNullException.ThrowIfNull(domain);
        Check(function, call, hasFailed);
        return NativeLoan.Call(domain, function, call, hasFailed, domain.Name);
    }

    /// <summary>Calls a function of libvirt that takes a <c>virNodeDevicePtr</c> and returns a negative number if it fails.</summary>
    /// <param name="device">The device.</param>
    /// <param name="function">The name of libvirt's function, for the message of an error.</param>
    /// <param name="call">Makes the call with the pointer that it gets, and returns its result.</param>
    /// <returns>The result of <paramref name="call"/>, which is not negative.</returns>
    /// <exception cref="LibvirtException">The result is negative. What <paramref name="call"/> throws itself is not changed.</exception>
    /// <exception cref="ObjectDisposedException">The device was disposed of.</exception>
    /// <exception cref="NotSupportedException">The device is not an object of libvirt, but a replacement in a test.</exception>
    public static int CallNative(this ILibvirtNodeDevice device, string function, Func<nint, int> call) => device.CallNative(function, call, static result => result < 0);

    /// <summary>Calls a function of libvirt that takes a <c>virNodeDevicePtr</c>, whatever its result is.</summary>
    /// <typeparam name="T">The type of the result; not a task.</typeparam>
    /// <param name="device">The device.</param>
    /// <param name="function">The name of libvirt's function, for the message of an error.</param>
    /// <param name="call">Makes the call with the pointer that it gets, and returns its result.</param>
    /// <param name="hasFailed">Tells whether a result means that libvirt has failed, such as a null pointer.</param>
    /// <returns>The result of <paramref name="call"/>.</returns>
    /// <exception cref="LibvirtException"><paramref name="hasFailed"/> returned true. What <paramref name="call"/> throws itself is not changed.</exception>
    /// <exception cref="ObjectDisposedException">The device was disposed of.</exception>
    /// <exception cref="NotSupportedException">The device is not an object of libvirt, but a replacement in a test.</exception>
    /// <exception cref="ArgumentException"><typeparamref name="T"/> is a task.</exception>
    public static T CallNative<T>(this ILibvirtNodeDevice device, string function, Func<nint, T> call, Func<T, bool> hasFailed)
    {
        ArgumentNullException.ThrowIfNull(device);
        Check(function, call, hasFailed);
        return NativeLoan.Call(device, function, call, hasFailed, device.Name);
    }

    private static void Check<T>(string function, Func<nint, T> call, Func<T, bool> hasFailed)
    {
        ArgumentException.ThrowIfNullOrEmpty(function);
        ArgumentNullException.ThrowIfNull(call);
        ArgumentNullException.ThrowIfNull(hasFailed);
    }
}
