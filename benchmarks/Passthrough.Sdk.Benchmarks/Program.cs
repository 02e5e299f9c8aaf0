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
    default:
        BenchmarkDotNet.Running.BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
        return 2;
}
