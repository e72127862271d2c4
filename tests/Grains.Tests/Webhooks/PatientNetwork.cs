namespace OpenBitum.Webhooks;

/// <summary>
/// The network of deliveries as it is, but for the time that a connection may take: that is the machine's own, and a loaded one may
/// need more of it to reach itself.
/// </summary>
internal static class PatientNetwork
{
    /// <summary>Ends what would otherwise hang.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    public static SocketsHttpHandler Through(EndpointGuard guard)
    {
        var handler = EndpointClient.Handler(guard);
        handler.ConnectTimeout = Patience;
        return handler;
    }
}
