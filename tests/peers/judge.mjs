// Signs and verifies with jose: one JSON request per line of standard input, one answer per line of standard output.
// The requests and answers are those of `judge.py`.
import { createPrivateKey, createPublicKey } from 'node:crypto'
import { createInterface } from 'node:readline'
import { CompactSign, base64url, compactVerify, errors, importJWK, jwtVerify } from 'jose'

const kinds = { HS: 'oct', RS: 'RSA', PS: 'RSA', ES: 'EC', Ed: 'OKP' }

// The keys to try, each ready for the algorithm.
async function keys({ alg, key, do: what }) {
  if (typeof key === 'string') return [what === 'sign' ? createPrivateKey(key) : createPublicKey(key)]
  const members = (key.keys ?? [key]).filter((member) => member.kty === kinds[alg.slice(0, 2)])
  return Promise.all(members.map((member) => importJWK(member, alg)))
}

async function answer(request) {
  const { alg, token, claims } = request
  const ready = await keys(request)
  if (request.do === 'sign') {
    const signing = new CompactSign(new TextEncoder().encode(JSON.stringify(claims))).setProtectedHeader({ alg })
    return { token: await signing.sign(ready[0]) }
  }
  let refused = 'no key fits'
  for (const key of ready) {
    try {
      if (request.do === 'verify') return { claims: (await jwtVerify(token, key, { algorithms: [alg] })).payload }
      return { payload: base64url.encode((await compactVerify(token, key, { algorithms: [alg] })).payload) }
    } catch (error) {
      if (!(error instanceof errors.JOSEError)) throw error
      refused = `${error.code}: ${error.message}`
    }
  }
  return { refused }
}

for await (const line of createInterface({ input: process.stdin })) {
  console.log(JSON.stringify(await answer(JSON.parse(line))))
}
