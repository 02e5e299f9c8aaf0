using System.CommandLine;
using Passthrough.Sdk;
using Passthrough.Sdk.Libvirt;

namespace Passthrough.Cli.Verbs;

/// <summary><c>passthrough recover</c>: takes back what a crash left half done.</summary>
internal static class RecoverVerb
{
    public static Command Create()
    {
        var command = new Command("recover", "Take back what a crash left half done");
        command.SetAction(async (_, _) =>
        {
            var recovered = await PassthroughHost.Local().RecoverAsync(uri => LibvirtConnection.Open(uri)).ConfigureAwait(false);
            foreach (var plan in recovered)
            {
                Console.WriteLine($"{string.Join(", ", plan.Devices)} for {plan.Domain}: {(plan.NotUndone.IsEmpty ? "taken back" : "not all taken back")}");
                foreach (var step in plan.NotUndone)
                {
                    Console.WriteLine($"  left: {step}");
                }
            }

            return recovered.All(plan => plan.NotUndone.IsEmpty) ? ExitCode.Yes : ExitCode.Failed;
        });
        return command;
    }
}
