namespace Passthrough.Sdk.Testing;

/// <summary>What a virtual host is made of.</summary>
/// <param name="Qemu">The program that emulates it.</param>
/// <param name="Leash">setpriv, which lets the kernel kill QEMU when its parent dies.</param>
/// <param name="Busybox">The programs of the first root.</param>
/// <param name="Kernel">Its kernel.</param>
/// <param name="Modules">The files of the modules of the first root, in the order in which they can be loaded.</param>
internal sealed record HostParts(string Qemu, string Leash, string Busybox, KernelImage Kernel, IReadOnlyList<string> Modules)
{
    /// <summary>Writes the first root.</summary>
    /// <param name="target">Where.</param>
    /// <param name="nonce">See <see cref="GuestScripts.Agent"/>.</param>
    public void WriteInitramfs(Stream target, string nonce)
    {
        var archive = new CpioArchive(target);
        foreach (var directory in (string[])["bin", "modules", "proc", "sys", "dev", "new"])
        {
            archive.AddDirectory(directory);
        }

        archive.AddFile("init", System.Text.Encoding.UTF8.GetBytes(GuestScripts.Init));
        archive.AddFile("agent", System.Text.Encoding.UTF8.GetBytes(GuestScripts.Agent(nonce)));
        using (var busybox = new FileStream(Busybox, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete))
        {
            var content = new byte[busybox.Length];
            busybox.ReadExactly(content);
            archive.AddFile("bin/busybox", content);
        }

        var number = 0;
        foreach (var file in Modules)
        {
            var name = Path.GetFileName(file);
            archive.AddFile(
                $"modules/{number++:00}-{name[..(name.IndexOf(".ko", StringComparison.Ordinal) + ".ko".Length)]}",
                KernelModules.Load(file));
        }

        archive.Complete();
    }
}
