using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using Passthrough.Sdk.Facts;

namespace Passthrough.Sdk.Testing;

/// <summary>
/// A disposable virtual machine with an emulated IOMMU and the kernel of this machine, for tests that need a real host: a real <c>/sys</c>, real
/// drivers, VFIO and, on request, libvirt. Commands and methods of the test program run in it as root.
/// </summary>
/// <remarks>
/// <para>
/// QEMU emulates everything, so neither KVM nor root is needed on this machine. The host sees the files of this machine at the same paths,
/// read-only under a tmpfs: everything that is installed or built here is there, and everything that is written there disappears with the
/// host, except under <c>/out</c> (<see cref="VirtualHostOptions.ShareDirectory"/>). The devices are listed in docs/virtual-host.md and
/// <see cref="VirtualHardware"/>.
/// </para>
/// <para>
/// The host ends with <see cref="DisposeAsync"/>, and at the latest with this process, even if that is killed. It leaves no files, mounts or
/// locks. Thread safety: all members can be called from several threads; commands run one after another.
/// </para>
/// </remarks>
/// <example>
/// <code>
/// await using var host = await VirtualHost.StartAsync(o => o.Iommu = VirtualIommu.AmdVi);
/// CommandResult devices = await host.RunAsync("lspci", "-nnk");
/// await host.RunAsync(() => Assert.Equal("e1000e", PassthroughHost.Local().Capture().Devices[VirtualHardware.Nic].Driver));
/// </code>
/// </example>
public sealed partial class VirtualHost : IAsyncDisposable
{
    // After a kill, or the end of QEMU, what was written before is read in no time, unless this machine is very busy.
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(30);

    private readonly VirtualHostOptions _options;
    private readonly string _nonce = RandomNumberGenerator.GetHexString(32, lowercase: true);
    private readonly HostChannel _channel;
    private readonly ConsoleText _console = new();
    private readonly ConsoleText _qemuErrors = new();
    private readonly List<IDisposable> _resources = [];
    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly CancellationTokenSource _disposed = new();
    private readonly CancellationToken _end; // of _disposed, which cannot be asked any more after it was disposed itself
    private QemuProcess? _qemu;
    private Task _everythingRead = Task.CompletedTask;
    private int _isDisposed;

    private VirtualHost(VirtualHostOptions options) => (_options, _channel, _end) = (options, new(_nonce), _disposed.Token);

    /// <summary>Gets the text of the host's console so far, at least the last million characters: messages of its kernel, and of nothing else if all is well.</summary>
    public string Console => _console.ToString();

    /// <summary>Gets the time that <see cref="StartAsync"/> took.</summary>
    public TimeSpan StartDuration { get; private set; }

    /// <summary>Returns what this machine lacks for a virtual host. A test that finds something here can be skipped.</summary>
    /// <param name="configure">Sets the options with which the host would be started; null for the defaults.</param>
    /// <returns>Everything that is missing; an empty list if a host can be started.</returns>
    /// <exception cref="ArgumentException">An option has a value that is not possible.</exception>
    public static ValueList<MissingPrerequisite> FindMissing(Action<VirtualHostOptions>? configure = null) =>
        OuterMachine.Local.Find(OptionsOf(configure), out _);

    /// <summary>Starts a virtual host and waits until it takes commands, some seconds on an idle machine.</summary>
    /// <param name="configure">Sets the options; null for the defaults.</param>
    /// <param name="cancellationToken">Ends the start, and QEMU with it.</param>
    /// <returns>The host; dispose it to end it.</returns>
    /// <remarks>A host whose processors wait for each other (<see cref="VirtualHostException.IsSoftLockup"/>) while it starts is started again, once.</remarks>
    /// <exception cref="ArgumentException">An option has a value that is not possible.</exception>
    /// <exception cref="VirtualHostUnavailableException">Something is missing on this machine; nothing was started.</exception>
    /// <exception cref="VirtualHostException">The host ended, or did not take commands in time.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    public static async Task<VirtualHost> StartAsync(Action<VirtualHostOptions>? configure = null, CancellationToken cancellationToken = default)
    {
        var options = OptionsOf(configure);
        var missing = OuterMachine.Local.Find(options, out var parts);
        if (parts is null)
        {
            throw new VirtualHostUnavailableException(missing);
        }

        try
        {
            return await StartOnceAsync(options, parts, cancellationToken).ConfigureAwait(false);
        }
        catch (VirtualHostException exception) when (exception.IsSoftLockup)
        {
            return await StartOnceAsync(options, parts, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Runs a program in the host as root and waits for its end.</summary>
    /// <param name="program">The program: a path, or a name on the host's PATH.</param>
    /// <param name="arguments">Its arguments. No shell reads them.</param>
    /// <returns>The exit code, the output and the errors. An exit code other than 0 is not an exception; <see cref="CommandResult.EnsureSuccess"/> makes it one.</returns>
    /// <exception cref="ArgumentException">The program is empty, or an argument is null or contains a NUL character.</exception>
    /// <exception cref="HostCommandException">The program exceeded <see cref="VirtualHostOptions.CommandTimeout"/> and was killed.</exception>
    /// <exception cref="VirtualHostException">The host has ended.</exception>
    /// <exception cref="ObjectDisposedException">The host was disposed.</exception>
    public Task<CommandResult> RunAsync(string program, params IEnumerable<string> arguments) => RunAsync(new HostCommand(program, arguments), CancellationToken.None);

    /// <summary>Runs a program in the host as root and waits for its end.</summary>
    /// <param name="command">The program, its arguments, directory, environment and maximum time.</param>
    /// <returns>The exit code, the output and the errors; see <see cref="RunAsync(string, IEnumerable{string})"/>.</returns>
    /// <exception cref="HostCommandException">The program exceeded its maximum time and was killed.</exception>
    /// <exception cref="VirtualHostException">The host has ended.</exception>
    /// <exception cref="ObjectDisposedException">The host was disposed.</exception>
    public Task<CommandResult> RunAsync(HostCommand command) => RunAsync(command, CancellationToken.None);

    /// <summary>Runs a program in the host as root and waits for its end.</summary>
    /// <param name="command">The program, its arguments, directory, environment and maximum time.</param>
    /// <param name="cancellationToken">Kills the program with its process group. The host takes further commands.</param>
    /// <returns>The exit code, the output and the errors. An exit code other than 0 is not an exception; <see cref="CommandResult.EnsureSuccess"/> makes it one.</returns>
    /// <exception cref="HostCommandException">The program exceeded its maximum time and was killed.</exception>
    /// <exception cref="VirtualHostException">The host has ended.</exception>
    /// <exception cref="ObjectDisposedException">The host was disposed.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    public async Task<CommandResult> RunAsync(HostCommand command, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(command);
        ObjectDisposedException.ThrowIf(_isDisposed != 0, this);
        await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return await RunNextAsync(command, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Ends the host at once, as if its power failed. What was written to <c>/out</c> is there.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) != 0)
        {
            return;
        }

        await _disposed.CancelAsync().ConfigureAwait(false);
        _qemu?.Kill();
        await Task.Run(() => _qemu?.Dispose()).ConfigureAwait(false);
        // The threads that read end with QEMU: until then, their pipes stay open.
        await Task.WhenAny(_everythingRead, Task.Delay(Grace)).ConfigureAwait(false);
        foreach (var resource in _resources)
        {
            resource.Dispose();
        }

        _disposed.Dispose();
    }

    private static VirtualHostOptions OptionsOf(Action<VirtualHostOptions>? configure)
    {
        var options = new VirtualHostOptions();
        configure?.Invoke(options);
        options.Validate();
        return options.Copy();
    }

    private static async Task<VirtualHost> StartOnceAsync(VirtualHostOptions options, HostParts parts, CancellationToken cancellationToken)
    {
        var host = new VirtualHost(options);
        try
        {
            await host.BootAsync(parts, cancellationToken).ConfigureAwait(false);
            return host;
        }
        catch
        {
            await host.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    private async Task BootAsync(HostParts parts, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        var files = await Task.Run(() => Prepare(parts), cancellationToken).ConfigureAwait(false);
        var (console, output, errors) = (Keep(new OutputPipe()), Keep(new OutputPipe()), Keep(new OutputPipe()));
        files = files with { Console = console.Path, Output = output.Path, Errors = errors.Path };
        _qemu = await QemuProcess.StartAsync(parts, QemuArguments.For(_options, files)).ConfigureAwait(false);
        var switchedOn = Stopwatch.GetTimestamp();
        _channel.Open(_qemu.Input);
        _everythingRead = Task.WhenAll(
            console.Read("console", _console.Append),
            output.Read("output", _channel.Output.Append),
            errors.Read("errors", _channel.Errors.Append),
            OutputPipe.Read(_qemu.Output, "answers", _channel.Answer),
            OutputPipe.Read(_qemu.Errors, "QEMU's errors", _qemuErrors.Append));

        using var limit = new CancellationTokenSource(_options.StartTimeout);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        var first = await Task.WhenAny(_channel.Ready, _qemu.Exited, Task.Delay(Timeout.Infinite, both.Token)).ConfigureAwait(false);
        // QEMU has opened its ends of the pipes, or never will.
        foreach (var pipe in (OutputPipe[])[console, output, errors])
        {
            pipe.CloseWriter();
        }

        _ = _qemu.Exited.ContinueWith(_ => _channel.Close(), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        cancellationToken.ThrowIfCancellationRequested();
        if (first == _qemu.Exited)
        {
            throw await EndedAsync("did not start").ConfigureAwait(false);
        }

        if (first != _channel.Ready)
        {
            throw TooSlow();
        }

        await PrepareInsideAsync(_options.StartTimeout - Stopwatch.GetElapsedTime(switchedOn), cancellationToken).ConfigureAwait(false);
        StartDuration = Stopwatch.GetElapsedTime(started);
    }

    private async Task PrepareInsideAsync(TimeSpan limit, CancellationToken cancellationToken)
    {
        var script = _options.Libvirt ? GuestScripts.Services : _options.LoadDrivers ? GuestScripts.Drivers : null;
        if (script is null)
        {
            return;
        }

        try
        {
            var command = new HostCommand("sh", "-c", script) { Timeout = limit > TimeSpan.Zero ? limit : TimeSpan.FromMilliseconds(1) };
            var result = await RunAsync(command, cancellationToken).ConfigureAwait(false);
            if (result.ExitCode != 0)
            {
                throw Failure(ResultText.With("The services of the virtual host did not start.", result.Output, result.Errors));
            }
        }
        catch (HostCommandException)
        {
            throw TooSlow();
        }
    }

    private QemuFiles Prepare(HostParts parts)
    {
        var kernel = KernelCache.Get(parts.Kernel, KernelCache.Directory, out var memory);
        if (memory is not null)
        {
            Keep(memory);
        }

        var initramfs = Keep(MemoryFile.Create("passthrough-initramfs"));
        using (var stream = initramfs.OpenWrite())
        {
            parts.WriteInitramfs(stream, _nonce);
        }

        var disk = Keep(MemoryFile.Create("passthrough-disk"));
        disk.SetLength(64 << 20);
        return new(kernel, initramfs.Path, disk.Path, "", "", "");
    }

    private async Task<CommandResult> RunNextAsync(HostCommand command, CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_isDisposed != 0, this);
        var started = Stopwatch.GetTimestamp();
        var timeout = command.Timeout ?? _options.CommandTimeout;
        using var limit = new CancellationTokenSource(timeout);
        using var any = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken, _end);
        var (number, answer) = _channel.Run(command);
        var how = await _channel.WaitAsync(number, answer, Grace, any.Token, _end).ConfigureAwait(false);
        if (how is CommandEnd.HostEnded or CommandEnd.NoAnswer)
        {
            ObjectDisposedException.ThrowIf(_isDisposed != 0, this);
            if (how == CommandEnd.HostEnded)
            {
                throw await EndedAsync("ended by itself").ConfigureAwait(false);
            }

            _qemu!.Kill();
            throw Failure($"The virtual host did not answer while it ran a command, and was ended: {command}");
        }

        var (code, output, errors) = await answer.ConfigureAwait(false);
        var result = new CommandResult(command.ToString(), code, output, errors, Stopwatch.GetElapsedTime(started));
        if (how == CommandEnd.ByItself)
        {
            return result;
        }

        cancellationToken.ThrowIfCancellationRequested();
        ObjectDisposedException.ThrowIf(_isDisposed != 0, this);
        throw new HostCommandException(string.Create(CultureInfo.InvariantCulture, $"A command did not end in the virtual host within {timeout.TotalSeconds:0.#} s and was killed: {command}"), result, isTimeout: true);
    }

    private async Task<VirtualHostException> EndedAsync(string what)
    {
        var code = await _qemu!.Exited.ConfigureAwait(false);
        await Task.WhenAny(_everythingRead, Task.Delay(Grace)).ConfigureAwait(false);
        var console = Console;
        return Failure(
            console.Contains("soft lockup", StringComparison.Ordinal) ? $"The virtual host {what}: its emulated processors waited for each other (a soft lockup), which happens occasionally, mostly on a busy machine. Start it again, with VirtualHostOptions.Processors = 1."
            : console.IndexOf("Kernel panic", StringComparison.Ordinal) is >= 0 and var panic ? $"The virtual host {what}: {console[panic..].Split('\n')[0].Trim()}"
            : code == 0 ? $"The virtual host {what}: it was switched off or reset from inside."
            : string.Create(CultureInfo.InvariantCulture, $"The virtual host {what}: QEMU ended with exit code {code}."));
    }

    private VirtualHostException TooSlow() => Failure(string.Create(
        CultureInfo.InvariantCulture,
        $"The virtual host did not take commands within {_options.StartTimeout.TotalSeconds:0.#} s; if this machine is busy, increase VirtualHostOptions.StartTimeout."));

    private VirtualHostException Failure(string message) => new(message, Console, _qemuErrors.ToString());

    private T Keep<T>(T resource)
        where T : IDisposable
    {
        _resources.Add(resource);
        return resource;
    }
}
