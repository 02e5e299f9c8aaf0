using System.Text;
using Passthrough.Sdk.Facts;

namespace Passthrough.Sdk.Sysfs;

/// <summary>Writes with a deadline: an unbind waits for the device's users, and no signal ends that.</summary>
internal static class SysfsWriter
{
    /// <summary>Writes on a separate thread and waits no longer than the deadline.</summary>
    /// <param name="sysfs">The files.</param>
    /// <param name="path">The file, for example <c>/sys/bus/pci/drivers/e1000e/unbind</c>.</param>
    /// <param name="content">The bytes to write; the kernel needs no line feed.</param>
    /// <param name="deadline">The maximum time to wait.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">Ends the wait, but not the write, which cannot be interrupted.</param>
    /// <returns>
    /// 0, the errno of what failed, or ETIMEDOUT: then the write is still under way on a thread that is left behind, and
    /// may yet take effect.
    /// </returns>
    /// <exception cref="OperationCanceledException">The waiting was ended; the write is still under way.</exception>
    public static async Task<int> WriteAsync(
        this ISysfs sysfs, string path, string content, TimeSpan deadline, TimeProvider time, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var done = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
        var thread = new Thread(() =>
        {
            try
            {
                done.SetResult(sysfs.TryWrite(path, Encoding.UTF8.GetBytes(content)));
            }
            catch (Exception e)
            {
                done.SetException(e);
            }
        })
        {
            // A background thread does not keep the process alive; a pool thread would be missed by others.
            IsBackground = true,
            Name = $"write {path}",
        };
        thread.Start();
        try
        {
            return await done.Task.WaitAsync(deadline, time, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            return Errno.TimedOut;
        }
    }
}
