using System.Diagnostics;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using OpenBitum.Tests.Hosting;
using Xunit;

namespace OpenBitum.Tests.Gateway;

/// <summary>A real Caddy that runs `docker/Caddyfile` as it is, with its own certificate authority and its own ports.</summary>
internal sealed class Caddy : IAsyncDisposable
{
    public const string Domain = "shop.test";
    public const string Host = $"api.{Domain}";
    public const string Address = $"https://{Host}";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Process process;
    private readonly string folder;
    private readonly int httpPort;
    private readonly int httpsPort;
    private readonly StringBuilder output = new();

    private Caddy(Process process, string folder, int httpPort, int httpsPort)
    {
        this.process = process;
        this.folder = folder;
        this.httpPort = httpPort;
        this.httpsPort = httpsPort;
    }

    /// <summary>Why the tests cannot run here; null when they can.</summary>
    public static string? Missing { get; } = Executable() is null ? "caddy is not installed (apt-get install caddy)" : null;

    /// <summary>What it has printed.</summary>
    public string Output
    {
        get
        {
            lock (output)
            {
                return output.ToString();
            }
        }
    }

    /// <summary>The text of every file that it has written.</summary>
    public IEnumerable<string> Files => Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Select(File.ReadAllText);

    public static async Task<Caddy> Start(string upstream, string edgeSecret)
    {
        var folder = Directory.CreateTempSubdirectory("openbitum-caddy-").FullName;
        var (http, https) = (FreePort.Next(), FreePort.Next());
        var start = new ProcessStartInfo(
            Executable()!, ["run", "--config", Path.Combine(Root(), "docker", "Caddyfile"), "--adapter", "caddyfile"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = folder,
        };
        start.Environment["XDG_DATA_HOME"] = folder;
        start.Environment["XDG_CONFIG_HOME"] = folder;
        start.Environment["HOME"] = folder;
        start.Environment["DOMAIN"] = Domain;
        start.Environment["UPSTREAM"] = upstream;
        start.Environment["EDGE_SECRET"] = edgeSecret;
        start.Environment["GATEWAY_OPTIONS"] = $"admin off\nlocal_certs\nskip_install_trust\nhttp_port {http}\nhttps_port {https}";
        var caddy = new Caddy(Process.Start(start)!, folder, http, https);
        caddy.process.OutputDataReceived += (_, line) => caddy.Append(line.Data);
        caddy.process.ErrorDataReceived += (_, line) => caddy.Append(line.Data);
        caddy.process.BeginOutputReadLine();
        caddy.process.BeginErrorReadLine();
        await caddy.UntilItAnswers();
        return caddy;
    }

    /// <summary>A client that trusts Caddy's own authority and nothing else, and calls from an address of its choice.</summary>
    public HttpClient Client(string from = "127.0.0.1")
    {
        var authority = X509CertificateLoader.LoadCertificateFromFile(Path.Combine(folder, "caddy/pki/authorities/local/root.crt"));
        return new HttpClient(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            ConnectCallback = (context, stop) => Connect(from, context.DnsEndPoint.Port == 80 ? httpPort : httpsPort, stop),
            SslOptions = new SslClientAuthenticationOptions
            {
                CertificateChainPolicy = new X509ChainPolicy
                {
                    TrustMode = X509ChainTrustMode.CustomRootTrust,
                    CustomTrustStore = { authority },
                    RevocationMode = X509RevocationMode.NoCheck,
                },
            },
        })
        {
            BaseAddress = new Uri(Address),
            Timeout = Patience,
        };
    }

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited)
        {
            process.Kill();
        }

        await process.WaitForExitAsync();
        process.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    private static async ValueTask<Stream> Connect(string from, int port, CancellationToken stop)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(new IPEndPoint(IPAddress.Parse(from), 0));
            await socket.ConnectAsync(IPAddress.Loopback, port, stop);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private async Task UntilItAnswers()
    {
        using var patience = new CancellationTokenSource(Patience);
        using var look = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (!File.Exists(Path.Combine(folder, "caddy/pki/authorities/local/root.crt")) || !await Answers(patience.Token))
        {
            Assert.False(process.HasExited || patience.IsCancellationRequested, $"Caddy does not answer:\n{Output}");
            await look.WaitForNextTickAsync(CancellationToken.None);
        }
    }

    private async Task<bool> Answers(CancellationToken stop)
    {
        try
        {
            using var client = Client();
            using var answer = await client.GetAsync("/healthz", stop);
            return true;
        }
        catch (Exception early) when (
            early is HttpRequestException or SocketException or OperationCanceledException or CryptographicException)
        {
            // A certificate that is still being written is none yet.
            return false;
        }
    }

    private void Append(string? line)
    {
        lock (output)
        {
            output.AppendLine(line);
        }
    }

    private static string? Executable() => (Environment.GetEnvironmentVariable("PATH") ?? "")
        .Split(Path.PathSeparator).Select(path => Path.Combine(path, "caddy")).FirstOrDefault(File.Exists);

    private static string Root([CallerFilePath] string here = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "../../.."));
}
