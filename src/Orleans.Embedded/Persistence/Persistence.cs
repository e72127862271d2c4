namespace Orleans.Core
{
    public interface IStorage
    {
        string? Etag { get; }

        bool RecordExists { get; }

        Task ClearStateAsync();

        Task WriteStateAsync();

        Task ReadStateAsync();

        Task ClearStateAsync(CancellationToken cancellationToken);

        Task WriteStateAsync(CancellationToken cancellationToken);

        Task ReadStateAsync(CancellationToken cancellationToken);
    }

    public interface IStorage<TState> : IStorage
    {
        TState State { get; set; }
    }
}

namespace Orleans.Runtime
{
    /// <summary>A record of the grain, loaded before it activates.</summary>
    public interface IPersistentState<TState> : Orleans.Core.IStorage<TState>;

    /// <summary>Names the state, and the storage that keeps it.</summary>
    [AttributeUsage(AttributeTargets.Parameter)]
    public sealed class PersistentStateAttribute(string stateName, string? storageName = null) : Attribute
    {
        public string StateName { get; } = stateName;

        public string? StorageName { get; } = storageName;
    }
}

namespace Orleans
{
    public interface IGrainState<T>
    {
        T State { get; set; }

        string? ETag { get; set; }

        bool RecordExists { get; set; }
    }
}

namespace Orleans.Storage
{
    using Orleans.Runtime;

    /// <summary>
    /// Keeps grain records. Registered as a keyed service under the name that [PersistentState] gives, "Default" when it
    /// gives none; one registered without a key serves every name.
    /// </summary>
    public interface IGrainStorage
    {
        Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState);

        Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState);

        Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState);
    }

    /// <summary>Somebody else has written the record since it was read.</summary>
    public class InconsistentStateException : OrleansException
    {
        public InconsistentStateException() { }

        public InconsistentStateException(string message) : base(message) { }

        public InconsistentStateException(string message, Exception innerException) : base(message, innerException) { }

        public InconsistentStateException(string errorMsg, string? storedEtag, string? currentEtag) : base(errorMsg)
        {
            StoredEtag = storedEtag;
            CurrentEtag = currentEtag;
        }

        public string? StoredEtag { get; }

        public string? CurrentEtag { get; }

        /// <summary>True until it has crossed the first call: then it is the callee's trouble, not the caller's.</summary>
        internal bool IsSourceActivation { get; set; } = true;
    }

    /// <summary>A [PersistentState] names a storage that nobody has registered.</summary>
    public sealed class BadProviderConfigException : OrleansException
    {
        public BadProviderConfigException(string message) : base(message) { }

        public BadProviderConfigException(string message, Exception innerException) : base(message, innerException) { }
    }
}
