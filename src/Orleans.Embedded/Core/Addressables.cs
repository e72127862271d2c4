namespace Orleans.Runtime
{
    /// <summary>Something that can be called by its address rather than by a reference in memory.</summary>
    public interface IAddressable;
}

namespace Orleans
{
    using Orleans.Runtime;

    /// <summary>Marks every grain interface.</summary>
    public interface IGrain : IAddressable;

    /// <summary>A grain whose key is a string; the only kind of key this engine knows.</summary>
    public interface IGrainWithStringKey : IGrain;

    /// <summary>Makes references to grains. Synchronous and free of I/O: a grain always exists.</summary>
    public interface IGrainFactory
    {
        /// <summary>A reference to the grain of interface <typeparamref name="TGrainInterface"/> with this key.</summary>
        /// <exception cref="ArgumentException">
        /// No grain class implements the interface, or several do and the prefix does not choose one.
        /// </exception>
        TGrainInterface GetGrain<TGrainInterface>(string primaryKey, string? grainClassNamePrefix = null)
            where TGrainInterface : IGrainWithStringKey;
    }

    /// <summary>The way in from outside the grains.</summary>
    public interface IClusterClient : IGrainFactory;

    public static class GrainExtensions
    {
        /// <summary>The key of the grain that this reference or grain stands for.</summary>
        /// <exception cref="ArgumentException">The object is neither a grain nor a reference to one.</exception>
        public static string GetPrimaryKeyString(this IAddressable grain) => GetGrainId(grain).Key;

        /// <summary>The identity of the grain that this reference or grain stands for.</summary>
        /// <exception cref="ArgumentException">The object is neither a grain nor a reference to one.</exception>
        public static GrainId GetGrainId(this IAddressable grain) => grain switch
        {
            IGrainBase instance => instance.GrainContext.GrainId,
            GrainReference reference => reference.GrainId,
            null => throw new ArgumentNullException(nameof(grain)),
            _ => throw new ArgumentException($"A {grain.GetType()} is neither a grain nor a grain reference.", nameof(grain)),
        };
    }
}
