// Receives the webhooks of Syncfy, and handles only what Syncfy signed.
//
//   npm install jose
//   SYNCFY_WEBHOOK_SIGNATURE_KEY="$(cat syncfy.jwk)" node handler.mjs

import { createHash } from "node:crypto";
import { createServer } from "node:http";
import { base64url, jwtVerify } from "jose";

const SIGNATURE_HEADER = "__SIGNATURE_HEADER__";
// What a token may be signed with; the token itself has no say in it.
const ALGORITHMS = [__ALGORITHMS__];
// How far the clocks may differ, in seconds.
const LEEWAY = __LEEWAY__;
// Syncfy does not document whether its tokens cover the body: one without the claim `body_sha256`
// proves that the sender knows the key, not that the body is unchanged. `true` refuses such tokens.
const REQUIRE_BINDING = __REQUIRE_BINDING__;
const LONGEST_BODY = 10 * 1024 * 1024;

// The JWK that the Syncfy dashboard shows, whose `k` may be another JWK, as an object or as text.
// `syncfy-hooks key show --reveal` makes a plain JWK of a key in any other shape.
function readKey(jwk) {
  if (typeof jwk === "string") return readKey(JSON.parse(jwk));
  const { kty = "oct", k } = jwk;
  if (kty !== "oct") throw new Error("not a key for HMAC");
  const isSecret = typeof k === "string" && /^[\w+/-]{2,}=*$/.test(k);
  return isSecret ? Buffer.from(k, "base64") : readKey(k);
}

let key;
try {
  key = readKey(process.env.SYNCFY_WEBHOOK_SIGNATURE_KEY);
} catch {
  console.error("SYNCFY_WEBHOOK_SIGNATURE_KEY must hold the JWK that the Syncfy dashboard shows");
  process.exit(1);
}

// Returns if Syncfy signed this, and throws otherwise.
// `syncfy-hooks verify` explains why a token is refused.
async function verify(signatures, body) {
  if (signatures?.length !== 1) throw new Error("exactly one signature is needed");
  const token = signatures[0].replace(/^bearer\s+/i, "");
  const options = { algorithms: ALGORITHMS, clockTolerance: LEEWAY };
  const { payload: claims } = await jwtVerify(token, key, options);
  if (claims.iat >= Date.now() / 1000 + LEEWAY) throw new Error("`iat` is in the future");
  // `jose` also takes other spellings of the same bytes.
  const signature = token.slice(token.lastIndexOf(".") + 1);
  if (base64url.encode(base64url.decode(signature)) !== signature) throw new Error("not base64url");

  const isBound = Object.hasOwn(claims, "body_sha256");
  if (!isBound && REQUIRE_BINDING) throw new Error("the token does not cover the body");
  // Over the bytes as they came: JSON that was parsed and written again has others.
  const digest = createHash("sha256").update(body).digest("hex");
  if (isBound && claims.body_sha256 !== digest) throw new Error("the token is for another body");
}

// Syncfy does not wait for this.
// An event may come again: `eid` is its idempotency key, so handle each one once.
function work(body) {
  for (const { header } of JSON.parse(body).events) {
    console.log(header.event.eid, header.event.name);
  }
}

async function read(request) {
  const chunks = [];
  let length = 0;
  for await (const chunk of request) {
    length += chunk.length;
    if (length <= LONGEST_BODY) chunks.push(chunk);
  }
  return length <= LONGEST_BODY ? Buffer.concat(chunks) : null;
}

async function judge(request, body) {
  if (request.method !== "POST") return 405;
  if (!body) return 413;
  try {
    await verify(request.headersDistinct[SIGNATURE_HEADER], body);
    return 200;
  } catch (refused) {
    // `jose` quotes what the token says: no line break of it may begin another line of the log.
    console.error(`refused: ${refused.message.replace(/[^ -~]/g, "?")}`);
    return 401;
  }
}

const server = createServer(async (request, response) => {
  try {
    const body = await read(request);
    response.statusCode = await judge(request, body);
    response.end();
    if (response.statusCode === 200) work(body);
  } catch (error) {
    console.error(error);
  }
});

server.listen(process.env.PORT ?? 3000, "127.0.0.1", () => {
  console.log(`listening on http://127.0.0.1:${server.address().port}`);
});
