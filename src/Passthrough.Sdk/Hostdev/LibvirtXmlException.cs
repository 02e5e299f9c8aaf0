using Passthrough.Sdk.Facts;

namespace Passthrough.Sdk.Hostdev;

/// <summary>
/// An XML text or a model of one breaks a rule: it is not well-formed, it exceeds a limit, or libvirt would refuse it.
/// </summary>
/// <remarks>
/// The only exception that reading a text throws, apart from <see cref="ArgumentNullException"/>. Thread safety: immutable.
/// </remarks>
public sealed class LibvirtXmlException : PassthroughException
{
    /// <summary>Creates an error without a message of its own.</summary>
    public LibvirtXmlException()
    {
    }

    /// <summary>Creates an error.</summary>
    /// <param name="message">Which element breaks which rule, and the way out.</param>
    public LibvirtXmlException(string message)
        : base(message)
    {
    }

    /// <summary>Creates an error with the error that led to it.</summary>
    /// <param name="message">Which element breaks which rule, and the way out.</param>
    /// <param name="innerException">The error underneath; null when there is none.</param>
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

    /// <summary>The path of the element from the root of what was read or built, for example <c>hostdev/source/address</c>; null when there is none.</summary>
    public string? Element { get; }

    /// <summary>The rule that is broken, and how to keep it; null when only the message says it.</summary>
    public string? Rule { get; }

    /// <summary>Line of the text, from 1; null for a model that was built, not read.</summary>
    public int? Line { get; }

    /// <summary>Column in the line, from 1, in UTF-16 characters; null for a model that was built, not read.</summary>
    public int? Column { get; }

    private static string Describe(string? element, string rule, int? line, int? column)
    {
        var where = line is null ? string.Empty : $" (line {line}, column {column})";
        return element is null ? $"XML{where}: {rule}" : $"<{element}>{where}: {rule}";
    }
}
