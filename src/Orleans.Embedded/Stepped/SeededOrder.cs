namespace Orleans.Stepped;

/// <summary>The same numbers for the same seed on every machine: SplitMix64 (Steele, Lea, Flood, 2014).</summary>
internal sealed class SeededOrder(ulong seed)
{
    private ulong state = seed;

    /// <summary>A number below the bound.</summary>
    public int Next(int bound)
    {
        state += 0x9E3779B97F4A7C15;
        var mixed = state;
        mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9;
        mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB;
        mixed ^= mixed >> 31;
        return (int)(((UInt128)mixed * (uint)bound) >> 64);
    }
}
