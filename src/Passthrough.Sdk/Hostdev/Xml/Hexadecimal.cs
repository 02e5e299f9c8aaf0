using System.Buffers;

namespace Passthrough.Sdk.Hostdev.Xml;

internal static class Hexadecimal
{
    public static readonly SearchValues<char> Digits = SearchValues.Create("0123456789abcdefABCDEF");
}
