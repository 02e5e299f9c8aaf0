using System.IO.Pipelines;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;
using Passthrough.Mcp;
using Passthrough.Sdk.Libvirt;
using Passthrough.Sdk.Pci;
using Passthrough.Sdk.Testing;

namespace Passthrough.Sdk.Tests.Mcp;

/// <summary>A client of the server, which runs in this process or as a program.</summary>
internal sealed class McpSession : IAsyncDisposable
{
    private readonly IHost? _server;

    private McpSession(McpClient client, IHost? server)
    {
        Client = client;
        _server = server;
    }

    public McpClient Client { get; }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>Starts the server in this process, with a fake host that can plan, and its fake libvirt.</summary>
    public static Task<McpSession> ForAsync(TestHost host, string? connect = null, Func<string, ILibvirtConnection>? open = null) =>
        ForAsync(new HostAccess(host.Open(), PciIdDatabase.Empty, connect, open ?? (_ => host.Libvirt)));

    /// <summary>Starts the server in this process.</summary>
    public static async Task<McpSession> ForAsync(HostAccess access)
    {
        var (toServer, toClient) = (new Pipe(), new Pipe());
        var builder = Microsoft.Extensions.Hosting.Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddPassthroughTools(access).WithStreamServerTransport(toServer.Reader.AsStream(), toClient.Writer.AsStream());
        var server = builder.Build();
        await server.StartAsync(Token);
        var client = await McpClient.CreateAsync(new StreamClientTransport(toServer.Writer.AsStream(), toClient.Reader.AsStream()), cancellationToken: Token);
        return new(client, server);
    }

    /// <summary>Starts the program that was built beside the tests.</summary>
    public static async Task<McpSession> OfProgramAsync(params string[] arguments)
    {
        var program = Repository.PathOf($"samples/mcp/bin/{new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name}/net10.0/passthrough-mcp");
        return new(await McpClient.CreateAsync(new StdioClientTransport(new() { Command = program, Arguments = arguments }), cancellationToken: Token), null);
    }

    /// <summary>Calls a tool that answers.</summary>
    public async Task<JsonElement> JsonAsync(string tool, params (string Name, object? Value)[] arguments) =>
        JsonDocument.Parse(await TextAsync(tool, arguments)).RootElement;

    /// <summary>Calls a tool that answers.</summary>
    public async Task<string> TextAsync(string tool, params (string Name, object? Value)[] arguments)
    {
        var result = await CallAsync(tool, arguments);
        Assert.False(result.IsError ?? false, TextOf(result));
        return TextOf(result);
    }

    /// <summary>Calls a tool that refuses, and returns why.</summary>
    public async Task<string> ErrorAsync(string tool, params (string Name, object? Value)[] arguments)
    {
        var result = await CallAsync(tool, arguments);
        Assert.True(result.IsError ?? false, TextOf(result));
        return TextOf(result);
    }

    public async ValueTask DisposeAsync()
    {
        await Client.DisposeAsync();
        if (_server is not null)
        {
            await _server.StopAsync();
            _server.Dispose();
        }
    }

    private static string TextOf(CallToolResult result) => string.Concat(result.Content.OfType<TextContentBlock>().Select(block => block.Text));

    private async Task<CallToolResult> CallAsync(string tool, (string Name, object? Value)[] arguments) =>
        await Client.CallToolAsync(tool, arguments.ToDictionary(each => each.Name, each => each.Value), cancellationToken: Token);
}
