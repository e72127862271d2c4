namespace OpenBitum.Access;

/// <summary>A secret of the instance is there and cannot be used: the start ends with this one line.</summary>
/// <param name="name">Such as `issuer.jwk`.</param>
/// <param name="wanted">What it should be.</param>
/// <param name="lost">What a new one would cost.</param>
/// <param name="innerException">How it failed.</param>
internal sealed class DamagedSecretException(string name, string wanted, string lost, Exception? innerException = null)
    : Exception(
        $"The secret {name} is damaged: it is no {wanted}. Put it back from a backup, or delete it (in the data folder, or in the "
        + $"database with engine Orleans) and start again; a new one is made then, and {lost}.",
        innerException);
