// Receives the webhooks of Syncfy, and handles only what Syncfy signed.
//
// With `jackson-databind` (and `-core` and `-annotations`) in the folder `lib`:
//
//   SYNCFY_WEBHOOK_SIGNATURE_KEY="$(cat syncfy.jwk)" java -cp 'lib/*' Handler.java

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

public class Handler {
    static final String SIGNATURE_HEADER = "__SIGNATURE_HEADER__";
    // What a token may be signed with; the token itself has no say in it.
    static final Map<String, String> ALGORITHMS = Map.of(
            __ALGORITHMS__);
    // How far the clocks may differ, in seconds.
    static final long LEEWAY = __LEEWAY__;
    // Syncfy does not document whether its tokens cover the body: one without the claim `body_sha256`
    // proves that the sender knows the key, not that the body is unchanged. `true` refuses such tokens.
    static final boolean REQUIRE_BINDING = __REQUIRE_BINDING__;
    static final int LONGEST_BODY = 10 * 1024 * 1024;

    static final ObjectMapper JSON =
            new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    // The JWK that the Syncfy dashboard shows, whose `k` may be another JWK, as an object or as text.
    // `syncfy-hooks key show --reveal` makes a plain JWK of a key in any other shape.
    static byte[] readKey(JsonNode jwk) throws Exception {
        if (jwk.isTextual()) {
            return readKey(JSON.readTree(jwk.textValue()));
        }
        if (!jwk.isObject() || !jwk.path("kty").asText("oct").equals("oct")) {
            throw new GeneralSecurityException("not a key for HMAC");
        }
        JsonNode k = jwk.path("k");
        boolean isSecret = k.isTextual() && k.textValue().matches("[\\w+/-]+=*");
        String urlSafe = k.asText().replace('+', '-').replace('/', '_');
        return isSecret ? Base64.getUrlDecoder().decode(urlSafe) : readKey(k);
    }

    static JsonNode readPart(String part) throws Exception {
        JsonNode object = JSON.readTree(Base64.getUrlDecoder().decode(part));
        if (!object.isObject()) {
            throw new GeneralSecurityException("not an object");
        }
        return object;
    }

    // Returns if Syncfy signed this, and throws otherwise.
    // `syncfy-hooks verify` explains why a token is refused.
    static void verify(List<String> signatures, byte[] body, byte[] key) throws Exception {
        if (signatures == null || signatures.size() != 1) {
            throw new GeneralSecurityException("exactly one signature is needed");
        }
        String[] parts = signatures.get(0).replaceFirst("(?i)^bearer\\s+", "").split("\\.", -1);
        if (parts.length != 3) {
            throw new GeneralSecurityException("not a token");
        }
        JsonNode header = readPart(parts[0]);
        String algorithm = ALGORITHMS.get(header.path("alg").asText());
        if (algorithm == null || header.has("crit")) {
            throw new GeneralSecurityException("the token is of another kind");
        }
        Mac mac = Mac.getInstance(algorithm);
        mac.init(new SecretKeySpec(key, algorithm));
        byte[] hmac = mac.doFinal((parts[0] + "." + parts[1]).getBytes(StandardCharsets.US_ASCII));
        byte[] expected = Base64.getUrlEncoder().withoutPadding().encode(hmac);
        if (!MessageDigest.isEqual(expected, parts[2].getBytes(StandardCharsets.ISO_8859_1))) {
            throw new GeneralSecurityException("the signature is wrong");
        }

        JsonNode claims = readPart(parts[1]);
        double now = System.currentTimeMillis() / 1000.0;
        for (String name : List.of("exp", "nbf", "iat")) {
            double at = claims.path(name).asDouble();
            boolean isNow = name.equals("exp") ? at > now - LEEWAY : at < now + LEEWAY;
            if (claims.has(name) && !(claims.path(name).isNumber() && isNow)) {
                throw new GeneralSecurityException("the token is not valid now: " + name);
            }
        }

        if (REQUIRE_BINDING && !claims.has("body_sha256")) {
            throw new GeneralSecurityException("the token does not cover the body");
        }
        // Over the bytes as they came: JSON that was parsed and written again has others.
        String digest = HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(body));
        if (claims.has("body_sha256") && !digest.equals(claims.path("body_sha256").textValue())) {
            throw new GeneralSecurityException("the token is for another body");
        }
    }

    // Syncfy does not wait for this.
    // An event may come again: `eid` is its idempotency key, so handle each one once.
    static void work(byte[] body) throws Exception {
        for (JsonNode event : JSON.readTree(body).path("events")) {
            JsonNode about = event.path("header").path("event");
            System.out.println(about.path("eid").asText() + " " + about.path("name").asText());
        }
    }

    static int judge(HttpExchange exchange, byte[] body, byte[] key) {
        if (!exchange.getRequestMethod().equals("POST")) {
            return 405;
        }
        if (body.length > LONGEST_BODY) {
            return 413;
        }
        try {
            verify(exchange.getRequestHeaders().get(SIGNATURE_HEADER), body, key);
            return 200;
        } catch (Exception refused) {
            // Other exceptions than those above quote what the token says.
            boolean isOurs = refused.getClass() == GeneralSecurityException.class;
            System.err.println("refused: " + (isOurs ? refused.getMessage() : "not a token"));
            return 401;
        }
    }

    static byte[] readKeyOrExit() {
        try {
            return readKey(JSON.readTree(System.getenv("SYNCFY_WEBHOOK_SIGNATURE_KEY")));
        } catch (Exception unusable) {
            System.err.println("SYNCFY_WEBHOOK_SIGNATURE_KEY must hold the JWK that the Syncfy dashboard shows");
            System.exit(1);
            return null;
        }
    }

    public static void main(String[] args) throws Exception {
        byte[] key = readKeyOrExit();
        int port = Integer.parseInt(System.getenv().getOrDefault("PORT", "3000"));
        HttpServer server = HttpServer.create(new InetSocketAddress("127.0.0.1", port), 0);
        server.setExecutor(Executors.newFixedThreadPool(16));
        server.createContext("/", exchange -> {
            byte[] body = exchange.getRequestBody().readNBytes(LONGEST_BODY + 1);
            int status = judge(exchange, body, key);
            exchange.sendResponseHeaders(status, -1);
            exchange.close();
            if (status == 200) {
                try {
                    work(body);
                } catch (Exception failed) {
                    failed.printStackTrace();
                }
            }
        });
        server.start();
        System.out.println("listening on http://127.0.0.1:" + server.getAddress().getPort());
    }
}
