using Xunit.Sdk;
using Xunit.v3;

// One host, one kernel: scenarios run one after the other.
[assembly: Parallelization(Mode = ParallelMode.None)]
