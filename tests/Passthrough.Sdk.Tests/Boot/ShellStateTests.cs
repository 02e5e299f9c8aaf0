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
    [InlineData("true && ! false\ntrue | if ! false; then :; fi\nK=a\n", "a")]
    [InlineData("until true\ndo ( : ); done && ! false\nK=a\n", "a")]
    [InlineData("Y=1 if\nK=a\n", "a")]
    [InlineData("f() {\n  for i; do :; done\n}\nK=a\n", "a")]
    [InlineData("K=a\nfalse \\\n", "a")]
    [InlineData("K=*\n", "*")]
    [InlineData("K=a=b\n", "a=b")]
    public void A_certain_value_is_what_the_shell_says(string script, string value)
    {
        var variable = Read(script).Find("K");
        Assert.NotNull(variable);
        Assert.Null(variable.Obstacle);
        Assert.Equal(value, variable.Text);
        foreach (var shell in ShellOracle.Shells.Where(s => !script.Contains("+=", StringComparison.Ordinal) || s.EndsWith("bash", StringComparison.Ordinal)))
        {
            Assert.Equal(value, ShellOracle.Run(shell, [script.Replace("uname", "echo", StringComparison.Ordinal)], "K")[0][0]);
        }
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
    [InlineData("K=$HOME\n", 1, "not set in these files")]
    [InlineData("K=~/x\n", 1, "tilde")]
    [InlineData("K=$'a'\n", 1, "disagree")]
    [InlineData("K=(a b)\n", 1, "parenthesis")]
    [InlineData("K=a\n[ -f /x ] &&\nK=b\n", 2, "condition")]
    [InlineData("K=a\n[ -f /x ] || \\\n\n # why\nK=b\n", 2, "condition")]
    [InlineData("K=a\ntrue |\nK=b\n", 2, "condition")]
    [InlineData("K=a\ntrue &&\n", 2, "expected")]
    [InlineData("K=a\nX=<\nK=b\n", 2, "redirection has no target")]
    [InlineData("K=a\ntrue > # nowhere\nK=b\n", 2, "redirection has no target")]
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
    [InlineData(". /etc/default/helpers\nK=a\nsetit\n", 3, "setit may be a function")]
    [InlineData("eval \"$x\"\nK=a\nsetit b\n", 3, "setit may be a function")]
    [InlineData("$x\nK=a\nif true; then :; fi\n", 3, "true may be a function")]
    [InlineData("load() { . /etc/more; }\nload\nK=a\nsetit\n", 4, "setit may be a function")]
    [InlineData("f() { K=b; }\nK=a\ntime f\n", 3, "disagree")]
    [InlineData("declare -n ref=K\nK=a\nref=b\n", 1, "stop here")]
    [InlineData("typeset -u K\nK=a\n", 1, "stop here")]
    [InlineData("RANDOM=5\nK=\"$RANDOM\"\n", 2, "the shell itself")]
    [InlineData("PWD=a\ncd /\nK=$PWD\n", 3, "the shell itself")]
    [InlineData("UID=0\nK=a\n", 1, "a variable of the shell itself")]
    [InlineData("POSIXLY_CORRECT=1\nK=a\n", 1, "a variable of the shell itself")]
    [InlineData("K=a\nK[0]=b\n", 2, "command")]
    [InlineData("K=a\nK=b :\n", 2, "command")]
    [InlineData("K=a\n( K=b )\n", 2, "command")]
    [InlineData("K=a\nfc -s\n", 2, "anything")]
    [InlineData("echo x |\n! true\nK=a\n", 2, "disagree")]
    [InlineData("! ! true\nK=a\n", 1, "disagree")]
    [InlineData("false ||\nUID=1\nK=a\n", 1, "stop here")]
    [InlineData("for UID in 1; do :; done\nK=a\n", 1, "stop here")]
    [InlineData("case x in\nK=b\nesac\nK=a\n", 2, "syntax error")]
    [InlineData("case x in x|\nesac\nK=a\n", 1, "syntax error")]
    [InlineData("case x in x y) ;; esac\nK=a\n", 1, "syntax error")]
    [InlineData("case x in ) ;; esac\nK=a\n", 1, "syntax error")]
    public void An_uncertain_value_names_the_line_that_stands_in_the_way(string script, int line, string reason)
    {
        var variable = Read(script).Find("K");
        Assert.NotNull(variable?.Obstacle);
        Assert.Equal(line, variable.Obstacle.Line);
        Assert.Contains(reason, variable.Obstacle.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Later_files_win_and_see_the_earlier_values()
    {
        var state = ShellState.Evaluate([new("/a", "K=\"a\"\n"), new("/b", "K=\"$K b\"\n"), new("/c", "K=\"$K c\"\n")]);
        Assert.Equal("a b c", state.Find("K")!.Text);
        Assert.Equal([0, 1, 1, 2, 2], state.Find("K")!.Chars.Select(c => c.File));
    }

    [Fact]
    public void A_sourced_file_that_can_be_read_is_read_in_its_place()
    {
        var state = ReadWith("K=a\n. /H/set\nK=\"$K $Y\"\n");
        Assert.Equal("from-file yes", state.Find("K")!.Text);
        Assert.Equal(["/etc/default/grub", "/H/set"], state.Files.Select(f => f.Path));
        Assert.Contains("may set K", ReadWith("K=a\n. /H/functions\nK=b\nset_it\n").Find("K")!.Obstacle!.Reason, StringComparison.Ordinal);
        Assert.Null(ReadWith(". /H/functions\nK=b\necho\n").Find("K")!.Obstacle);
        Assert.Contains("each other", ReadWith("K=a\n. /H/round\n").Find("K")!.Obstacle!.Reason, StringComparison.Ordinal);
        Assert.Contains("another file", ReadWith("K=a\n. /H/nowhere\n").Find("K")!.Obstacle!.Reason, StringComparison.Ordinal);
        Assert.Contains("another file", ReadWith("K=a\n. H/set\n").Find("K")!.Obstacle!.Reason, StringComparison.Ordinal);
    }

    /// <summary>Whatever the reader is certain of, dash and bash say the same. PASSTHROUGH_SCRIPTS asks for more files than CI does.</summary>
    [Fact]
    public void No_generated_file_is_read_otherwise_than_dash_and_bash_read_it()
    {
        Assert.SkipWhen(ShellOracle.Shells.Length == 0, "no shell to compare with");
        var count = int.TryParse(Environment.GetEnvironmentVariable("PASSTHROUGH_SCRIPTS"), out var asked) ? asked : 900;
        var certain = 0;
        for (var first = 0; first < count; first += 3000)
        {
            certain += Compare([.. Enumerable.Range(first, Math.Min(3000, count - first)).Select(seed => Script(new Random(seed)))]);
        }

        Assert.True(certain > count / 2, $"only {certain} certain values: the test would prove little");
    }

    private static int Compare(string[] scripts)
    {
        var certain = 0;
        foreach (var shell in ShellOracle.Shells)
        {
            var truth = ShellOracle.Run(shell, scripts, Sourced, A, B);
            for (var i = 0; i < scripts.Length; i++)
            {
                var state = ReadWith(scripts[i]);
                for (var k = 0; k < 2; k++)
                {
                    var variable = state.Find(k == 0 ? A : B);
                    if (variable is { IsCertain: false })
                    {
                        continue;
                    }

                    certain++;
                    // A shell drops NUL and newlines survive printf; the value is compared byte for byte.
                    Assert.True(truth[i][k] == (variable?.Text ?? ""), $"{shell}: {scripts[i]}\n--- {truth[i][k]} / {variable?.Text}");
                }
            }
        }

        return certain;
    }

    private static readonly Dictionary<string, string> Sourced = new()
    {
        ["/H/set"] = "K=from-file Y=yes\nGRUB_CMDLINE_LINUX=\"from file\"\n",
        ["/H/functions"] = "set_it() {\n  K=called GRUB_CMDLINE_LINUX=called\n}\nf() { GRUB_CMDLINE_LINUX_DEFAULT=replaced; }\n",
        ["/H/adds"] = "GRUB_CMDLINE_LINUX_DEFAULT=\"$GRUB_CMDLINE_LINUX_DEFAULT added\"\n. /H/set\n",
        ["/H/round"] = ". /H/round\n",
        ["/H/hidden"] = "set_it() { GRUB_CMDLINE_LINUX=hidden; }\necho() { GRUB_CMDLINE_LINUX_DEFAULT=hidden; }\n",
    };

    // What /H/hidden defines is there for the shells and not for the reader.
    private static ShellState ReadWith(string script) => ShellState.Evaluate([new ShellSource("/etc/default/grub", script)],
        path => path is "/H/hidden" or "/H/round" && !script.Contains("/H/round", StringComparison.Ordinal) ? null
            : Sourced.TryGetValue(path, out var text) ? System.Text.Encoding.Latin1.GetBytes(text) : null);

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
            ". /H/set", ". /H/functions", ". /H/adds", ". /H/hidden", ". '/H/set' # why", ". /H/set; f", "set_it", "set_it a b", "echo hi >&2", "time f",
            "eval 'f() { GRUB_CMDLINE_LINUX=evalled; }'", "f() { . /H/functions; }", "declare -n X=GRUB_CMDLINE_LINUX", "typeset -u GRUB_CMDLINE_LINUX",
            "RANDOM=1 SECONDS=x", "GRUB_CMDLINE_LINUX=$SECONDS", "UID=1", "cd /", "GRUB_CMDLINE_LINUX=\"$PWD\"", "GRUB_CMDLINE_LINUX[0]=array",
            "GRUB_CMDLINE_LINUX=env :", "GRUB_CMDLINE_LINUX=env true", "read GRUB_CMDLINE_LINUX", "command set_it", "unset -f f", "readonly X",
            "alias echo=f", "trap 'GRUB_CMDLINE_LINUX=trap' EXIT", "set -- a", "export X=$X", "printf -v GRUB_CMDLINE_LINUX x", "let X=1", "(( X=1 ))",
            "IFS=:", "local X=1", "getopts ab GRUB_CMDLINE_LINUX", "X=f; $X", "set_it &", "set_it | set_it", "! set_it", "! ! true", "{ set_it; }", "( set_it )",
        ];
        var text = new System.Text.StringBuilder();
        for (var n = random.Next(1, 7); n > 0; n--)
        {
            if (random.Next(3) == 0)
            {
                text.Append(lines[random.Next(lines.Length)]);
            }
            else
            {
                text.Append(random.Next(6) == 0 ? "export " : "").Append(random.Next(2) == 0 ? A : B).Append('=');
                var quoted = random.Next(2) == 0;
                text.Append(quoted ? "\"" : "");
                for (var m = random.Next(0, 5); m > 0; m--)
                {
                    text.Append(quoted ? pieces[random.Next(pieces.Length)].Replace("\"", "\\\"", StringComparison.Ordinal) : pieces[random.Next(pieces.Length)]);
                }

                text.Append(quoted ? "\"" : "");
            }

            text.Append(random.Next(8) == 0 ? "; " : "\n");
        }

        return text.ToString();
    }
}
