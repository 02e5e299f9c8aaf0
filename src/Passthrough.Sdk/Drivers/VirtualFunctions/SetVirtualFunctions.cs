using System.Globalization;
using Passthrough.Sdk.Pci;
using Passthrough.Sdk.Plans;

namespace Passthrough.Sdk.Drivers;

/// <summary>The step of a plan for virtual functions: writes one number, and verifies that the functions exist.</summary>
/// <remarks>It is undone together with its plan (<see cref="VirtualFunctionUndo"/>), because the kernel changes the number only from and to 0.</remarks>
internal static class SetVirtualFunctions
{
    /// <summary>Describes the step.</summary>
    /// <param name="number">The step's number.</param>
    /// <param name="function">The physical function.</param>
    /// <param name="before">The number of virtual functions before the plan.</param>
    /// <param name="value">The number after the step.</param>
    public static PlanStep Describe(int number, PciAddress function, int before, int value) => new(
        number,
        PlanStepKind.SetVirtualFunctions,
        function,
        value == 0
            ? string.Create(CultureInfo.InvariantCulture, $"remove the {before} virtual functions of {function}")
            : string.Create(CultureInfo.InvariantCulture, $"create {value} virtual functions of {function}"),
        before == 0 ? "remove them" : string.Create(CultureInfo.InvariantCulture, $"create its previous {before} virtual functions again"),
        string.Create(CultureInfo.InvariantCulture, $"echo {value} > /sys/bus/pci/devices/{function}/sriov_numvfs"));

    /// <summary>Does the step and verifies its result.</summary>
    public static Task ApplyAsync(VirtualFunctionWriter writer, PciAddress function, int value, PlanOptions options, CancellationToken cancellationToken) =>
        writer.SetAsync(function, value, options.VirtualFunctionTimeout, cancellationToken);
}
