using OpenBitum.Silo;
using Xunit;

namespace OpenBitum.Tests.Access;

public sealed class FileSecretsTests
{
    [Fact]
    public async Task The_issuers_key_is_its_owners_only_and_made_once_however_many_come_first()
    {
        var folder = Directory.CreateTempSubdirectory("openbitum-key-").FullName;
        var secrets = new FileSecrets(folder);
        var ready = new TaskCompletionSource();

        var made = await Task.WhenAll(Enumerable.Range(0, 16).Select(async number =>
        {
            await ready.Task.ContinueWith(_ => { }, TaskScheduler.Default);
            return secrets.Keep("issuer.jwk", () => $"key {number}");
        }).Append(Release()));

        Assert.Single(made.Where(key => key.Length > 0).Distinct());
        Assert.Equal(["issuer.jwk"], Directory.GetFiles(folder).Select(Path.GetFileName));
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(folder, "issuer.jwk")));
        }

        Directory.Delete(folder, recursive: true);

        Task<string> Release()
        {
            ready.SetResult();
            return Task.FromResult("");
        }
    }
}
