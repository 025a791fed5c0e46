// Receives the webhooks of Syncfy, and handles only what Syncfy signed.
//
//   dotnet new web   (.NET 8 or later; this is its `Program.cs`)
//   SYNCFY_WEBHOOK_SIGNATURE_KEY="$(cat syncfy.jwk)" dotnet run

using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.WebUtilities;

const string SignatureHeader = "__SIGNATURE_HEADER__";
// What a token may be signed with; the token itself has no say in it.
Dictionary<string, Func<byte[], byte[], byte[]>> algorithms = new()
{
    __ALGORITHMS__
};
// How far the clocks may differ, in seconds.
const int Leeway = __LEEWAY__;
// Syncfy does not document whether its tokens cover the body: one without the claim `body_sha256`
// proves that the sender knows the key, not that the body is unchanged. `true` refuses such tokens.
bool requireBinding = __REQUIRE_BINDING__;
const int LongestBody = 10 * 1024 * 1024;

byte[] key;
try
{
    var jwk = Environment.GetEnvironmentVariable("SYNCFY_WEBHOOK_SIGNATURE_KEY")!;
    key = ReadKey(JsonDocument.Parse(jwk).RootElement);
}
catch (Exception)
{
    Console.Error.WriteLine("SYNCFY_WEBHOOK_SIGNATURE_KEY must hold the JWK that the Syncfy dashboard shows");
    return 1;
}

var builder = WebApplication.CreateBuilder(args);
builder.WebHost.ConfigureKestrel(kestrel => kestrel.Limits.MaxRequestBodySize = LongestBody);
var app = builder.Build();
app.Urls.Add($"http://127.0.0.1:{Environment.GetEnvironmentVariable("PORT") ?? "3000"}");
app.MapPost("/", async (HttpRequest request) =>
{
    using var stream = new MemoryStream();
    await request.Body.CopyToAsync(stream);
    var body = stream.ToArray();
    try
    {
        Verify(request.Headers[SignatureHeader].ToArray(), body);
    }
    catch (Exception)
    {
        return Results.StatusCode(401);
    }
    _ = Task.Run(() => Work(body));
    return Results.Ok();
});
await app.StartAsync();
Console.WriteLine($"listening on {app.Urls.First()}");
await app.WaitForShutdownAsync();
return 0;

// The JWK that the Syncfy dashboard shows, whose `k` may be another JWK, as an object or as text.
// `syncfy-hooks key show --reveal` makes a plain JWK of a key in any other shape.
byte[] ReadKey(JsonElement jwk)
{
    if (jwk.GetProperty("kty").GetString() != "oct")
        throw new CryptographicException("not a key for HMAC");
    var k = jwk.GetProperty("k");
    if (k.ValueKind == JsonValueKind.Object) return ReadKey(k);
    var text = k.GetString()!;
    var isSecret = Regex.IsMatch(text, @"\A[A-Za-z0-9_-]+\z");
    return isSecret ? WebEncoders.Base64UrlDecode(text) : ReadKey(JsonDocument.Parse(text).RootElement);
}

byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

JsonElement ReadPart(string part)
{
    var json = JsonDocument.Parse(WebEncoders.Base64UrlDecode(part)).RootElement;
    if (json.ValueKind != JsonValueKind.Object) throw new CryptographicException("not an object");
    return json;
}

// Returns if Syncfy signed this, and throws otherwise.
// `syncfy-hooks verify` explains why a token is refused.
void Verify(string?[] signatures, byte[] body)
{
    if (signatures is not [string token])
        throw new CryptographicException("exactly one signature is needed");
    if (token.Split('.') is not [var part1, var part2, var signature])
        throw new CryptographicException("not a token");
    var header = ReadPart(part1);
    var hmac = algorithms[header.GetProperty("alg").GetString()!];
    if (header.TryGetProperty("crit", out _))
        throw new CryptographicException("the token is of another kind");
    var expected = WebEncoders.Base64UrlEncode(hmac(key, Bytes($"{part1}.{part2}")));
    if (!CryptographicOperations.FixedTimeEquals(Bytes(expected), Bytes(signature)))
        throw new CryptographicException("the signature is wrong");

    var claims = ReadPart(part2);
    var now = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
    foreach (var name in new[] { "exp", "nbf", "iat" })
    {
        if (!claims.TryGetProperty(name, out var claim)) continue;
        var at = claim.GetDouble(); // throws where it is not a number
        if (!(name == "exp" ? at > now - Leeway : at < now + Leeway))
            throw new CryptographicException($"the token is not valid now: {name}");
    }

    var isBound = claims.TryGetProperty("body_sha256", out var bound);
    if (!isBound && requireBinding)
        throw new CryptographicException("the token does not cover the body");
    // Over the bytes as they came: JSON that was parsed and written again has others.
    var digest = Convert.ToHexString(SHA256.HashData(body)).ToLowerInvariant();
    if (isBound && bound.GetString() != digest)
        throw new CryptographicException("the token is for another body");
}

// Runs after Syncfy was answered.
// An event may come again: `eid` is its idempotency key, so handle each one once.
void Work(byte[] body)
{
    var notification = JsonDocument.Parse(body).RootElement;
    foreach (var item in notification.GetProperty("events").EnumerateArray())
    {
        var about = item.GetProperty("header").GetProperty("event");
        Console.WriteLine($"{about.GetProperty("eid")} {about.GetProperty("name")}");
    }
}
