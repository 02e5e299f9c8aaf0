using System.Globalization;
using Passthrough.Sdk.Benchmarks;

switch (args)
{
    case ["tree", var functions, var root]:
        FakeTree.Write(root, int.Parse(functions, CultureInfo.InvariantCulture));
        return 0;
    case ["capture", var root, var floor]:
        CaptureComparison.Run(root, floor);
        return 0;
    case ["archive", var root]:
        ArchiveComparison.Run(root);
        return 0;
    case ["names", var devices, var peer]:
        PciNamesComparison.Run(int.Parse(devices, CultureInfo.InvariantCulture), peer);
        return 0;
    case ["compare", var root, var program]:
        ProgramComparison.Run(root, program);
        return 0;
    case ["hostdev"]:
        HostdevComparison.Run();
        return 0;
    case ["fake-hosts", var rounds]:
        FakeHostComparison.Run(int.Parse(rounds, CultureInfo.InvariantCulture));
        return 0;
    case ["fake-hosts", var rounds, var only]:
        FakeHostComparison.Run(int.Parse(rounds, CultureInfo.InvariantCulture), only);
        return 0;
    case ["fuzz", var count, var seed]:
        HostdevFuzzRun.Run(long.Parse(count, CultureInfo.InvariantCulture), int.Parse(seed, CultureInfo.InvariantCulture));
        return 0;
    case ["fuzz-explain", var count, var seed]:
        ExplainFuzzRun.Run(long.Parse(count, CultureInfo.InvariantCulture), int.Parse(seed, CultureInfo.InvariantCulture));
        return 0;
    default:
        BenchmarkDotNet.Running.BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
        return 2;
}
