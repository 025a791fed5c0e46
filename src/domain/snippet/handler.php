<?php

// Receives the webhooks of Syncfy, and handles only what Syncfy signed.
//
//   SYNCFY_WEBHOOK_SIGNATURE_KEY="$(cat syncfy.jwk)" php -S "127.0.0.1:${PORT:-3000}" handler.php

declare(strict_types=1);

const SIGNATURE_HEADER = '__SIGNATURE_HEADER__';
// What a token may be signed with; the token itself has no say in it.
const ALGORITHMS = [__ALGORITHMS__];
// How far the clocks may differ, in seconds.
const LEEWAY = __LEEWAY__;
// Syncfy does not document whether its tokens cover the body: one without the claim `body_sha256`
// proves that the sender knows the key, not that the body is unchanged. `true` refuses such tokens.
const REQUIRE_BINDING = __REQUIRE_BINDING__;
const LONGEST_BODY = 10 * 1024 * 1024;

function decode(string $text): string
{
    $bytes = base64_decode(strtr($text, '-_', '+/'), strict: true);
    return $bytes === false ? throw new DomainException('not base64url') : $bytes;
}

function encode(string $bytes): string
{
    return rtrim(strtr(base64_encode($bytes), '+/', '-_'), '=');
}

function readObject(string $json): stdClass
{
    return json_decode($json, flags: JSON_THROW_ON_ERROR);
}

// The JWK that the Syncfy dashboard shows, whose `k` may be another JWK, as an object or as text.
// `syncfy-hooks key show --reveal` makes a plain JWK of a key in any other shape.
function readKey(string|stdClass $jwk): string
{
    if (is_string($jwk)) {
        return readKey(json_decode($jwk, flags: JSON_THROW_ON_ERROR));
    }
    if (($jwk->kty ?? 'oct') !== 'oct') {
        throw new DomainException('not a key for HMAC');
    }
    $isSecret = is_string($jwk->k) && preg_match('~^[\w+/-]+=*$~D', $jwk->k);
    return $isSecret ? decode($jwk->k) : readKey($jwk->k);
}

// Returns if Syncfy signed this, and throws otherwise.
// `syncfy-hooks verify` explains why a token is refused.
// A header that comes twice arrives joined by a comma, which no token contains.
function verify(string $token, string $body, string $key): void
{
    $token = preg_replace('/^bearer\s+/i', '', $token);
    if (substr_count($token, '.') !== 2) {
        throw new DomainException('not a token');
    }
    [$header, $claims, $signature] = explode('.', $token);
    $protected = readObject(decode($header));
    $hash = ALGORITHMS[$protected->alg ?? ''] ?? null;
    if ($hash === null || property_exists($protected, 'crit')) {
        throw new DomainException('the token is of another kind');
    }
    if (!hash_equals(encode(hash_hmac($hash, "$header.$claims", $key, binary: true)), $signature)) {
        throw new DomainException('the signature is wrong');
    }

    $claims = readObject(decode($claims));
    foreach (array_intersect(['exp', 'nbf', 'iat'], array_keys((array) $claims)) as $name) {
        $at = $claims->$name;
        if (!is_int($at) && !is_float($at)) {
            throw new DomainException("`$name` is not a number");
        }
        if (!($name === 'exp' ? $at > time() - LEEWAY : $at < time() + LEEWAY)) {
            throw new DomainException("the token is not valid now: $name");
        }
    }

    $isBound = property_exists($claims, 'body_sha256');
    if (!$isBound && REQUIRE_BINDING) {
        throw new DomainException('the token does not cover the body');
    }
    // Over the bytes as they came: JSON that was parsed and written again has others.
    if ($isBound && $claims->body_sha256 !== hash('sha256', $body)) {
        throw new DomainException('the token is for another body');
    }
}

// Syncfy does not wait for this.
// An event may come again: `eid` is its idempotency key, so handle each one once.
function work(string $body): void
{
    foreach (readObject($body)->events as $event) {
        error_log("{$event->header->event->eid} {$event->header->event->name}");
    }
}

function judge(string $body): int
{
    try {
        $key = readKey(getenv('SYNCFY_WEBHOOK_SIGNATURE_KEY'));
    } catch (Throwable) {
        error_log('SYNCFY_WEBHOOK_SIGNATURE_KEY must hold the JWK that the Syncfy dashboard shows');
        return 500;
    }
    if ($_SERVER['REQUEST_METHOD'] !== 'POST') {
        return 405;
    }
    if (strlen($body) > LONGEST_BODY) {
        return 413;
    }
    try {
        verify(array_change_key_case(getallheaders())[SIGNATURE_HEADER] ?? '', $body, $key);
        return 200;
    } catch (Throwable $refused) {
        error_log("refused: {$refused->getMessage()}");
        return 401;
    }
}

ini_set('display_errors', 'stderr');
$body = file_get_contents('php://input', length: LONGEST_BODY + 1);
$status = judge($body);
http_response_code($status);
header('Content-Length: 0');
function_exists('fastcgi_finish_request') ? fastcgi_finish_request() : flush();
if ($status === 200) {
    work($body);
}
