using OpenBitum.Silo;
using Xunit;

namespace OpenBitum.Tests.Access;

public sealed class FileSecretsTests
{
    private const int Comers = 8;

    [Fact]
    public void A_secret_is_made_once_however_many_come_first()
    {
        for (var round = 0; round < 25; round++)
        {
            var folder = Directory.CreateTempSubdirectory("openbitum-key-").FullName;
            var secrets = new FileSecrets(folder);
            using var allFoundNothing = new Barrier(Comers);
            var kept = new string[Comers];
            var threads = Enumerable.Range(0, Comers).Select(number => new Thread(() => kept[number] = secrets.Keep("issuer.jwk", () =>
            {
                allFoundNothing.SignalAndWait();
                return $"key {number}";
            }))).ToList();
            threads.ForEach(thread => thread.Start());
            threads.ForEach(thread => thread.Join());

            Assert.StartsWith("key ", Assert.Single(kept.Distinct()), StringComparison.Ordinal);
            Assert.Equal(kept[0], secrets.Keep("issuer.jwk", () => "a later key"));
            Assert.Equal(["issuer.jwk"], Directory.GetFiles(folder).Select(Path.GetFileName));
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void A_secret_is_its_owners_only()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("Windows has no file modes.");
            return;
        }

        var folder = Directory.CreateTempSubdirectory("openbitum-key-").FullName;

        new FileSecrets(folder).Keep("issuer.jwk", () => "key");

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(folder, "issuer.jwk")));
        Directory.Delete(folder, recursive: true);
    }
}
