using System.Globalization;
using Microsoft.Extensions.Options;

namespace Passthrough.Sdk.Extensions;

/// <summary>Checks the options of each connection when the program starts.</summary>
internal sealed class LibvirtSourceOptionsValidator : IValidateOptions<LibvirtSourceOptions>
{
    public ValidateOptionsResult Validate(string? name, LibvirtSourceOptions options)
    {
        List<string> problems = [.. Problems(options).Select(problem => $"The libvirt connection '{name}': {nameof(LibvirtSourceOptions)}.{problem}.")];
        return problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);
    }

    private static IEnumerable<string> Problems(LibvirtSourceOptions options)
    {
        if (options.Uri is { } uri && (uri.Length == 0 || uri.Contains('\0', StringComparison.Ordinal) || !uri.Contains(':', StringComparison.Ordinal)))
        {
            yield return $"{nameof(options.Uri)} is '{uri}', which is not a URI of libvirt; give one such as qemu:///system or qemu+ssh://root@host/system, or null for libvirt's own choice";
        }

        if (options.FirstRetryDelay <= TimeSpan.Zero)
        {
            yield return $"{nameof(options.FirstRetryDelay)} is {Text(options.FirstRetryDelay)}, so that a daemon that is down would be asked without a pause; give a positive time, such as one second";
        }

        if (options.MaximumRetryDelay < options.FirstRetryDelay)
        {
            yield return $"{nameof(options.MaximumRetryDelay)} is {Text(options.MaximumRetryDelay)}, shorter than {nameof(options.FirstRetryDelay)} ({Text(options.FirstRetryDelay)}); make it at least as long";
        }

        if (options.MaximumRetryDelay > TimeSpan.FromDays(1))
        {
            yield return $"{nameof(options.MaximumRetryDelay)} is {Text(options.MaximumRetryDelay)}; give at most one day";
        }

        if (options.Open is null)
        {
            yield return $"{nameof(options.Open)} is null; leave it as it is, or set a function that opens a connection";
        }
    }

    private static string Text(TimeSpan time) => time.ToString("c", CultureInfo.InvariantCulture);
}
