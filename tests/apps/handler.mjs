// A handler of Syncfy Webhooks V3 that stands all of `syncfy-hooks harden`. Needs nothing but Node.js.
//
// The key is the JWK in SYNCFY_WEBHOOK_SIGNATURE_KEY. FAULT names the one thing that is to be wrong, for the tests.
import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { createServer } from 'node:http';

const has = (fault) => process.env.FAULT === fault;
const key = Buffer.from(JSON.parse(process.env.SYNCFY_WEBHOOK_SIGNATURE_KEY).k, 'base64url');

const SANDBOX = '574894bf7848066d138b4570';
const LONGEST_BODY = 1024 * 1024;
const DEEPEST = 100;
const LEEWAY = 60; // seconds
const OLDEST_TOKEN = 300; // seconds
const CATALOGUE = /^(credentials\.(created|updated|refreshed|deleted|refresh)|documents\.(completed|success|failed|fail)|payments\.(chargeback|transaction)_created)$/;

class Refusal extends Error {
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

const check = (isGood, status, message) => {
  if (!isGood) throw new Refusal(status, message);
};

const isObject = (value) => typeof value === 'object' && value !== null && !Array.isArray(value);

const decoded = (part) => {
  let value;
  try {
    value = JSON.parse(Buffer.from(part, 'base64url').toString());
  } catch {
    throw new Refusal(401, 'the token is malformed');
  }
  check(isObject(value), 401, 'the token is malformed');
  return value;
};

function verifySignature(header, text, signature) {
  if (has('alg-none') && /^none$/i.test(header.alg)) return;
  check(header.crit === undefined, 401, 'the token asks for what is not known here');
  check(header.alg === 'HS256' || has('other-algorithm'), 401, 'the algorithm is not HS256');
  // Compared as text: a decoder passes over padding and over what follows it.
  const expected = Buffer.from(createHmac('sha256', key).update(text).digest('base64url'));
  let given = Buffer.from(signature);
  if (has('truncated-token')) given = Buffer.concat([given, expected.subarray(given.length)]);
  check(given.length === expected.length, 401, 'the signature is too short or too long');
  check(timingSafeEqual(given, expected) || has('wrong-key'), 401, 'the signature does not match');
}

function verifyToken(token, body) {
  const [head, payload, signature, ...rest] = token.split('.');
  check(payload && (signature || has('alg-none') || has('truncated-token')) && rest.length === 0, 401, 'it is no JWT');
  verifySignature(decoded(head), `${head}.${payload}`, signature ?? '');
  const claims = decoded(payload);
  const times = [claims.exp, claims.nbf, claims.iat].filter((time) => time !== undefined);
  check(times.every(Number.isFinite), 401, 'a time of the token is no number');
  const now = Date.now() / 1000;
  check(claims.exp > now - LEEWAY || has('expired'), 401, 'the token has expired');
  check(!(claims.nbf > now + LEEWAY) || has('not-yet-valid'), 401, 'the token is not valid yet');
  check(!(claims.iat > now + LEEWAY) || has('not-yet-valid'), 401, 'the token is from the future');
  check(claims.iat > now - OLDEST_TOKEN || has('stale'), 401, 'the token is too old');
  const digest = createHash('sha256').update(body).digest('hex');
  check(claims.body_sha256 === digest || has('tampered-body'), 401, 'the token is for another body');
}

/** The only token of a request: whoever takes one of several may take that of an attacker. */
function tokenOf(request) {
  const values = request.rawHeaders.filter((_, at, all) => at % 2 && all[at - 1].toLowerCase() === 'request-signature');
  check(values.length === 1 || (has('two-signatures') && values.length), 401, 'there must be one signature');
  return values[0];
}

function depthOf(text) {
  let depth = 0;
  let deepest = 0;
  for (const [token] of text.matchAll(/"(?:[^"\\]|\\.)*"|[[\]{}]/g)) {
    if (token === '[' || token === '{') deepest = Math.max(deepest, ++depth);
    else if (token === ']' || token === '}') depth -= 1;
  }
  return deepest;
}

function parse(body) {
  const text = body.toString();
  check(depthOf(text) <= DEEPEST, has('deep-nesting') ? 500 : 400, 'the body is nested too deep');
  check(text !== '', has('empty-body') ? 500 : 400, 'the body is empty');
  if (has('odd-spacing')) check(!/[\r\n\t]|^ /.test(text), 400, 'the body is not compact');
  try {
    return JSON.parse(text);
  } catch {
    throw new Refusal(has('malformed-json') ? 500 : 400, 'the body is not JSON');
  }
}

const seen = new Set();

function take(notification) {
  const events = notification?.events;
  check(Array.isArray(events) && events.length > 0, 400, 'there are no events');
  check(events.length === 1 || !has('batch'), 400, 'there are several events');
  for (const event of events) {
    const { name, eid } = event?.header?.event ?? {};
    const environment = event?.header?.user?.id_environment;
    const isRight = [name, eid, environment].every((value) => typeof value === 'string');
    check(isRight, 400, 'an event has a name, an id and an environment');
    check(environment === SANDBOX || has('other-environment'), 403, 'it is for another environment');
    // Syncfy adds events without notice: an unknown one is taken, and left alone.
    check(CATALOGUE.test(name) || !has('unknown-event'), 400, 'the event is unknown');
    check(name !== 'payments.chargeback_created' || !has('every-event'), 400, 'no payments here');
    check(name !== 'documents.failed' || !has('documents-fail-spellings'), 400, 'the event is misspelled');
    // A repeat is answered as the first one was, and its work is done once.
    check(!seen.has(eid) || !has('duplicate'), 409, 'the event is known already');
    seen.add(eid);
  }
}

async function read(request) {
  const chunks = [];
  let length = 0;
  for await (const chunk of request) {
    length += chunk.length;
    if (length <= LONGEST_BODY) chunks.push(chunk);
  }
  // What is too much is read to its end and dropped: whoever is still sending would not see the answer.
  check(length <= LONGEST_BODY, has('huge-body') ? 500 : 413, 'the body is too long');
  return Buffer.concat(chunks);
}

let underWay = 0;

async function answer(request) {
  const path = has('plain') ? '/elsewhere' : '/hook';
  check(request.url === path, 404, 'there is nothing here');
  check(request.method === 'POST', has('get') ? 500 : 405, 'only POST is taken');
  check('content-length' in request.headers || !has('chunked'), 411, 'how long is it?');
  check(!request.headers.expect || !has('expect-continue'), 417, 'nothing is expected here');
  const isJson = request.headers['content-type']?.startsWith('application/json');
  check(isJson || !has('wrong-content-type'), 500, 'it is not JSON');
  if (has('fifty-at-once')) {
    await new Promise((resolve) => setTimeout(resolve, 100));
    check(underWay <= 20, 500, 'it is too much');
  }
  if (has('fast')) await new Promise((resolve) => setTimeout(resolve, 150));
  const body = await read(request);
  if (!(has('unsigned') && !('request-signature' in request.headers))) verifyToken(tokenOf(request), body);
  // The work is done afterwards: whoever answers late is called again.
  take(parse(body));
}

const server = createServer(async (request, response) => {
  underWay += 1;
  try {
    await answer(request);
    response.writeHead(200).end();
  } catch (error) {
    response.writeHead(error.status ?? 500).end(error.message);
    request.resume();
  } finally {
    underWay -= 1;
  }
});

server.listen(0, '127.0.0.1', () => console.log(`http://127.0.0.1:${server.address().port}/hook`));
