namespace Passthrough.Mcp.Tools;

/// <summary>Thrown where a tool cannot answer: the message names the argument or the thing, the reason, and what to do.</summary>
/// <param name="message">The message, for the assistant.</param>
internal sealed class ToolException(string message) : Exception(message);
