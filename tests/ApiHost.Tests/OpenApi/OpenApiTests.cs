using System.Net;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using OpenBitum.OpenApi;
using OpenBitum.Tests.Hosting;
using Xunit;

namespace OpenBitum.Tests.OpenApi;

public sealed class OpenApiTests(SharedServer shared)
{
    private readonly ApiServer server = shared.Server;

    [Fact]
    public void Every_route_says_what_it_is_for()
    {
        var silent = OpenApiDocument.Undescribed(server.Services.GetRequiredService<EndpointDataSource>());

        Assert.True(!silent.Any(), $"Add .Describe(<Feature>Descriptions.X) to: {string.Join("; ", silent)}");
    }

    [Fact]
    public async Task The_document_is_the_one_that_is_checked_in()
    {
        var served = await server.Get("/openapi/v1.json");
        Assert.Equal(HttpStatusCode.OK, served.Status);
        var file = Path.Combine(Repository.Root, "openapi.json");
        if (Environment.GetEnvironmentVariable("ACCEPT_OPENAPI") is "1")
        {
            await File.WriteAllTextAsync(file, served.Body, TestContext.Current.CancellationToken);
        }

        var kept = File.Exists(file) ? await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken) : "";
        Assert.True(
            served.Body == kept,
            $"openapi.json is not what the host serves; first at line {FirstDifference(served.Body, kept)}. "
            + "If the contract was meant to change: ACCEPT_OPENAPI=1 ./test ApiHost");
    }

    [Fact]
    public async Task The_document_is_asked_about_again_by_its_tag()
    {
        var first = await server.Get("/openapi/v1.json");
        Assert.StartsWith("application/json", first.Headers["Content-Type"], StringComparison.Ordinal);

        var again = await server.Get("/openapi/v1.json", null, ("If-None-Match", first.Headers["ETag"]));
        Assert.Equal(HttpStatusCode.NotModified, again.Status);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await server.Get("/openapi/v1.json?format=yaml")).Status);
    }

    private static int FirstDifference(string served, string kept) =>
        1 + served.Split('\n').Zip(kept.Split('\n')).TakeWhile(lines => lines.First == lines.Second).Count();
}
