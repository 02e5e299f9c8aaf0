using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;

namespace Passthrough.Sdk.Libvirt.Native;

/// <summary>virConnectOpenAuth: a connection whose credentials are asked of the caller, on the thread of the call.</summary>
internal static unsafe class Authentication
{
    private static ReadOnlySpan<int> Kinds =>
    [
        (int)LibvirtCredentialKind.UserName,
        (int)LibvirtCredentialKind.AuthenticationName,
        (int)LibvirtCredentialKind.Passphrase,
        (int)LibvirtCredentialKind.EchoPrompt,
        (int)LibvirtCredentialKind.NoEchoPrompt,
        (int)LibvirtCredentialKind.Realm,
    ];

    /// <summary>Opens a connection.</summary>
    /// <param name="uri">The URI; null for libvirt's choice.</param>
    /// <param name="flags">virConnectFlags.</param>
    /// <param name="answer">Answers libvirt's questions; null if there are no answers.</param>
    /// <param name="wasAsked">Whether there was a question.</param>
    /// <param name="failure">The exception that <paramref name="answer"/> threw; null if none.</param>
    public static ConnectHandle Open(string? uri, uint flags, Func<LibvirtCredential, string?>? answer, out bool wasAsked, out Exception? failure)
    {
        if (answer is null)
        {
            (wasAsked, failure) = (false, null);
            return LibVirt.virConnectOpenAuth(uri, null, flags);
        }

        var asked = new Asked(answer);
        var opaque = GCHandle.Alloc(asked);
        try
        {
            fixed (int* kinds = Kinds)
            {
                var auth = new VirConnectAuth { credtype = kinds, ncredtype = (uint)Kinds.Length, cb = &OnAsk, cbdata = GCHandle.ToIntPtr(opaque) };
                return LibVirt.virConnectOpenAuth(uri, &auth, flags);
            }
        }
        finally
        {
            (wasAsked, failure) = (asked.WasAsked, asked.Failure);
            opaque.Free();
        }
    }

    // No exception may reach C: it is kept, and libvirt is told that there are no credentials.
    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int OnAsk(VirConnectCredential* credentials, uint count, nint opaque)
    {
        var asked = (Asked)GCHandle.FromIntPtr(opaque).Target!;
        try
        {
            for (var i = 0; i < count; i++)
            {
                var credential = credentials + i;
                var answer = asked.Answer(new LibvirtCredential((LibvirtCredentialKind)credential->type, Utf8.Read(credential->prompt) ?? "")
                {
                    Challenge = Utf8.Read(credential->challenge),
                    Suggestion = Utf8.Read(credential->defresult),
                });
                if (answer is null)
                {
                    return -1;
                }

                Give(credential, answer);
            }

            return 0;
        }
        catch (Exception error)
        {
            asked.Failure = error;
            return -1;
        }
    }

    private static void Give(VirConnectCredential* credential, string answer)
    {
        var length = Encoding.UTF8.GetByteCount(answer);
        var text = (byte*)NativeMemory.Alloc((nuint)length + 1);
        Encoding.UTF8.GetBytes(answer, new Span<byte>(text, length));
        text[length] = 0;
        credential->result = text;
        credential->resultlen = (uint)length;
    }

    private sealed class Asked(Func<LibvirtCredential, string?> answer)
    {
        public bool WasAsked { get; private set; }

        public Exception? Failure { get; set; }

        public string? Answer(LibvirtCredential credential)
        {
            WasAsked = true;
            return answer(credential);
        }
    }
}
