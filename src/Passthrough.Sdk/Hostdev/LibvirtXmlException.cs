using Passthrough.Sdk.Facts;

namespace Passthrough.Sdk.Hostdev;

/// <summary>
/// The exception that is thrown when an XML text or a model violates a rule: it is not well-formed, exceeds a limit, or libvirt would refuse it.
/// </summary>
/// <remarks>
/// This is the only exception that reading a text throws, apart from <see cref="ArgumentNullException"/>. Thread safety: immutable.
/// </remarks>
public sealed class LibvirtXmlException : PassthroughException
{
    /// <summary>Creates an exception with the default message.</summary>
    public LibvirtXmlException()
    {
    }

    /// <summary>Creates an exception.</summary>
    /// <param name="message">A sentence that names the element, the rule that it violates, and what to do.</param>
    public LibvirtXmlException(string message)
        : base(message)
    {
    }

    /// <summary>Creates an exception with a message and the exception that caused it.</summary>
    /// <param name="message">A sentence that names the element, the rule that it violates, and what to do.</param>
    /// <param name="innerException">The exception that caused it; null for none.</param>
    public LibvirtXmlException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }

    internal LibvirtXmlException(string? element, string rule, int? line = null, int? column = null)
        : base(Describe(element, rule, line, column))
    {
        Element = element;
        Rule = rule;
        Line = line;
        Column = column;
    }

    /// <summary>Gets the path of the element from the root of the document or model, for example <c>hostdev/source/address</c>; null if there is none.</summary>
    public string? Element { get; }

    /// <summary>Gets the rule that is broken, and how to keep it; null if only the message says it.</summary>
    public string? Rule { get; }

    /// <summary>Gets the line of the text, from 1; null for a model that was not read from a text.</summary>
    public int? Line { get; }

    /// <summary>Gets the column in the line, from 1, in UTF-16 characters; null for a model that was not read from a text.</summary>
    public int? Column { get; }

    private static string Describe(string? element, string rule, int? line, int? column)
    {
        var where = line is null ? string.Empty : $" (line {line}, column {column})";
        return element is null ? $"XML{where}: {rule}" : $"<{element}>{where}: {rule}";
    }
}
