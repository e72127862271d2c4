using Xunit;

namespace OpenBitum.Storage;

/// <summary>Tests that nothing else of this process may run beside.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class Alone
{
    public const string Name = "alone";
}
