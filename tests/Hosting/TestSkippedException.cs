using Xunit.v3;

namespace OpenBitum.Tests.Hosting;

/// <summary>Ends a test as skipped from a place that knows no assertions: the runner goes by how the message begins.</summary>
public sealed class TestSkippedException(string reason) : Exception(DynamicSkipToken.Value + reason);
