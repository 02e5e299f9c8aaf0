namespace Passthrough.Sdk.Libvirt.Guests;

/// <summary>The agent in a guest does not answer, or not in time. It may do so later.</summary>
internal sealed class GuestSilentException(string message) : Exception(message);
