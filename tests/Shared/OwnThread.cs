namespace Passthrough.Sdk.TestSupport;

/// <summary>Runs code on a thread of its own, which may change what Linux keeps for each thread: its identity and its capabilities.</summary>
internal static class OwnThread
{
    /// <summary>Runs a function after a change of the thread, and returns what it returned or throws what either threw.</summary>
    /// <param name="change">Changes the thread, which ends with the function.</param>
    /// <param name="function">The function.</param>
    internal static T Run<T>(Action change, Func<T> function)
    {
        var done = new TaskCompletionSource<T>();
        var thread = new Thread(() =>
        {
            try
            {
                change();
                done.SetResult(function());
            }
            catch (Exception e)
            {
                done.SetException(e);
            }
        });
        thread.Start();
        thread.Join();
        return done.Task.GetAwaiter().GetResult();
    }
}
