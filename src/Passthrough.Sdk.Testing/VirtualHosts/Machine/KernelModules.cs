using Passthrough.Sdk.Kernel;
using Passthrough.Sdk.Kernel.Modules;

namespace Passthrough.Sdk.Testing;

/// <summary>The modules of a kernel, by what depmod wrote (<c>modules.dep</c>, <c>modules.builtin</c>).</summary>
internal sealed class KernelModules
{
    private readonly string _directory;
    private readonly Dictionary<string, (string File, string[] Needs)> _modules = new(StringComparer.Ordinal);
    private readonly HashSet<string> _builtIn = new(StringComparer.Ordinal);

    private KernelModules(string directory) => _directory = directory;

    /// <summary>Reads the modules in a directory such as <c>/lib/modules/6.1.0-57-amd64</c>.</summary>
    /// <exception cref="IOException">The directory or modules.dep in it does not exist.</exception>
    public static KernelModules Read(string directory)
    {
        var modules = new KernelModules(directory);
        foreach (var line in File.ReadLines(Path.Combine(directory, "modules.dep")))
        {
            if (line.Split(':', 2) is [var file, var needs])
            {
                modules._modules[ModuleLists.NameOf(file)] = (file, needs.Split(' ', StringSplitOptions.RemoveEmptyEntries));
            }
        }

        try
        {
            modules._builtIn.UnionWith(File.ReadLines(Path.Combine(directory, "modules.builtin")).Select(ModuleLists.NameOf));
        }
        catch (FileNotFoundException)
        {
            // Then all that is needed is in modules.dep.
        }

        return modules;
    }

    /// <summary>Whether a module exists, or is a part of the kernel.</summary>
    public bool Has(string name) => _builtIn.Contains(KernelNames.Canonical(name)) || _modules.ContainsKey(KernelNames.Canonical(name));

    /// <summary>The files of modules and everything that they need, in the order in which they can be loaded; what is a part of the kernel has none.</summary>
    /// <exception cref="InvalidOperationException">A module does not exist.</exception>
    public IReadOnlyList<string> FilesOf(IEnumerable<string> names)
    {
        var files = new List<string>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var name in names)
        {
            Add(KernelNames.Canonical(name));
        }

        return files;

        void Add(string name)
        {
            if (_modules.TryGetValue(name, out var module))
            {
                if (seen.Add(name))
                {
                    foreach (var need in module.Needs)
                    {
                        Add(ModuleLists.NameOf(need));
                    }

                    files.Add(Path.Combine(_directory, module.File));
                }
            }
            else if (!_builtIn.Contains(name))
            {
                throw new InvalidOperationException($"{_directory} has no module {name}");
            }
        }
    }

    /// <summary>Reads a module, unpacked.</summary>
    /// <exception cref="InvalidDataException">It cannot be unpacked.</exception>
    public static byte[] Load(string file)
    {
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete);
        var content = new byte[stream.Length];
        stream.ReadExactly(content);
        if (content.AsSpan().StartsWith("\u007fELF"u8))
        {
            return content;
        }

        using var unpacked = new MemoryStream();
        return Decompression.TryUnpack(content, 0, content.Length, unpacked)
            ? unpacked.ToArray()
            : throw new InvalidDataException($"the kernel module {file} cannot be unpacked; modules that are not compressed, and those of gzip, xz and zstd can");
    }
}
