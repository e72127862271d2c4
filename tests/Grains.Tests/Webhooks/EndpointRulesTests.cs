using System.Net;

namespace OpenBitum.Webhooks;

public sealed class EndpointRulesTests
{
    private static readonly EndpointPolicy Strict = new(IsLocal: false, PrivateHosts: []);
    private static readonly EndpointPolicy Local = new(IsLocal: true, PrivateHosts: default);

    [Theory]
    [InlineData("8.8.8.8")]
    [InlineData("1.1.1.1")]
    [InlineData("100.63.255.255")]
    [InlineData("100.128.0.0")]
    [InlineData("172.15.255.255")]
    [InlineData("172.32.0.0")]
    [InlineData("198.17.255.255")]
    [InlineData("198.20.0.0")]
    [InlineData("223.255.255.255")]
    [InlineData("2606:4700::1111")]
    [InlineData("2a00:1450:4001::1")]
    public void An_address_of_the_public_internet_may_be_called(string address) => Assert.True(PublicAddress.Is(IPAddress.Parse(address)));

    [Theory]
    [InlineData("0.0.0.0")]
    [InlineData("0.1.2.3")]
    [InlineData("10.0.0.1")]
    [InlineData("100.64.0.1")]
    [InlineData("100.127.255.255")]
    [InlineData("127.0.0.1")]
    [InlineData("127.255.255.254")]
    [InlineData("169.254.169.254")]
    [InlineData("172.16.0.1")]
    [InlineData("172.31.255.255")]
    [InlineData("192.0.0.8")]
    [InlineData("192.0.2.1")]
    [InlineData("192.88.99.1")]
    [InlineData("192.168.1.1")]
    [InlineData("198.18.0.1")]
    [InlineData("198.19.255.255")]
    [InlineData("198.51.100.7")]
    [InlineData("203.0.113.7")]
    [InlineData("224.0.0.1")]
    [InlineData("239.255.255.255")]
    [InlineData("240.0.0.1")]
    [InlineData("255.255.255.255")]
    [InlineData("::")]
    [InlineData("::1")]
    [InlineData("::127.0.0.1")]
    [InlineData("::ffff:127.0.0.1")]
    [InlineData("::ffff:8.8.8.8")]
    [InlineData("::ffff:0:8.8.8.8")]
    [InlineData("64:ff9b::a00:1")]
    [InlineData("64:ff9b:1::1")]
    [InlineData("100::1")]
    [InlineData("2001::1")]
    [InlineData("2001:2::1")]
    [InlineData("2001:10::1")]
    [InlineData("2001:20::1")]
    [InlineData("2001:db8::1")]
    [InlineData("2002:7f00:1::1")]
    [InlineData("2a00:1450::200:5efe:7f00:1")]
    [InlineData("2a00:1450::5efe:a00:1")]
    [InlineData("3fff::1")]
    [InlineData("5f00::1")]
    [InlineData("fc00::1")]
    [InlineData("fd12:3456::1")]
    [InlineData("fe80::1")]
    [InlineData("fec0::1")]
    [InlineData("ff02::1")]
    public void Any_other_address_is_refused(string address) => Assert.False(PublicAddress.Is(IPAddress.Parse(address)));

    [Theory]
    [InlineData("https://shop.example/hook")]
    [InlineData("https://shop.example")]
    [InlineData("HTTPS://Shop.Example/Hook?a=1")]
    [InlineData("https://shop.example:80/")]
    [InlineData("https://shop.example:8443/")]
    [InlineData("https://shop.example:1024/")]
    [InlineData("https://xn--bcher-kva.example/")]
    [InlineData("https://8.8.8.8/")]
    [InlineData("https://[2606:4700::1111]/")]
    [InlineData("https://1.example/")]
    public void A_public_https_url_is_saved(string url) => Assert.Null(WebhookUrl.Check(url, Strict)?.Code);

    [Theory]
    [InlineData(null, "required")]
    [InlineData("", "required")]
    [InlineData("shop.example/hook", "bad_format")]
    [InlineData("https:shop.example", "bad_format")]
    [InlineData("https:///hook", "bad_format")]
    [InlineData("ftp://shop.example/", "bad_format")]
    [InlineData("file:///etc/passwd", "bad_format")]
    [InlineData("javascript:alert(1)", "bad_format")]
    [InlineData("https://shop.example/a b", "bad_format")]
    [InlineData("https://shop.example/a\nb", "bad_format")]
    [InlineData("https://shop.example\\@127.0.0.1/", "bad_format")]
    [InlineData("https://bücher.example/", "bad_format")]
    [InlineData("https://127。0。0。1/", "bad_format")]
    [InlineData("http://shop.example/", "unsafe_url")]
    [InlineData("https://user@shop.example/", "unsafe_url")]
    [InlineData("https://user:pass@shop.example/", "unsafe_url")]
    [InlineData("https://@shop.example/", "unsafe_url")]
    [InlineData("https://shop.example:22/", "unsafe_url")]
    [InlineData("https://shop.example:81/", "unsafe_url")]
    [InlineData("https://shop.example:1023/", "unsafe_url")]
    [InlineData("https://shop.example:6379/", "unsafe_url")]
    [InlineData("https://shop.example:11211/", "unsafe_url")]
    [InlineData("https://127.0.0.1/", "unsafe_url")]
    [InlineData("https://127.1/", "unsafe_url")]
    [InlineData("https://2130706433/", "unsafe_url")]
    [InlineData("https://0x7f000001/", "unsafe_url")]
    [InlineData("https://0x7f.0.0.1/", "unsafe_url")]
    [InlineData("https://0177.0.0.1/", "unsafe_url")]
    [InlineData("https://8.8.8.010/", "unsafe_url")]
    [InlineData("https://8.8.2056/", "unsafe_url")]
    [InlineData("https://1.2.3.4.5/", "unsafe_url")]
    [InlineData("https://shop.0x7f/", "unsafe_url")]
    [InlineData("https://127.0.0.1./", "unsafe_url")]
    [InlineData("https://%31%32%37.0.0.1/", "bad_format")]
    [InlineData("https://shop%2eexample/", "bad_format")]
    [InlineData("https://169.254.169.254/latest/meta-data", "unsafe_url")]
    [InlineData("https://[::1]/", "unsafe_url")]
    [InlineData("https://[::ffff:8.8.8.8]/", "unsafe_url")]
    [InlineData("https://[fe80::1%25eth0]/", "unsafe_url")]
    [InlineData("https://localhost/", "unsafe_url")]
    [InlineData("https://a.localhost/", "unsafe_url")]
    [InlineData("https://intranet/", "unsafe_url")]
    public void Anything_else_is_refused_with_its_reason(string? url, string code) => Assert.Equal(code, WebhookUrl.Check(url, Strict)?.Code);

    [Theory]
    [InlineData(2_048, null)]
    [InlineData(2_049, "too_long")]
    public void A_url_has_at_most_2048_characters(int length, string? code) =>
        Assert.Equal(code, WebhookUrl.Check("https://shop.example/".PadRight(length, 'x'), Strict)?.Code);

    [Theory]
    [InlineData("http://127.0.0.1:8080/", null)]
    [InlineData("http://[::1]:8080/", null)]
    [InlineData("http://localhost:8080/", null)]
    [InlineData("http://shop.example/", null)]
    [InlineData("http://192.168.1.1/", "unsafe_url")]
    [InlineData("http://intranet/", "unsafe_url")]
    [InlineData("http://127.1/", "unsafe_url")]
    [InlineData("http://localhost:5432/", "unsafe_url")]
    public void A_local_instance_may_call_this_machine_without_TLS(string url, string? code) =>
        Assert.Equal(code, WebhookUrl.Check(url, Local)?.Code);

    [Theory]
    [InlineData("http://10.1.2.3:8080/", null)]
    [InlineData("http://sink/", null)]
    [InlineData("http://SINK/", null)]
    [InlineData("http://10.1.2.4/", "unsafe_url")]
    [InlineData("http://localhost/", "unsafe_url")]
    public void A_named_private_host_may_be_called_and_no_other(string url, string? code) =>
        Assert.Equal(code, WebhookUrl.Check(url, new EndpointPolicy(IsLocal: false, ["10.1.2.3", "sink"]))?.Code);

    [Theory]
    [InlineData("shop.example", "8.8.8.8", true)]
    [InlineData("shop.example", "8.8.8.8 2606:4700::1111", true)]
    [InlineData("shop.example", "8.8.8.8 10.0.0.1", false)]
    [InlineData("shop.example", "::1", false)]
    [InlineData("sink", "10.0.0.1", true)]
    [InlineData("evil.example", "10.1.2.3", false)]
    [InlineData("10.1.2.3", "", true)]
    [InlineData("10.1.2.4", "", false)]
    public async Task Every_address_that_a_name_leads_to_is_checked(string host, string addresses, bool allowed)
    {
        var guard = new EndpointGuard(
            new EndpointPolicy(IsLocal: false, ["10.1.2.3", "sink"]),
            (_, _) => Task.FromResult(addresses.Split(' ').Select(IPAddress.Parse).ToArray()));
        var checking = guard.Checked(host, TestContext.Current.CancellationToken);

        if (allowed)
        {
            Assert.NotEmpty(await checking);
        }
        else
        {
            var refusal = await Assert.ThrowsAsync<EndpointRefusedException>(() => checking);
            Assert.DoesNotContain("10.", refusal.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_name_is_resolved_and_checked_again_at_every_connection()
    {
        var answers = new Queue<string>(["8.8.8.8", "127.0.0.1"]);
        var guard = new EndpointGuard(Strict, (_, _) => Task.FromResult<IPAddress[]>([IPAddress.Parse(answers.Dequeue())]));

        Assert.NotEmpty(await guard.Checked("rebind.example", TestContext.Current.CancellationToken));
        await Assert.ThrowsAsync<EndpointRefusedException>(() => guard.Checked("rebind.example", TestContext.Current.CancellationToken));
    }
}
