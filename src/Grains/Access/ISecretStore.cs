namespace OpenBitum.Access;

/// <summary>
/// Secrets that the instance makes for itself: files of the data folder on one machine, rows of the database on many.
/// </summary>
public interface ISecretStore
{
    /// <summary>
    /// The secret under this name. Whoever comes first makes it, of all processes and calls; everybody gets the same.
    /// </summary>
    /// <param name="name">Also the file's name, e.g. `issuer.jwk`.</param>
    /// <param name="make">Makes a value, which may lose the race and be thrown away.</param>
    string Keep(string name, Func<string> make);
}
