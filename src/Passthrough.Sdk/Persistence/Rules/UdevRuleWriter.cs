using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Passthrough.Sdk.Pci;

namespace Passthrough.Sdk.Persistence.Rules;

/// <summary>Writes rule files of udev. The text depends on the model only, and only udev, sh, od and find are needed to carry it out.</summary>
/// <remarks>
/// man udev(7); systemd's src/udev/udev-rules.c and udev-event.c: <c>$$</c> stands for a dollar sign in RUN and PROGRAM, and a command
/// has less than 1024 characters. All values are checked by <see cref="PersistentValues"/>: none contains a quote, a blank or a wildcard.
/// </remarks>
internal static class UdevRuleWriter
{
    /// <summary>The longest command that every udev runs whole (UDEV_PATH_SIZE, 1024 with the final zero).</summary>
    public const int MostCommandLength = 1023;

    private const string End = "passthrough_end";
    private const string Same = "passthrough_same_device";

    /// <summary>Returns the file that binds a function at boot.</summary>
    /// <exception cref="PersistenceException">A value of the model is not valid.</exception>
    public static string Write(PersistentBinding binding)
    {
        Checked(binding.Device, () => PersistentValues.Check(binding));
        var address = binding.Device.Address;
        var text = new StringBuilder();
        Head(text, $"Binds {address} to {binding.Driver} at boot, if it is still the same device in the same place.");
        Select(text, "add", binding.Device, UdevRuleFile.PathOfBinding(address));
        text.Append(CultureInfo.InvariantCulture, $"ATTR{{driver_override}}=\"{binding.Driver}\"\n");
        text.Append(CultureInfo.InvariantCulture, $"RUN{{builtin}}+=\"kmod load {binding.Driver}\"\n");
        text.Append("# The driver that the initramfs bound is unbound first, unless the host uses the device by now.\n");
        text.Append(CultureInfo.InvariantCulture, $"RUN+=\"/bin/sh -c '{Take(binding)}'\"\n");
        Tail(text);
        return RuleHeader.Seal(text.ToString(), JsonSerializer.Serialize(PersistentDocumentReader.Of(binding), PersistentDocumentJson.OneLine.PersistentDocument));
    }

    /// <summary>Returns the file that creates virtual functions at boot.</summary>
    /// <exception cref="PersistenceException">A value of the model is not valid.</exception>
    public static string Write(PersistentVirtualFunctions functions)
    {
        Checked(functions.Device, () => PersistentValues.Check(functions));
        var address = functions.Device.Address;
        var text = new StringBuilder();
        Head(text, string.Create(CultureInfo.InvariantCulture, $"Creates {functions.Count} virtual functions of {address} when its driver has bound, if it is still the same device in the same place."));

        // A driver from the initramfs has bound before udev sees the device; any other is announced by "bind".
        Select(text, "add|bind", functions.Device, UdevRuleFile.PathOfVirtualFunctions(address), "DRIVER!=\"?*\"", $"DRIVER==\"{PersistentBinding.DefaultDriver}\"");
        text.Append(CultureInfo.InvariantCulture, $"ATTR{{sriov_numvfs}}==\"0\", ATTR{{sriov_drivers_autoprobe}}=\"{(functions.ProbesDrivers ? 1 : 0)}\", ATTR{{sriov_numvfs}}=\"{functions.Count}\"\n");
        Tail(text);
        return RuleHeader.Seal(text.ToString(), JsonSerializer.Serialize(PersistentDocumentReader.Of(functions), PersistentDocumentJson.OneLine.PersistentDocument));
    }

    /// <summary>Returns whether a rule leaves every function of this class to the driver that has it when udev reads the rule: a disk controller, a display.</summary>
    public static bool LeavesToDriver(PciClassCode? code) => code is { IsStorage: true } or { IsDisplay: true };

    private static void Checked(PersistentIdentity device, Action check)
    {
        try
        {
            check();
        }
        catch (FormatException e)
        {
            throw new PersistenceException($"{device.Address} cannot be configured for every boot: {e.Message}.", e);
        }
    }

    private static void Head(StringBuilder text, string purpose) => text.Append(CultureInfo.InvariantCulture, $"# {purpose}\n");

    private static void Tail(StringBuilder text) => text.Append(CultureInfo.InvariantCulture, $"\nLABEL=\"{End}\"\n");

    private static void Select(StringBuilder text, string actions, PersistentIdentity device, string file, params ReadOnlySpan<string> leave)
    {
        text.Append(CultureInfo.InvariantCulture, $"\nACTION!=\"{actions}\", GOTO=\"{End}\"\n");
        text.Append(CultureInfo.InvariantCulture, $"SUBSYSTEM!=\"pci\", GOTO=\"{End}\"\n");
        text.Append(CultureInfo.InvariantCulture, $"KERNEL!=\"{device.Address}\", GOTO=\"{End}\"\n");
        foreach (var condition in leave)
        {
            text.Append(CultureInfo.InvariantCulture, $"{condition}, GOTO=\"{End}\"\n");
        }

        text.Append(CultureInfo.InvariantCulture, $"\n{Match(device)}, GOTO=\"{Same}\"\n");
        text.Append(CultureInfo.InvariantCulture, $"RUN+=\"/bin/sh -c 'echo passthrough: {device.Address} is not the device that {file} names, so it is left alone >/dev/kmsg'\", GOTO=\"{End}\"\n");
        text.Append(CultureInfo.InvariantCulture, $"\nLABEL=\"{Same}\"\n");
    }

    private static string Match(PersistentIdentity device)
    {
        var identity = device.Identity;
        var keys = new List<string>
        {
            $"DEVPATH==\"*/{device.Path}\"",
            $"ATTR{{vendor}}==\"0x{identity.VendorId:x4}\"",
            $"ATTR{{device}}==\"0x{identity.DeviceId:x4}\"",
        };
        if (identity is { SubsystemVendorId: { } vendor, SubsystemDeviceId: { } subsystem })
        {
            keys.Add($"ATTR{{subsystem_vendor}}==\"0x{vendor:x4}\"");
            keys.Add($"ATTR{{subsystem_device}}==\"0x{subsystem:x4}\"");
        }

        if (identity.ClassCode is { } code)
        {
            keys.Add($"ATTR{{class}}==\"0x{code}\"");
        }

        if (identity.SerialNumber is { } serial && device.SerialNumberOffset is { } offset)
        {
            // Twelve bytes from the capability's beginning: its id, version and next pointer, and the serial number, low byte first.
            Span<byte> little = stackalloc byte[sizeof(ulong)];
            BinaryPrimitives.WriteUInt64LittleEndian(little, serial);
            var bytes = Convert.ToHexStringLower(little).Chunk(2).Select(digits => new string(digits));
            keys.Add(string.Create(CultureInfo.InvariantCulture, $"PROGRAM==\"/bin/sh -c 'od -An -v -tx1 -j{offset} -N12 /sys%p/config'\", RESULT==\"*03 00 ?? ?? {string.Join(' ', bytes)}\""));
        }

        return string.Join(", ", keys);
    }

    // What holds a disk or shows the console is never taken from a driver that has it; nor is what turned out to be in use. An interface can be
    // deeper below the function than net/NAME: at a virtio device (virtio0/net/NAME), or at a USB controller.
    private static string Take(PersistentBinding binding)
    {
        var address = binding.Device.Address;
        var used = LeavesToDriver(binding.Device.Identity.ClassCode)
            ? "b=its_class"
            : "for f in $$(find $$d/ -name flags); do case $$f in */net/*/flags) read v <$$f && [ $$((v & 1)) = 1 ] && b=$$f;; esac; done; b=$$b$$(find $$d/ -name block -type d | head -n 1)";
        return $"d=/sys/bus/pci/devices/{address}; n=$$(readlink $$d/driver); n=$${{n##*/}}; b=; "
            + $"case $$n in {binding.Driver}) exit;; ?*) {used}; "
            + $"[ $$b ] && {{ echo passthrough: {address} stays with the driver $$n because of $$b >/dev/kmsg; exit; }}; "
            + "echo "
            + $"{address} >$$d/driver/unbind;; esac; echo {address} >/sys/bus/pci/drivers_probe";
    }
}
