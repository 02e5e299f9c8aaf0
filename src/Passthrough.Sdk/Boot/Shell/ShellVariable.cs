namespace Passthrough.Sdk.Boot.Shell;

/// <summary>The final value of a variable: characters with their origin, or the line that makes it uncertain.</summary>
internal sealed record ShellVariable(IReadOnlyList<ShellChar> Chars, ShellObstacle? Obstacle)
{
    public bool IsCertain => Obstacle is null;

    public string Text => string.Create(Chars.Count, Chars, static (span, chars) =>
    {
        for (var i = 0; i < span.Length; i++)
        {
            span[i] = chars[i].Value;
        }
    });
}
