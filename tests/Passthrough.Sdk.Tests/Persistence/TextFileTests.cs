using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Files;
using Passthrough.Sdk.Testing;

namespace Passthrough.Sdk.Tests.Persistence;

/// <summary>A rule file is changed from what is expected to what is wanted, and from nothing else.</summary>
public sealed class TextFileTests : IDisposable
{
    private const string HostPath = "/etc/udev/rules.d/61-passthrough-0000:01:00.0.rules";

    private readonly FakeHost _fake = FakeHost.Create().AddDirectory("/etc/udev/rules.d");

    private TextFile Rule => new(_fake.Root, HostPath);

    public void Dispose() => _fake.Dispose();

    [Fact]
    public void It_is_created_replaced_and_removed_without_a_trace()
    {
        Rule.Change(null, "one\n");
        Assert.Equal("one\n", File.ReadAllText(_fake.PathOf(HostPath)));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead, File.GetUnixFileMode(_fake.PathOf(HostPath)));
        Rule.Change("one\n", "two\n");
        Rule.Change("one\n", "two\n"); // it is so already, as after a crash
        Assert.Equal("two\n", Rule.Read());
        Rule.Change("two\n", null);
        Assert.Null(Rule.Read());
        Assert.Empty(Directory.GetFileSystemEntries(_fake.PathOf("/etc/udev/rules.d")));
    }

    [Theory]
    [InlineData(null, "theirs\n", "created")]
    [InlineData("ours\n", "theirs\n", "changed")]
    [InlineData("ours\n", null, "removed")]
    public void What_another_program_did_meanwhile_stays(string? from, string? now, string word)
    {
        if (now is not null)
        {
            _fake.WriteFile(HostPath, now);
        }

        var error = Assert.Throws<PassthroughException>(() => Rule.Change(from, "new\n"));
        Assert.Contains($"{HostPath} was {word} by another program", error.Message, StringComparison.Ordinal);
        Assert.Equal(now, Rule.Read());
    }

    [Fact]
    public void What_is_not_a_text_is_not_touched()
    {
        _fake.WriteFile(HostPath, [0xff, 0xfe, 0x00]);
        Assert.Contains("UTF-8", Assert.Throws<PassthroughException>(() => Rule.Change("x", null)).Message, StringComparison.Ordinal);
        Assert.Equal([0xff, 0xfe, 0x00], File.ReadAllBytes(_fake.PathOf(HostPath)));
    }

    [Fact]
    public void A_host_without_udevs_directory_is_an_error_that_names_the_file()
    {
        _fake.Remove("/etc/udev");
        Assert.Equal(HostPath, Assert.Throws<HostFileException>(() => Rule.Change(null, "x\n")).Path);
    }
}
