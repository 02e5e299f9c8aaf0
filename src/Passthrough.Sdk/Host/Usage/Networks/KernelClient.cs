namespace Passthrough.Sdk.Host.Usage.Networks;

/// <summary>A part of the kernel that sends and receives over an interface without a socket, an address or an interface of its own.</summary>
/// <param name="Kind">The part of the kernel.</param>
/// <param name="Interface">The name of the interface.</param>
/// <param name="Name">Its own name: of a netconsole target the directory in configfs, of an RDMA link the device; null for none.</param>
internal sealed record KernelClient(KernelClientKind Kind, string Interface, string? Name);
