using System.Runtime.CompilerServices;

// Every signature says itself how it is marshalled: what the source generator writes is what runs, also ahead of time.
[assembly: DisableRuntimeMarshalling]
