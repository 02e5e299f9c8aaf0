namespace Passthrough.Sdk.Libvirt.Native;

/// <summary>Lends a pointer of libvirt's to other code, for the time of one call.</summary>
internal static class NativeLoan
{
    /// <summary>Makes the call.</summary>
    /// <param name="lender">The object that the call is made on.</param>
    /// <param name="function">The name of libvirt's function, for the error.</param>
    /// <param name="call">The call, which gets the pointer.</param>
    /// <param name="hasFailed">Whether a result says that libvirt has failed.</param>
    /// <param name="what">The name of the object, for the error.</param>
    public static T Call<T>(object lender, string function, Func<nint, T> call, Func<T, bool> hasFailed, string what)
    {
        if (typeof(T).IsAssignableTo(typeof(Task)) || typeof(T) == typeof(ValueTask) || (typeof(T).IsGenericType && typeof(T).GetGenericTypeDefinition() == typeof(ValueTask<>)))
        {
            throw new ArgumentException("the pointer is lent until the callback returns, and a task may go on after that; make the call in a callback that is not asynchronous", nameof(call));
        }

        if (lender is not INativeObject native)
        {
            throw new NotSupportedException($"cannot call {function} on '{what}': it is a {lender.GetType().Name} and not an object of libvirt; use one that LibvirtConnection.Open leads to");
        }

        var handle = native.NativeHandle;
        var added = false;
        try
        {
            handle.DangerousAddRef(ref added);

            // An older error of this thread would be taken for one of this call, if the callback fails without libvirt.
            LibVirt.virResetLastError();
            var result = call(handle.DangerousGetHandle());

            // Before hasFailed, which is other people's code and may call libvirt.
            var error = NativeError.Capture(handle);
            return hasFailed(result) ? throw error.ToException($"{function} failed for", what) : result;
        }
        finally
        {
            if (added)
            {
                handle.DangerousRelease();
            }
        }
    }
}
