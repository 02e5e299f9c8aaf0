using Passthrough.Sdk.Facts;

namespace Passthrough.Sdk.Pci.Configuration;

/// <summary>Accelerated Graphics Port (capability 0x02; AGP Specification 2.0, 6.1, and 3.0, 5.2).</summary>
public sealed class AgpCapability : PciCapability
{
    internal const int MinimumLength = 12;

    internal AgpCapability(in CapabilityHeader header)
        : base(header)
    {
    }

    /// <summary>Gets the major version of AGP.</summary>
    public int MajorVersion => Field(Word(0x02), 4, 4);

    /// <summary>Gets the minor version of AGP.</summary>
    public int MinorVersion => Field(Word(0x02), 0, 4);

    /// <summary>Gets whether the rates are those of AGP 3.0.</summary>
    public bool IsAgp3 => MajorVersion >= 3 && (Status & AgpFeatures.Agp3) != 0;

    /// <summary>Gets the supported features (+4).</summary>
    public AgpFeatures Status => (AgpFeatures)(DoubleWord(0x04) & 0x103f8u);

    /// <summary>Gets the number of requests that the function can keep in flight.</summary>
    public int StatusRequests => Field(DoubleWord(0x04), 24, 8) + 1;

    /// <summary>Gets the optimum size of an asynchronous request, as the base-2 logarithm of its bytes, less 4.</summary>
    public int StatusAsyncRequestSize => Field(DoubleWord(0x04), 13, 3);

    /// <summary>Gets the code of the calibration cycle that the function needs.</summary>
    public int StatusCalibration => Field(DoubleWord(0x04), 10, 3);

    /// <summary>Gets the supported transfer rates: 1, 2, 4 or 8 times 66 MHz.</summary>
    public ValueList<int> SupportedRates => [.. Rates(0x04)];

    /// <summary>Gets the enabled features (+8).</summary>
    public AgpFeatures Command => (AgpFeatures)(DoubleWord(0x08) & 0x3b0u);

    /// <summary>Gets whether AGP transactions are enabled.</summary>
    public bool IsEnabled => Bit(DoubleWord(0x08), 8);

    /// <summary>Gets the number of requests that the master may keep in flight.</summary>
    public int CommandRequests => Field(DoubleWord(0x08), 24, 8) + 1;

    /// <summary>Gets the size of an asynchronous request, as the base-2 logarithm of its bytes, less 4.</summary>
    public int CommandAsyncRequestSize => Field(DoubleWord(0x08), 13, 3);

    /// <summary>Gets the code of the calibration cycle in use.</summary>
    public int CommandCalibration => Field(DoubleWord(0x08), 10, 3);

    /// <summary>Gets the transfer rate in use; empty if no rate is selected.</summary>
    public ValueList<int> SelectedRates => [.. Rates(0x08)];

    private List<int> Rates(int at)
    {
        var rates = new List<int>(3);
        for (var bit = 0; bit < 3; bit++)
        {
            if (Bit(DoubleWord(at), bit))
            {
                rates.Add(1 << (bit + (IsAgp3 ? 2 : 0)));
            }
        }

        return rates;
    }
}
