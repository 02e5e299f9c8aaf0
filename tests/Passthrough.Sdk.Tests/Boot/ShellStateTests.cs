using CsCheck;
using Passthrough.Sdk.Boot.Shell;

namespace Passthrough.Sdk.Tests.Boot;

public sealed class ShellStateTests
{
    private const string A = "GRUB_CMDLINE_LINUX";
    private const string B = "GRUB_CMDLINE_LINUX_DEFAULT";

    [Theory]
    [InlineData("K=\"quiet splash\"\n", "quiet splash")]
    [InlineData("K='quiet splash'\n", "quiet splash")]
    [InlineData("K=quiet", "quiet")]
    [InlineData("K=\n", "")]
    [InlineData("K=a'b c'\"d e\"f\\ g\n", "ab cd ef g")]
    [InlineData("K=\"a \\\"b\\\" \\$c \\\\ \\d\"\n", "a \"b\" $c \\ \\d")]
    [InlineData("K=\"quiet \\\nsplash\"\n", "quiet splash")]
    [InlineData("K='a\\\nb'\n", "a\\\nb")]
    [InlineData("export K=\"a b\"\n", "a b")]
    [InlineData("  K=a  # a comment\n", "a")]
    [InlineData("K=a#b\n", "a#b")]
    [InlineData("K=a; K=b\n", "b")]
    [InlineData("X='a b'\nK=\"$X c ${X}d\"\n", "a b c a bd")]
    [InlineData("K=a\nK=\"$K b\"\n", "a b")]
    [InlineData("K=\"cost $ 5 $\"\n", "cost $ 5 $")]
    [InlineData("K=a\nunset K\n", "")]
    [InlineData("K=a\nX=`uname -r || echo K`\nY=$(echo x; echo y)\n", "a")]
    [InlineData("K=a\nif [ -f /x ]; then Y=1; fi\n", "a")]
    [InlineData("if [ -f /x ]; then K=1; fi\nK=b\n", "b")]
    [InlineData("K+=x\nK=b\n", "b")]
    [InlineData("f() {\n K=1\n return 0\n}\nK=a\n", "a")]
    [InlineData("case x in\n a) Y=1 ;;\n *) Y=2 ;;\nesac\nK=a\n", "a")]
    [InlineData("K=a\nfor x in 1 2; do Y=$x; done\n", "a")]
    [InlineData("K=a\necho hello > /dev/null 2>&1\n", "a")]
    [InlineData("case x in esac\ncase x in (x|y) : ;; z) esac\nK=a\n", "a")]
    [InlineData("if true; then\n  { :; }\nelif false\nthen :; else :\nfi >/dev/null; K=a\n", "a")]
    [InlineData("while false; do :; done\nfor X in 1 2 # both\ndo :; done\nK=a\n", "a")]
    [InlineData("until true\ndo ( : ); done && ! false\nK=a\n", "a")]
    [InlineData("Y=1 if\nK=a\n", "a")]
    [InlineData("f() {\n  for i; do :; done\n}\nK=a\n", "a")]
    [InlineData("K=a\nfalse \\\n", "a")]
    [InlineData("K=*\n", "*")]
    [InlineData("K=a=b\n", "a=b")]
    public void A_certain_value_is_what_the_shell_says(string script, string value)
    {
        ShellVariable? variable = Read(script).Find("K");
        Assert.NotNull(variable);
        Assert.Null(variable.Obstacle);
        Assert.Equal(value, variable.Text);
        foreach (string shell in ShellOracle.Shells.Where(s => !script.Contains("+=", StringComparison.Ordinal) || s.EndsWith("bash", StringComparison.Ordinal)))
            Assert.Equal(value, ShellOracle.Run(shell, [script.Replace("uname", "echo", StringComparison.Ordinal)], "K")[0][0]);
    }

    [Theory]
    [InlineData("K=a\nK+=b\n", 2, "+=")]
    [InlineData("K=a\nif true; then\n K=b\nfi\n", 2, "condition")]
    [InlineData("K=a\n[ -f /x ] && K=b\n", 2, "condition")]
    [InlineData("K=$(cat /x)\n", 1, "output of a command")]
    [InlineData("K=`cat /x`\n", 1, "output of a command")]
    [InlineData("K=\"a $(cat /x)\"\n", 1, "output of a command")]
    [InlineData("K=a\n. /etc/other\n", 2, "another file")]
    [InlineData("K=a\nsource /etc/other\n", 2, "another file")]
    [InlineData("K=a\neval \"$x\"\n", 2, "anything")]
    [InlineData("f() { K=b; }\nK=a\nf\n", 3, "function f")]
    [InlineData("f() { K=b; }\ng() { f; }\nK=a\ng\n", 4, "function g")]
    [InlineData("K=a\nexit 0\n", 2, "stop here")]
    [InlineData("K=\"a\n", 1, "never closed")]
    [InlineData("K='a\n", 1, "never closed")]
    [InlineData("K=a\nif true; then\n", 2, "never closed")]
    [InlineData("K=${X:-a}\n", 1, "computes")]
    [InlineData("K=$HOME\n", 1, "nowhere")]
    [InlineData("K=~/x\n", 1, "tilde")]
    [InlineData("K=$'a'\n", 1, "disagree")]
    [InlineData("K=(a b)\n", 1, "parenthesis")]
    [InlineData("K=a\n[ -f /x ] &&\nK=b\n", 2, "condition")]
    [InlineData("K=a\n[ -f /x ] || \\\n\n # why\nK=b\n", 2, "condition")]
    [InlineData("K=a\ntrue |\nK=b\n", 2, "condition")]
    [InlineData("K=a\ntrue &&\n", 2, "owed")]
    [InlineData("K=a\nX=<\nK=b\n", 2, "redirection to nowhere")]
    [InlineData("K=a\ntrue > # nowhere\nK=b\n", 2, "redirection to nowhere")]
    [InlineData("K=a\ntrue &;\nK=b\n", 2, "syntax error")]
    [InlineData("K=a\ntrue && ; K=b\n", 2, "syntax error")]
    [InlineData("K=a\nfor i n 1; do :; done\nK=b\n", 2, "syntax error")]
    [InlineData("K=a\nwhile false\\; do K=c; done\nK=b\n", 2, "syntax error")]
    [InlineData("K=a\nif true; fi\nK=b\n", 2, "syntax error")]
    [InlineData("K=a\nif true; then fi\nK=b\n", 2, "syntax error")]
    [InlineData("K=a\nif true; then :; fi K=b\n", 2, "syntax error")]
    [InlineData("K=a\ncase x of x) ;; esac\nK=b\n", 2, "syntax error")]
    [InlineData("K=a\n( )\nK=b\n", 2, "syntax error")]
    [InlineData("K=a\n}\nK=b\n", 2, "syntax error")]
    [InlineData("K=a\nselect i in 1; do :; done\n", 2, "disagree")]
    [InlineData("K=a\nf() K=b\n", 2, "disagree")]
    [InlineData("K=a\nX=${Y:?}\n", 2, "stops here")]
    [InlineData("K=a\nlocal K\n", 2, "stop here")]
    [InlineData("K=a\ncat <<E\nK=b\nE\n", 2, "here-document")]
    [InlineData("K=a\nX=${K:=b}\n", 2, "computes")]
    [InlineData("K=a\nread K < /x\n", 2, "command")]
    [InlineData("K=a &\n", 1, "background")]
    [InlineData("X=$(cat /x)\nK=\"$X\"\n", 2, "X is not certain")]
    [InlineData("K=a\nprintf -v K b\n", 2, "command")]
    [InlineData("readonly K=a\n", 1, "stop here")]
    [InlineData("X='a b'\nexport K=$X\n", 2, "split")]
    public void An_uncertain_value_names_the_line_that_stands_in_the_way(string script, int line, string reason)
    {
        ShellVariable? variable = Read(script).Find("K");
        Assert.NotNull(variable?.Obstacle);
        Assert.Equal(line, variable.Obstacle.Line);
        Assert.Contains(reason, variable.Obstacle.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Later_files_win_and_see_the_earlier_values()
    {
        ShellState state = ShellState.Evaluate([new("/a", "K=\"a\"\n"), new("/b", "K=\"$K b\"\n"), new("/c", "K=\"$K c\"\n")]);
        Assert.Equal("a b c", state.Find("K")!.Text);
        Assert.Equal([0, 1, 1, 2, 2], state.Find("K")!.Chars.Select(c => c.File));
    }

    /// <summary>Whatever the reader is certain of, dash and bash say the same.</summary>
    [Fact]
    public void No_generated_file_is_read_otherwise_than_dash_and_bash_read_it()
    {
        Assert.SkipWhen(ShellOracle.Shells.Length == 0, "no shell to compare with");
        string[] scripts = Enumerable.Range(0, 900).Select(seed => Script(new Random(seed))).ToArray();
        int certain = 0;
        foreach (string shell in ShellOracle.Shells)
        {
            string?[][] truth = ShellOracle.Run(shell, scripts, A, B);
            for (int i = 0; i < scripts.Length; i++)
            {
                ShellState state = Read(scripts[i]);
                for (int k = 0; k < 2; k++)
                {
                    ShellVariable? variable = state.Find(k == 0 ? A : B);
                    if (variable is { IsCertain: false })
                        continue;
                    certain++;
                    // A shell drops NUL and newlines survive printf; the value is compared byte for byte.
                    Assert.True(truth[i][k] == (variable?.Text ?? ""), $"{shell}: {scripts[i]}\n--- {truth[i][k]} / {variable?.Text}");
                }
            }
        }

        Assert.True(certain > 500, $"only {certain} certain values: the test would prove little");
    }

    private static ShellState Read(string script) => ShellState.Evaluate([new ShellSource("/etc/default/grub", script)]);

    private static string Script(Random random)
    {
        string[] pieces =
        [
            "quiet", "splash", " ", "intel_iommu=on", "'a b'", "\"c d\"", "\"x \\\" y\"", "\\ ", "\\\n", "$GRUB_CMDLINE_LINUX",
            "${GRUB_CMDLINE_LINUX_DEFAULT}", "\"$GRUB_CMDLINE_LINUX z\"", "#", "'#'", "=", "*", "\\$", "'$X'", "\"\\d\"", "$X", "''", "\"\"", "é",
        ];
        string[] lines =
        [
            "# comment 'with quote", "", "  ", "GRUB_TIMEOUT=5", "GRUB_DISTRIBUTOR=`( . /etc/os-release; echo ${NAME:-Debian} ) 2>/dev/null || echo Debian`",
            "X='x y'", "unset X", "export GRUB_CMDLINE_LINUX", "if false; then GRUB_CMDLINE_LINUX=no; fi", "true && GRUB_CMDLINE_LINUX_DEFAULT=cond",
            "GRUB_CMDLINE_LINUX=plain", "f() { GRUB_CMDLINE_LINUX=fromf; }", "f", ":", "GRUB_A=1 GRUB_B=2; GRUB_C=3", "for i in 1 2; do X=$i; done",
            "case $X in\n  x*) X=1 ;;\n  *) GRUB_CMDLINE_LINUX=case ;;\nesac", "{ GRUB_CMDLINE_LINUX=brace; }", "( GRUB_CMDLINE_LINUX=sub )",
            "true &&", "false ||", "echo x |", "! ", "X=<", ": >", ": &", "if true; then", "fi", "done", "while false; do", "esac", "}", "{", "case x in", "true \\",
        ];
        var text = new System.Text.StringBuilder();
        for (int n = random.Next(1, 7); n > 0; n--)
        {
            if (random.Next(3) == 0)
            {
                text.Append(lines[random.Next(lines.Length)]);
            }
            else
            {
                text.Append(random.Next(6) == 0 ? "export " : "").Append(random.Next(2) == 0 ? A : B).Append('=');
                bool quoted = random.Next(2) == 0;
                text.Append(quoted ? "\"" : "");
                for (int m = random.Next(0, 5); m > 0; m--)
                    text.Append(quoted ? pieces[random.Next(pieces.Length)].Replace("\"", "\\\"", StringComparison.Ordinal) : pieces[random.Next(pieces.Length)]);
                text.Append(quoted ? "\"" : "");
            }

            text.Append(random.Next(8) == 0 ? "; " : "\n");
        }

        return text.ToString();
    }
}
