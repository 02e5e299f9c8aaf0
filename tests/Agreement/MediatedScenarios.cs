namespace Passthrough.Agreement;

/// <summary>What the kernel does when mediated devices are created and removed.</summary>
public abstract class MediatedScenarios : IDisposable
{
    private const string Types = "/sys/class/mdev_bus/mtty/mdev_supported_types";
    private const string Devices = "/sys/bus/mdev/devices";
    private const string First = "83b8f4f2-509f-382f-3c1e-e6bfe0fa1001";
    private const string Second = "83b8f4f2-509f-382f-3c1e-e6bfe0fa1002";

    private readonly Stage _stage;

    private protected MediatedScenarios(Stage stage) => _stage = stage;

    public void Dispose()
    {
        _stage.Dispose();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public void Mediated_devices_come_and_go()
    {
        var said = new Transcript(_stage, "mediated-devices");
        said.Directory(Types);
        said.File($"{Types}/mtty-2/device_api");
        said.File($"{Types}/mtty-2/available_instances");
        foreach (var uuid in (ReadOnlySpan<string>)["nonsense", "", First, First])
        {
            said.Write($"{Types}/mtty-2/create", uuid);
        }

        said.Write($"{Types}/mtty-9/create", Second);
        State(said, First);
        said.Write($"{Types}/mtty-2/create", Second.ToUpperInvariant());
        State(said, Second);
        said.Directory(Devices);
        said.Write($"{Devices}/{First}/remove", "0");
        said.Write($"{Devices}/{First}/remove", "nonsense");
        said.Write($"{Devices}/{First}/remove", "1");
        said.Write($"{Devices}/{First}/remove", "1");
        State(said, First);
        said.Write($"{Devices}/{Second}/remove", "1");
        said.File($"{Types}/mtty-2/available_instances");
        said.Directory(Devices);
        said.End();
    }

    [Fact]
    public void No_more_are_created_than_the_device_has_room_for()
    {
        var said = new Transcript(_stage, "mediated-room");
        for (var i = 0; i <= 12; i++)
        {
            said.Write($"{Types}/mtty-2/create", $"83b8f4f2-509f-382f-3c1e-e6bfe0fa20{i:d2}");
        }

        said.File($"{Types}/mtty-2/available_instances");
        for (var i = 0; i < 12; i++)
        {
            said.Write($"{Devices}/83b8f4f2-509f-382f-3c1e-e6bfe0fa20{i:d2}/remove", "1");
        }

        said.File($"{Types}/mtty-2/available_instances");
        said.End();
    }

    private static void State(Transcript said, string uuid)
    {
        said.File($"{Types}/mtty-2/available_instances");
        said.Directory($"{Types}/mtty-2/devices");
        said.LinkOf($"{Devices}/{uuid}/mdev_type");
        said.Directory($"{Devices}/{uuid}/iommu_group/devices");
        said.LinkOf($"{Devices}/{uuid}/driver");
    }
}
