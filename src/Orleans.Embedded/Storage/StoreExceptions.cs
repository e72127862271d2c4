using System.Data.Common;

namespace Orleans.Storage;

/// <summary>
/// The store could not take the work: the disk is full or read-only, a queue is full, or the store has stopped. A
/// write that ends so was not acknowledged and its caller may repeat it.
/// </summary>
/// <remarks>
/// A <see cref="DbException"/> that is transient, as the one of any database driver would be: a host that answers 503
/// to transient database errors needs to know neither this engine nor the other.
/// </remarks>
public sealed class StoreUnavailableException : DbException
{
    public StoreUnavailableException() { }

    public StoreUnavailableException(string message) : base(message) { }

    public StoreUnavailableException(string message, Exception? innerException) : base(message, innerException) { }

    public override bool IsTransient => true;
}

/// <summary>Why a data directory is not opened.</summary>
public enum StoreRefusal
{
    /// <summary>Another process holds it.</summary>
    InUse,

    /// <summary>There is no file in it, and none is to be made.</summary>
    Missing,

    /// <summary>It cannot be created or written.</summary>
    NotWritable,

    /// <summary>The file is damaged, or is no database.</summary>
    Corrupt,

    /// <summary>A later program has been at work on it.</summary>
    NewerThanProgram,

    /// <summary>An applied schema script has another text now, a new one stands before it, or one does not run.</summary>
    ScriptsDiffer,
}

/// <summary>The store does not open, and the message says what a person can do about it.</summary>
public sealed class StoreRefusedException(StoreRefusal refusal, string message, Exception? innerException = null)
    : Exception(message, innerException)
{
    public StoreRefusal Refusal { get; } = refusal;
}
