namespace Passthrough.Sdk.Host.MediatedDevices;

/// <summary>The udev rule that creates the defined mediated devices when their parent appears.</summary>
/// <param name="Rule">The path of the rule's file.</param>
/// <param name="Program">The program that the rule runs; null if the rule names none.</param>
/// <param name="Exists">Whether that program exists; null if this is unknown.</param>
/// <remarks>
/// Source: 60-mdevctl.rules in the directories of udev. Debian 12's mdevctl has a rule that runs /usr/sbin/mdevctl, but it installs
/// /usr/bin/mdevctl, so that nothing is started. Thread safety: immutable.
/// </remarks>
public sealed record MediatedStarter(string Rule, string? Program, bool? Exists);
