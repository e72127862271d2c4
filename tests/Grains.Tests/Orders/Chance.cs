namespace OpenBitum.Orders;

/// <summary>Numbers that follow from a seed (SplitMix64), so that a failure can be repeated.</summary>
public sealed class Chance(int seed)
{
    private ulong state = (ulong)seed;

    public int Next(int below)
    {
        state += 0x9E3779B97F4A7C15;
        var mixed = (state ^ (state >> 30)) * 0xBF58476D1CE4E5B9;
        mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB;
        return (int)((mixed ^ (mixed >> 31)) % (ulong)below);
    }

    public List<T> Shuffle<T>(List<T> items)
    {
        for (var index = items.Count - 1; index > 0; index--)
        {
            var other = Next(index + 1);
            (items[index], items[other]) = (items[other], items[index]);
        }

        return items;
    }
}
