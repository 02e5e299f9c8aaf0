using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Files;
using Passthrough.Sdk.Pci;
using Passthrough.Sdk.Plans;
using Passthrough.Sdk.Sysfs;

namespace Passthrough.Sdk.Drivers.Records;

/// <summary>
/// The records of assigned devices, a file for each device and domain in the directory <c>assigned</c> of the journal. A record is valid in the boot in
/// which it was made and for the device of which it was made; other records are ignored.
/// </summary>
/// <remarks>Records are written only while the journal is locked. Thread safety: none.</remarks>
internal sealed class BindingRecords(string journalDirectory, ISysfs sysfs)
{
    private const string Folder = "assigned";
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly HostMarks _marks = new(sysfs);

    /// <inheritdoc cref="HostMarks.BootId"/>
    public string BootId => _marks.BootId;

    /// <inheritdoc cref="HostMarks.IsOfThisBoot"/>
    public bool? IsOfThisBoot(string? then) => _marks.IsOfThisBoot(then);

    /// <inheritdoc cref="HostMarks.IdentityOf"/>
    public string IdentityOf(PciAddress device) => _marks.IdentityOf(device);

    /// <summary>Finds the valid record for a device of a domain; null for none.</summary>
    public BindingRecord? Find(PciAddress device, string domain) =>
        FindHint(device, domain) is { BootId.Length: > 0 } record && record.BootId == BootId ? record : null;

    /// <summary>Finds the record of the same device from any boot: it shows that the device was assigned, but not its current driver.</summary>
    public BindingRecord? FindHint(PciAddress device, string domain) =>
        Read(device, domain) is { } record && record.Identity == IdentityOf(device) && !IsStale(record) ? record : null;

    /// <summary>
    /// Marks the record of a device as one that a release is about to use up. From the moment when the entry of that release is removed from the
    /// journal, the record is not valid any longer, even if the program ends before it can remove the record.
    /// </summary>
    /// <exception cref="PassthroughException">The record cannot be written.</exception>
    public void MarkReleased(PciAddress device, string domain, string entry) => Mark(device, domain, record => record with { ReleasedBy = entry });

    /// <summary>Takes the mark away, because the release is undone.</summary>
    /// <exception cref="PassthroughException">The record cannot be written.</exception>
    public void MarkKept(PciAddress device, string domain, string entry) =>
        Mark(device, domain, record => record.ReleasedBy == entry ? record with { ReleasedBy = null } : record);

    /// <summary>Marks the device of a record as one that a later plan for the same domain takes from its driver itself.</summary>
    /// <exception cref="PassthroughException">The record cannot be written.</exception>
    public void MarkTaken(PciAddress device, string domain, string entry) =>
        Mark(device, domain, record => record.IsTakenByPlan ? record : record with { IsTakenByPlan = true, TakenBy = entry });

    /// <summary>Takes that mark away, because the later plan is undone.</summary>
    /// <exception cref="PassthroughException">The record cannot be written.</exception>
    public void MarkNotTaken(PciAddress device, string domain, string entry) =>
        Mark(device, domain, record => record.TakenBy == entry ? record with { IsTakenByPlan = false, TakenBy = null } : record);

    /// <summary>Removes records that a release has used up. One that cannot be removed is ignored all the same.</summary>
    public void RemoveStale()
    {
        var directory = Path.Combine(journalDirectory, Folder);
        foreach (var path in Directory.Exists(directory) ? Directory.EnumerateFiles(directory, "*.json") : [])
        {
            if (ReadFile(path) is { } record && IsStale(record))
            {
                _ = FileCalls.Unlink(path);
            }
        }
    }

    /// <summary>Records the current driver of a device.</summary>
    /// <exception cref="PassthroughException">It cannot be written.</exception>
    public void Keep(PciAddress device, string domain, string entry, HostBinding binding, bool isTakenByPlan)
    {
        Write(new BindingRecord
        {
            Address = device,
            Identity = IdentityOf(device),
            BootId = BootId,
            Domain = domain,
            Entry = entry,
            Binding = binding,
            IsTakenByPlan = isTakenByPlan,
        });
    }

    private void Mark(PciAddress device, string domain, Func<BindingRecord, BindingRecord> change)
    {
        if (Read(device, domain) is { } record && record.Identity == IdentityOf(device) && change(record) is var marked && marked != record)
        {
            Write(marked);
        }
    }

    private void Write(BindingRecord record)
    {
        var path = PathOf(record.Address, record.Domain);
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!, OwnerOnly | UnixFileMode.UserExecute);
            AtomicFile.Write(path, path, JsonSerializer.SerializeToUtf8Bytes(record, BindingRecordJson.Default.BindingRecord), (uint)OwnerOnly);
        }
        catch (Exception e) when (e is HostFileException or IOException or UnauthorizedAccessException)
        {
            throw NotRecorded(record.Address, e);
        }
    }

    /// <summary>The exception for a record that was not written, or that a power failure may take away.</summary>
    internal static PassthroughException NotRecorded(PciAddress device, Exception cause) => new(
        cause is HostFileException { IsChanged: true }
            ? $"the record of the driver of {device} may not survive a power failure: {cause.Message} Without a record that does, {device} is not changed."
            : $"cannot record the driver of {device}: {cause.Message} Without this record, {device} is not changed.",
        cause);

    /// <summary>The exception for a record that was not removed, or that a power failure may bring back.</summary>
    internal static PassthroughException NotRemoved(string path, HostFileException cause) => new(
        cause.IsChanged
            ? $"the record {path} is removed, but may be there again after a power failure: {cause.Message} Remove it by hand in that case."
            : $"cannot remove the record {path}: {cause.Message} Remove it by hand.",
        cause);

    /// <summary>Removes the record of a device of a domain if this entry wrote it.</summary>
    /// <exception cref="PassthroughException">The record cannot be removed.</exception>
    public void ForgetOf(PciAddress device, string domain, string entry)
    {
        if (Read(device, domain)?.Entry == entry)
        {
            Forget(device, domain);
        }
    }

    /// <summary>Removes the record of a device of a domain if this entry, which returned the device, marked it.</summary>
    /// <exception cref="PassthroughException">The record cannot be removed.</exception>
    public void ForgetReleased(PciAddress device, string domain, string entry)
    {
        if (Read(device, domain)?.ReleasedBy == entry)
        {
            Forget(device, domain);
        }
    }

    /// <summary>Removes the record of a device of a domain.</summary>
    /// <exception cref="PassthroughException">The record cannot be removed.</exception>
    public void Forget(PciAddress device, string domain)
    {
        var path = PathOf(device, domain);
        try
        {
            AtomicFile.Delete(path, path);
        }
        catch (HostFileException e)
        {
            throw NotRemoved(path, e);
        }
    }

    private BindingRecord? Read(PciAddress device, string domain) =>
        ReadFile(PathOf(device, domain)) is { } record && record.Domain == domain ? record : null;

    private static BindingRecord? ReadFile(string path)
    {
        try
        {
            using var file = File.OpenRead(path);
            return JsonSerializer.Deserialize(file, BindingRecordJson.Default.BindingRecord);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            return null; // none, or none that says anything
        }
    }

    // The release that used it up is done, because its entry is gone: a program that ended at that moment could not remove the record.
    private bool IsStale(BindingRecord record) => record.ReleasedBy is { } entry && !Path.Exists(Path.Combine(journalDirectory, entry + ".json"));

    // Two domains can list one device. A domain's name may be longer than a file's, and holds any character: its hash stands for it.
    private string PathOf(PciAddress device, string domain) => Path.Combine(
        journalDirectory, Folder, $"{device}.{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(domain)))[..16]}.json");
}
