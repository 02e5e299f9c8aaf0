namespace Passthrough.Sdk.Boot.Shell;

/// <summary>One character of a value, and the bytes of the file that it comes from.</summary>
/// <param name="Value">The character (a byte: the text is read as Latin-1, so that nothing is lost).</param>
/// <param name="File">The file's position in the order in which the shell reads them.</param>
/// <param name="Offset">The offset at which its bytes begin in that file.</param>
/// <param name="Length">The number of bytes that write the character: two if it is escaped.</param>
/// <param name="Quote">The quoting around it.</param>
internal readonly record struct ShellChar(char Value, int File, int Offset, int Length, ShellQuote Quote);
