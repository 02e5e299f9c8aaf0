namespace Passthrough.Sdk.Tests.Boot;

/// <summary>Settings files of GRUB as people and tools write them, each written for these tests.</summary>
internal static class GrubCorpus
{
    private const string Parameter = "intel_iommu=on";

    /// <summary>Files that can be edited with certainty, with the drop-ins that come behind them.</summary>
    public static readonly Dictionary<string, string[]> Certain = new()
    {
        ["plain"] = ["GRUB_DEFAULT=0\nGRUB_CMDLINE_LINUX_DEFAULT=\"quiet splash\"\nGRUB_CMDLINE_LINUX=\"\"\n"],
        ["single quotes"] = ["GRUB_CMDLINE_LINUX_DEFAULT='quiet splash'\n"],
        ["no quotes"] = ["GRUB_CMDLINE_LINUX_DEFAULT=quiet\n"],
        ["no value"] = ["GRUB_CMDLINE_LINUX_DEFAULT=\n"],
        ["empty quotes"] = ["GRUB_CMDLINE_LINUX_DEFAULT=\"\"\n"],
        ["empty single quotes"] = ["GRUB_CMDLINE_LINUX_DEFAULT=''\n"],
        ["no final newline"] = ["GRUB_TIMEOUT=1\nGRUB_CMDLINE_LINUX_DEFAULT=\"quiet\""],
        ["no final newline, no quotes"] = ["GRUB_CMDLINE_LINUX_DEFAULT=quiet"],
        ["continuation in quotes"] = ["GRUB_CMDLINE_LINUX_DEFAULT=\"quiet \\\n  splash \\\n  nomodeset\"\n"],
        ["continuation before the quote"] = ["GRUB_CMDLINE_LINUX_DEFAULT=\\\n\"quiet\"\n"],
        ["continuation at the end"] = ["GRUB_CMDLINE_LINUX_DEFAULT=\"quiet\" \\\n\nGRUB_TIMEOUT=1\n"],
        ["concatenated quotes"] = ["GRUB_CMDLINE_LINUX_DEFAULT='quiet '\"splash \"nosmt\n"],
        ["escaped blank"] = ["GRUB_CMDLINE_LINUX_DEFAULT=quiet\\ splash\n"],
        ["escaped quotes inside"] = ["GRUB_CMDLINE_LINUX_DEFAULT=\"quiet dyndbg=\\\"file a.c +p\\\"\"\n"],
        ["double quotes inside single"] = ["GRUB_CMDLINE_LINUX_DEFAULT='quiet dyndbg=\"file a.c +p\"'\n"],
        ["escaped dollar"] = ["GRUB_CMDLINE_LINUX_DEFAULT=\"memmap=64M\\$0x1000 quiet\"\n"],
        ["trailing comment"] = ["GRUB_CMDLINE_LINUX_DEFAULT=\"quiet\" # splash\n"],
        ["a hash inside"] = ["GRUB_CMDLINE_LINUX_DEFAULT=\"a#b quiet\"\n"],
        ["commented twin"] = ["#GRUB_CMDLINE_LINUX_DEFAULT=\"old\"\nGRUB_CMDLINE_LINUX_DEFAULT=\"quiet\"\n# GRUB_CMDLINE_LINUX_DEFAULT=\"new\"\n"],
        ["export"] = ["export GRUB_CMDLINE_LINUX_DEFAULT=\"quiet splash\"\n"],
        ["export afterwards"] = ["GRUB_CMDLINE_LINUX_DEFAULT=\"quiet\"\nexport GRUB_CMDLINE_LINUX_DEFAULT\n"],
        ["indented"] = ["\t GRUB_CMDLINE_LINUX_DEFAULT=\"quiet\"\n"],
        ["two on a line"] = ["GRUB_TIMEOUT=1; GRUB_CMDLINE_LINUX_DEFAULT=\"quiet\"; GRUB_DEFAULT=0\n"],
        ["assigned twice"] = ["GRUB_CMDLINE_LINUX_DEFAULT=\"old\"\nGRUB_CMDLINE_LINUX_DEFAULT=\"quiet\"\n"],
        ["self reference"] = ["GRUB_CMDLINE_LINUX_DEFAULT=\"quiet\"\nGRUB_CMDLINE_LINUX_DEFAULT=\"$GRUB_CMDLINE_LINUX_DEFAULT splash\"\n"],
        ["self reference in front"] = ["GRUB_CMDLINE_LINUX_DEFAULT=\"quiet\"\nGRUB_CMDLINE_LINUX_DEFAULT=\"splash ${GRUB_CMDLINE_LINUX_DEFAULT}\"\n"],
        ["another variable"] = ["CONSOLE=\"console=tty0 console=ttyS0,115200\"\nGRUB_CMDLINE_LINUX_DEFAULT=\"quiet $CONSOLE\"\n"],
        ["only a variable"] = ["LINE='quiet splash'\nGRUB_CMDLINE_LINUX_DEFAULT=$LINE\n"],
        ["only the other key"] = ["GRUB_CMDLINE_LINUX=\"rhgb quiet\"\n"],
        ["neither key"] = ["GRUB_TIMEOUT=1\n"],
        ["neither key, no final newline"] = ["GRUB_TIMEOUT=1"],
        ["empty file"] = [""],
        ["only comments"] = ["# nothing here\n"],
        ["command substitution elsewhere"] = ["GRUB_DISTRIBUTOR=`lsb_release -i -s 2> /dev/null || echo Debian`\nGRUB_CMDLINE_LINUX_DEFAULT=\"quiet\"\n"],
        ["condition elsewhere"] = ["if [ -f /etc/theme ]; then\n  GRUB_THEME=/etc/theme\nfi\nGRUB_CMDLINE_LINUX_DEFAULT=\"quiet\"\n"],
        ["condition before"] = ["if [ -f /etc/x ]; then GRUB_CMDLINE_LINUX_DEFAULT=\"a\"; fi\nGRUB_CMDLINE_LINUX_DEFAULT=\"quiet\"\n"],
        ["function never called"] = ["set_line() { GRUB_CMDLINE_LINUX_DEFAULT=x; }\nGRUB_CMDLINE_LINUX_DEFAULT=\"quiet\"\n"],
        ["tabs between"] = ["GRUB_CMDLINE_LINUX_DEFAULT=\"quiet\tsplash\"\n"],
        ["blanks at the ends"] = ["GRUB_CMDLINE_LINUX_DEFAULT=\"  quiet  splash  \"\n"],
        ["line break inside a comment"] = ["# it's \"odd\n GRUB_CMDLINE_LINUX_DEFAULT=\"quiet\"\n"],
        ["for init"] = ["GRUB_CMDLINE_LINUX_DEFAULT=\"quiet -- single\"\n"],
        ["bytes that are no UTF-8"] = ["# caf\u00e9\nGRUB_CMDLINE_LINUX_DEFAULT=\"quiet\"\n"],
        ["drop-in overrides"] = ["GRUB_CMDLINE_LINUX_DEFAULT=\"quiet\"\n", "GRUB_CMDLINE_LINUX_DEFAULT=\"console=ttyS0\"\n"],
        ["drop-in adds"] = ["GRUB_CMDLINE_LINUX_DEFAULT=\"quiet\"\n", "GRUB_CMDLINE_LINUX_DEFAULT=\"$GRUB_CMDLINE_LINUX_DEFAULT console=ttyS0\"\n"],
        ["drop-ins add and override"] = ["GRUB_CMDLINE_LINUX_DEFAULT=\"quiet\"\n", "GRUB_CMDLINE_LINUX_DEFAULT='only'\n", "GRUB_CMDLINE_LINUX_DEFAULT=\"${GRUB_CMDLINE_LINUX_DEFAULT} more\"\n"],
        ["a byte order mark before a comment"] = ["\u00ef\u00bb\u00bf# GRUB\nGRUB_CMDLINE_LINUX_DEFAULT=\"quiet\"\n"],
        ["other lines than those of a normal entry"] = ["GRUB_CMDLINE_LINUX_RECOVERY=\"single\"\nGRUB_CMDLINE_XEN=\"dom0_mem=2G\"\nGRUB_CMDLINE_LINUX_XEN_REPLACE_DEFAULT=\"a\"\nGRUB_CMDLINE_LINUX_DEFAULT=\"quiet\"\n"],
        ["a key that begins alike"] = ["GRUB_CMDLINE_LINUX_DEFAULT_OLD=\"x\"\nXGRUB_CMDLINE_LINUX=\"y\"\nGRUB_CMDLINE_LINUX_DEFAULT=\"quiet\"\n"],
        ["sourced before, assigned after"] = ["[ ! -e /nowhere ] || . /nowhere\nGRUB_CMDLINE_LINUX=\"\"\nGRUB_CMDLINE_LINUX_DEFAULT=\"quiet\"\n"],
        ["a very long line"] = [$"GRUB_CMDLINE_LINUX_DEFAULT=\"{string.Join(' ', Enumerable.Range(0, 800).Select(i => $"a.b{i}=c"))}\"\n"],
        ["tabs and blanks behind"] = ["GRUB_CMDLINE_LINUX_DEFAULT=\"quiet\" \t \n\tGRUB_TIMEOUT=1\t\n"],
        ["quotes around the name of a path"] = ["GRUB_CMDLINE_LINUX_DEFAULT=\"quiet root='x'\"\n"],
        ["a semicolon behind"] = ["GRUB_CMDLINE_LINUX_DEFAULT=\"quiet\";\n"],
        ["an unset before"] = ["unset GRUB_CMDLINE_LINUX_DEFAULT\nGRUB_CMDLINE_LINUX_DEFAULT=\"quiet\"\n"],
        ["a line that ends in a backslash within single quotes"] = ["GRUB_CMDLINE_LINUX_DEFAULT='quiet a\\b'\n"],
        ["the last line ends in a backslash"] = ["GRUB_TIMEOUT=1\ntrue \\\n"],
        ["switched off"] = ["GRUB_CMDLINE_LINUX_DEFAULT=\"quiet intel_iommu=off splash\"\n"],
        ["switched off with other words"] = ["GRUB_CMDLINE_LINUX_DEFAULT='intel_iommu=off,strict quiet'\n"],
        ["switched off across quotes"] = ["GRUB_CMDLINE_LINUX_DEFAULT=\"quiet intel_\"'iommu=off'\n"],
        ["switched off by a variable"] = ["X=\"intel_iommu=off\"\nGRUB_CMDLINE_LINUX_DEFAULT=\"quiet $X\"\n"],
        ["switched off in the other key"] = ["GRUB_CMDLINE_LINUX=\"intel_iommu=off\"\nGRUB_CMDLINE_LINUX_DEFAULT=\"quiet\"\n"],
    };

    /// <summary>Files where a line stands in the way, and that line's number.</summary>
    public static readonly Dictionary<string, (int Line, string[] Files)> Refused = new()
    {
        ["plus equals"] = (2, ["GRUB_CMDLINE_LINUX_DEFAULT=\"quiet\"\nGRUB_CMDLINE_LINUX_DEFAULT+=\" splash\"\n"]),
        ["a command's output"] = (1, ["GRUB_CMDLINE_LINUX_DEFAULT=\"quiet $(cat /etc/more)\"\n"]),
        ["a condition"] = (2, ["GRUB_CMDLINE_LINUX_DEFAULT=quiet\nif grep -q x /proc/cpuinfo; then\n  GRUB_CMDLINE_LINUX_DEFAULT=\"quiet x\"\nfi\n"]),
        ["a condition in one line"] = (2, ["GRUB_CMDLINE_LINUX_DEFAULT=quiet\n[ -e /x ] && GRUB_CMDLINE_LINUX_DEFAULT=no\n"]),
        ["a condition that goes on in the next line"] = (2, ["GRUB_CMDLINE_LINUX_DEFAULT=quiet\n[ -e /x ] &&\n  GRUB_CMDLINE_LINUX_DEFAULT=no\n"]),
        ["a syntax error"] = (2, ["GRUB_CMDLINE_LINUX_DEFAULT=quiet\nif [ -e /x ]; fi\n"]),
        ["a sourced file"] = (2, ["GRUB_CMDLINE_LINUX_DEFAULT=quiet\n. /etc/default/grub.local\n"]),
        ["a function"] = (3, ["add() { GRUB_CMDLINE_LINUX_DEFAULT=\"$GRUB_CMDLINE_LINUX_DEFAULT $1\"; }\nGRUB_CMDLINE_LINUX_DEFAULT=quiet\nadd splash\n"]),
        ["an early end"] = (2, ["GRUB_CMDLINE_LINUX_DEFAULT=quiet\nreturn 0\nGRUB_CMDLINE_LINUX_DEFAULT=later\n"]),
        ["an open quote"] = (2, ["GRUB_TIMEOUT=1\nGRUB_CMDLINE_LINUX_DEFAULT=\"quiet\n"]),
        ["carriage returns"] = (2, ["GRUB_TIMEOUT=1\r\nGRUB_CMDLINE_LINUX_DEFAULT=\"quiet splash\"\r\n"]),
        ["a variable from nowhere"] = (1, ["GRUB_CMDLINE_LINUX_DEFAULT=\"quiet $EXTRA\"\n"]),
        ["a default"] = (1, ["GRUB_CMDLINE_LINUX_DEFAULT=\"${EXTRA:-quiet}\"\n"]),
        ["eval"] = (2, ["GRUB_CMDLINE_LINUX_DEFAULT=quiet\neval \"$CODE\"\n"]),
        ["a drop-in that computes"] = (1, ["GRUB_CMDLINE_LINUX_DEFAULT=quiet\n", "GRUB_CMDLINE_LINUX_DEFAULT=\"$(echo x)\"\n"]),
        ["an open quote of the kernel's"] = (1, ["GRUB_CMDLINE_LINUX_DEFAULT='quiet dyndbg=\"file'\n"]),
        ["bash's own quotes"] = (1, ["GRUB_CMDLINE_LINUX_DEFAULT=$'quiet'\n"]),
        ["a loop"] = (2, ["GRUB_CMDLINE_LINUX_DEFAULT=quiet\nfor p in a b; do GRUB_CMDLINE_LINUX_DEFAULT=\"$GRUB_CMDLINE_LINUX_DEFAULT $p\"; done\n"]),
        ["a here-document"] = (2, ["GRUB_CMDLINE_LINUX_DEFAULT=quiet\nread GRUB_CMDLINE_LINUX_DEFAULT <<E\nx\nE\n"]),
        ["readonly"] = (1, ["readonly GRUB_CMDLINE_LINUX_DEFAULT=quiet\n"]),
        ["a pipe"] = (2, ["GRUB_CMDLINE_LINUX_DEFAULT=quiet\necho x | read GRUB_CMDLINE_LINUX_DEFAULT\n"]),
        ["declare"] = (1, ["declare GRUB_CMDLINE_LINUX_DEFAULT=\"quiet\"\n"]),
        ["a here-document elsewhere"] = (2, ["GRUB_CMDLINE_LINUX_DEFAULT=\"quiet\"\n: <<E\nGRUB_CMDLINE_LINUX_DEFAULT=\"no\"\nE\n"]),
        ["a byte order mark before the key"] = (2, ["\u00ef\u00bb\u00bfGRUB_CMDLINE_LINUX_DEFAULT=\"quiet\"\nGRUB_CMDLINE_LINUX_DEFAULT=\"$GRUB_CMDLINE_LINUX_DEFAULT $X\"\n"]),
        ["arithmetic"] = (1, ["GRUB_CMDLINE_LINUX_DEFAULT=\"hugepages=$((2 * 512))\"\n"]),
        ["a pattern cut off"] = (2, ["A=quietx\nGRUB_CMDLINE_LINUX_DEFAULT=\"${A%x}\"\n"]),
        ["a case"] = (2, ["GRUB_CMDLINE_LINUX_DEFAULT=quiet\ncase $(uname -m) in x86_64) GRUB_CMDLINE_LINUX_DEFAULT=x;; esac\n"]),
        ["bash's source"] = (2, ["GRUB_CMDLINE_LINUX_DEFAULT=quiet\nsource ./more\n"]),
        ["backquotes"] = (1, ["GRUB_CMDLINE_LINUX_DEFAULT=\"quiet `echo x`\"\n"]),
        ["an array"] = (1, ["GRUB_CMDLINE_LINUX_DEFAULT=(quiet splash)\n"]),
    };

    public static BootTree Tree(string[] files)
    {
        var tree = new BootTree().With("/etc/os-release", "ID=debian\n").With("/etc/default/grub", files[0]);
        for (var i = 1; i < files.Length; i++)
        {
            tree.With($"/etc/default/grub.d/{i}0-x.cfg", files[i]);
        }

        return tree;
    }

    /// <summary>The command line as a shell sees it, both variables; null when the shell failed.</summary>
    public static string? CommandLine(BootTree tree, string[] files, string shell)
    {
        var script = string.Concat(Enumerable.Range(0, files.Length).Select(i => tree[i == 0 ? "/etc/default/grub" : $"/etc/default/grub.d/{i}0-x.cfg"] + "\n"));
        var values = ShellOracle.Run(shell, [script.Replace("lsb_release", "echo", StringComparison.Ordinal)], "GRUB_CMDLINE_LINUX", "GRUB_CMDLINE_LINUX_DEFAULT")[0];
        return values[0] is null ? null : $"{values[0]} {values[1]}";
    }

    public static string Added => Parameter;
}
