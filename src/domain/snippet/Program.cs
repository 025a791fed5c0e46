// Receives the webhooks of Syncfy, and handles only what Syncfy signed.
//
//   dotnet new web   (.NET 8 or later; this is its `Program.cs`)
//   SYNCFY_WEBHOOK_SIGNATURE_KEY="$(cat syncfy.jwk)" dotnet run

using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

byte[] key;
try
{
    key = Syncfy.ReadKey(Environment.GetEnvironmentVariable("SYNCFY_WEBHOOK_SIGNATURE_KEY") ?? "");
}
catch (Exception)
{
    Console.Error.WriteLine("SYNCFY_WEBHOOK_SIGNATURE_KEY must hold the JWK that the Syncfy dashboard shows");
    return 1;
}

var builder = WebApplication.CreateBuilder(args);
builder.WebHost.ConfigureKestrel(kestrel => kestrel.Limits.MaxRequestBodySize = Syncfy.LongestBody);
var app = builder.Build();
app.Urls.Add($"http://127.0.0.1:{Environment.GetEnvironmentVariable("PORT") ?? "3000"}");
app.MapPost("/", async (HttpRequest request) =>
{
    using var stream = new MemoryStream();
    await request.Body.CopyToAsync(stream);
    var body = stream.ToArray();
    try
    {
        Syncfy.Verify(request.Headers[Syncfy.SignatureHeader].ToString(), body, key);
    }
    catch (Exception refused)
    {
        // Other exceptions than those below quote what the token says.
        var isOurs = refused.GetType() == typeof(CryptographicException);
        Console.Error.WriteLine("refused: " + (isOurs ? refused.Message : "not a token"));
        return Results.StatusCode(401);
    }
    request.HttpContext.Response.OnCompleted(() => Task.Run(() => Syncfy.Work(body)));
    return Results.Ok();
});
await app.StartAsync();
Console.WriteLine($"listening on {app.Urls.First()}");
await app.WaitForShutdownAsync();
return 0;

static class Syncfy
{
    public const string SignatureHeader = "__SIGNATURE_HEADER__";
    public const int LongestBody = 10 * 1024 * 1024;
    // What a token may be signed with; the token itself has no say in it.
    static readonly Dictionary<string, Func<byte[], byte[], byte[]>> Algorithms = new()
    {
        __ALGORITHMS__
    };
    // How far the clocks may differ, in seconds.
    const int Leeway = __LEEWAY__;
    // Syncfy does not document whether its tokens cover the body: one without the claim `body_sha256`
    // proves that the sender knows the key, not that the body is unchanged. `true` refuses such tokens.
    static readonly bool RequireBinding = __REQUIRE_BINDING__;

    static byte[] Decode(string text)
    {
        var padding = new string('=', (4 - text.Length % 4) % 4);
        return Convert.FromBase64String(text.Replace('-', '+').Replace('_', '/') + padding);
    }

    static string Encode(byte[] bytes) =>
        Convert.ToBase64String(bytes).TrimEnd('=').Replace('+', '-').Replace('/', '_');

    // The JWK that the Syncfy dashboard shows, whose `k` may be another JWK, as an object or as text.
    // `syncfy-hooks key show --reveal` makes a plain JWK of a key in any other shape.
    public static byte[] ReadKey(string json)
    {
        var jwk = JsonDocument.Parse(json).RootElement;
        if (jwk.ValueKind == JsonValueKind.String) return ReadKey(jwk.ToString());
        if (jwk.TryGetProperty("kty", out var kty) && kty.ToString() != "oct")
            throw new CryptographicException("not a key for HMAC");
        var k = jwk.GetProperty("k").ToString();
        return Regex.IsMatch(k, @"\A[A-Za-z0-9+/_-]+=*\z") ? Decode(k) : ReadKey(k);
    }

    static JsonElement ReadPart(string part)
    {
        var json = JsonDocument.Parse(Decode(part)).RootElement;
        if (json.ValueKind != JsonValueKind.Object) throw new CryptographicException("not an object");
        return json;
    }

    // Returns if Syncfy signed this, and throws otherwise.
    // `syncfy-hooks verify` explains why a token is refused.
    // A header that comes twice arrives joined by a comma, which no token contains.
    public static void Verify(string token, byte[] body, byte[] key)
    {
        var parts = Regex.Replace(token, @"^bearer\s+", "", RegexOptions.IgnoreCase).Split('.');
        if (parts.Length != 3) throw new CryptographicException("not a token");
        var header = ReadPart(parts[0]);
        Algorithms.TryGetValue(header.GetProperty("alg").ToString(), out var hmac);
        if (hmac is null || header.TryGetProperty("crit", out _))
            throw new CryptographicException("the token is of another kind");
        var expected = Encode(hmac(key, Encoding.UTF8.GetBytes(parts[0] + "." + parts[1])));
        if (!CryptographicOperations.FixedTimeEquals(
                Encoding.UTF8.GetBytes(expected), Encoding.UTF8.GetBytes(parts[2])))
            throw new CryptographicException("the signature is wrong");

        var claims = ReadPart(parts[1]);
        var now = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        foreach (var name in new[] { "exp", "nbf", "iat" })
        {
            if (!claims.TryGetProperty(name, out var claim)) continue;
            var at = claim.ValueKind == JsonValueKind.Number ? claim.GetDouble() : double.NaN;
            if (!(name == "exp" ? at > now - Leeway : at < now + Leeway))
                throw new CryptographicException($"the token is not valid now: {name}");
        }

        var isBound = claims.TryGetProperty("body_sha256", out var bound);
        if (!isBound && RequireBinding)
            throw new CryptographicException("the token does not cover the body");
        // Over the bytes as they came: JSON that was parsed and written again has others.
        var digest = Convert.ToHexString(SHA256.HashData(body)).ToLowerInvariant();
        if (isBound && bound.ToString() != digest)
            throw new CryptographicException("the token is for another body");
    }

    // Syncfy does not wait for this.
    // An event may come again: `eid` is its idempotency key, so handle each one once.
    public static void Work(byte[] body)
    {
        var notification = JsonDocument.Parse(body).RootElement;
        foreach (var item in notification.GetProperty("events").EnumerateArray())
        {
            var about = item.GetProperty("header").GetProperty("event");
            Console.WriteLine($"{about.GetProperty("eid")} {about.GetProperty("name")}");
        }
    }
}
