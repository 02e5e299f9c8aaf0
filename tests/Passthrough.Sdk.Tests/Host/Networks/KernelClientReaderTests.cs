using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Host.Usage.Networks;

namespace Passthrough.Sdk.Tests.Host.Networks;

/// <summary>What the kernel itself uses, from files as it shows them.</summary>
public sealed class KernelClientReaderTests
{
    [Fact]
    public void Sessions_of_PPPoE_are_those_below_the_headings() =>
        Assert.Equal(
            [new(KernelClientKind.Pppoe, "eth0", null)],
            Read(new() { ["/proc/net/pppoe"] = "Id       Address              Device\n00000001 52:54:00:11:22:33 eth0\n" }));

    [Fact]
    public void Targets_of_netconsole_count_while_they_are_enabled() =>
        Assert.Equal(
            [new(KernelClientKind.Netconsole, "eth0", "t1")],
            Read(new()
            {
                ["/sys/kernel/config/netconsole/t1/enabled"] = "1\n",
                ["/sys/kernel/config/netconsole/t1/dev_name"] = "eth0\n",
                ["/sys/kernel/config/netconsole/t2/enabled"] = "0\n",
                ["/sys/kernel/config/netconsole/t2/dev_name"] = "eth1\n",
            }));

    [Theory]
    [InlineData("quiet netconsole=4444@10.0.0.1/eth1,9353@10.0.0.2/12:34:56:78:9a:bc", "eth1")]
    [InlineData("netconsole=+r@/enp1s0,@10.0.0.2/", "enp1s0")]
    [InlineData("netconsole.netconsole=@/,@10.0.0.2/", "eth0")]
    [InlineData("netconsole=@10.0.0.1,@10.0.0.2/", "eth0")]
    [InlineData("\"netconsole=@/eth1,@10.0.0.2/;@/eth2,@10.0.0.3/\"", "eth1 eth2")]
    public void The_kernels_parameter_counts_where_the_module_is(string parameters, string interfaces)
    {
        Assert.Empty(Read(new() { ["/proc/cmdline"] = parameters }));
        Assert.Equal(
            interfaces.Split(' '),
            Read(new() { ["/proc/cmdline"] = parameters, ["/sys/module/netconsole/parameters/oops_only"] = "N\n" }).Select(client => client.Interface));
    }

    [Fact]
    public void An_RDMA_device_in_software_names_its_interface_and_one_of_a_card_does_not_matter()
    {
        var files = Files(new()
        {
            ["/sys/class/infiniband/rxe0/parent"] = "eth0\n",
            ["/sys/class/infiniband/siw0/ports/1/gid_attrs/ndevs/0"] = "eth1\n",
            ["/sys/class/infiniband/mlx5_0/parent"] = "eth2\n",
        });
        files.AddLink("/sys/class/infiniband/rxe0", "../../devices/virtual/infiniband/rxe0");
        files.AddLink("/sys/class/infiniband/siw0", "../../devices/virtual/infiniband/siw0");
        files.AddLink("/sys/class/infiniband/mlx5_0", "../../devices/pci0000:00/0000:00:10.0/infiniband/mlx5_0");
        Assert.Equal([new(KernelClientKind.Rdma, "eth0", "rxe0"), new(KernelClientKind.Rdma, "eth1", "siw0")], KernelClientReader.Read(files, "/proc/net", isOwn: true));
    }

    [Fact]
    public void Only_the_own_namespace_has_more_than_sessions() =>
        Assert.Empty(KernelClientReader.Read(
            Files(new() { ["/sys/kernel/config/netconsole/t1/enabled"] = "1", ["/sys/kernel/config/netconsole/t1/dev_name"] = "eth0" }), "/proc/7/net", isOwn: false));

    private static MemorySysfs Files(Dictionary<string, string> files) => files.Aggregate(new MemorySysfs(), (all, file) => all.Add(file.Key, file.Value));

    private static ValueList<KernelClient> Read(Dictionary<string, string> files) => KernelClientReader.Read(Files(files), "/proc/net", isOwn: true);
}
