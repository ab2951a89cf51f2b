import { createHmac } from 'node:crypto'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'

import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { base64url, exportJWK, exportSPKI, generateKeyPair, SignJWT, type JWK } from 'jose'

import { systemClock } from '../../../src/clock.js'
import { ServiceUnavailable } from '../../../src/errors.js'
import { defaultHttpLimits } from '../../../src/http/limits.js'
import { createSender } from '../../../src/http/wire/send.js'
import type { Authenticator } from '../../../src/server/callers/caller.js'
import { jsonWebTokens } from '../../../src/server/callers/json-web-tokens.js'
import type { TokenIssuer } from '../../../src/server/config/callers.js'

/** A login service of the operator's own: it publishes keys, and signs whatever a test wants signed. */
let server: Server
let published: JWK[] = []
let answer: { status: number; body?: string } = { status: 200 }
let readings = 0
const sender = createSender(defaultHttpLimits, systemClock)
let issuer: TokenIssuer

const NOW = Date.parse('2026-02-11T09:00:00Z')
const SECONDS = NOW / 1000
let moved = 0
const clock = { now: () => NOW + moved, monotonic: () => moved }

type Pair = Awaited<ReturnType<typeof generateKeyPair>>
const pair = async (algorithm: string): Promise<Pair> => generateKeyPair(algorithm, { extractable: true })
const jwk = async ({ publicKey }: Pair, more: object): Promise<JWK> => ({ ...(await exportJWK(publicKey)), ...more })
let rsa: Pair
let ec: Pair
let stranger: Pair

const CLAIMS = { org: 'sales', scope: 'openid telephony:read recordings:read', name: 'Ada' }

const sign = (more: object = {}, { key = rsa, header = {} }: { key?: Pair; header?: object } = {}): Promise<string> =>
  new SignJWT({
    ...{ iss: issuer.issuer, aud: issuer.audience, sub: 'ada', iat: SECONDS, exp: SECONDS + 300, ...CLAIMS },
    ...more,
  })
    .setProtectedHeader({ alg: 'RS256', kid: 'one', ...header })
    .sign(key.privateKey)

const handmade = (header: object, claims: object, signature = ''): string =>
  [header, claims].map((part) => base64url.encode(JSON.stringify(part))).join('.') + `.${signature}`
const whole = () => ({ iss: issuer.issuer, aud: issuer.audience, sub: 'ada', exp: SECONDS + 300, ...CLAIMS })

beforeAll(async () => {
  ;[rsa, ec, stranger] = await Promise.all([pair('RS256'), pair('ES256'), pair('RS256')])
  server = createServer((_request, response) => {
    readings += 1
    response.writeHead(answer.status, { 'content-type': 'application/json' })
    response.end(answer.body ?? JSON.stringify({ keys: published }))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  issuer = {
    issuer: 'https://login.example',
    audience: 'dialgraph',
    jwksUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/jwks.json`,
    workspaceClaim: 'org',
    scopesClaim: 'scope',
    extensionClaim: 'extension',
  }
})
afterAll(async () => {
  await sender.close()
  await new Promise((resolve) => server.close(resolve))
})

let tokens: Authenticator
beforeEach(async () => {
  moved = 0
  readings = 0
  answer = { status: 200 }
  published = [await jwk(rsa, { kid: 'one', use: 'sig' }), await jwk(ec, { kid: 'two', alg: 'ES256' })]
  tokens = jsonWebTokens(issuer, { clock, send: sender.send })
})

describe('a token of the login service', () => {
  test('lets in whom it names, into the workspace and with those scopes of ours that it names', async () => {
    expect(await tokens.authenticate(await sign())).toEqual({
      identity: expect.stringMatching(/^jwt:[\w-]{16}$/),
      subject: 'ada',
      viewer: {
        ...{ name: 'Ada', workspace: 'sales', extension: null },
        scopes: new Set(['telephony:read', 'recordings:read']),
      },
      expiresAt: NOW + 305_000,
    })
  })

  test.each<[string, object, object]>([
    [
      'with scopes in a list',
      { scope: ['accounts:manage', 7, 'telephony:raw'] },
      { scopes: new Set(['accounts:manage', 'telephony:raw']) },
    ],
    ['without scopes', { scope: undefined }, { scopes: new Set() }],
    ['with an extension', { extension: 'izmir/0101' }, { extension: { accountKey: 'izmir', number: '0101' } }],
    ['with an extension that is none', { extension: '0101' }, { extension: null }],
    ['with extensions in a list', { extension: ['izmir/0101'] }, { extension: null }],
    [
      'of one extension, that would manage all accounts',
      { scope: 'telephony:read:own accounts:manage', extension: 'izmir/0101' },
      { scopes: new Set(['telephony:read:own']) },
    ],
    ['for several audiences', { aud: ['other', 'dialgraph'] }, { workspace: 'sales' }],
    ['of somebody without a name', { name: undefined }, { name: 'ada' }],
    ['with a login for a name', { name: '', preferred_username: 'ada.l' }, { name: 'ada.l' }],
    ['that has just run out, by a clock a little behind', { exp: SECONDS - 4 }, { workspace: 'sales' }],
    ['that is good from now on, by a clock a little ahead', { nbf: SECONDS + 4 }, { workspace: 'sales' }],
  ])('%s', async (_what, claims, viewer) => {
    expect((await tokens.authenticate(await sign(claims)))?.viewer).toMatchObject(viewer)
  })

  test('signed with any of its keys, by any good algorithm', async () => {
    expect(await tokens.authenticate(await sign({}, { key: ec, header: { alg: 'ES256', kid: 'two' } }))).not.toBeNull()
    const edwards = await pair('EdDSA')
    published = [await jwk(edwards, { kid: 'edwards' })]
    expect(
      await jsonWebTokens(issuer, { clock, send: sender.send }).authenticate(
        await sign({}, { key: edwards, header: { alg: 'EdDSA', kid: 'edwards' } }),
      ),
    ).not.toBeNull()
  })

  test('without the name of a key, when several could be it', async () => {
    published.push(await jwk(stranger, { kid: 'three' }))
    expect(await tokens.authenticate(await sign({}, { header: { kid: undefined } }))).not.toBeNull()
    expect(await tokens.authenticate(await sign({}, { header: { kid: undefined }, key: stranger }))).not.toBeNull()
    const unknown = await pair('RS256')
    expect(await tokens.authenticate(await sign({}, { header: { kid: undefined }, key: unknown }))).toBeNull()
  })
})

describe('nobody is let in by', () => {
  const none = { alg: 'none', typ: 'JWT' }
  const tricks: readonly [string, () => string | Promise<string>][] = [
    ['a token that has run out', () => sign({ exp: SECONDS - 6 })],
    ['a token that never runs out', () => sign({ exp: undefined })],
    ['a token that is not good yet', () => sign({ nbf: SECONDS + 6 })],
    ['a token of another issuer', () => sign({ iss: 'https://login.example.evil' })],
    ['a token of no issuer', () => sign({ iss: undefined })],
    ['a token for another audience', () => sign({ aud: 'dialgraph-staging' })],
    ['a token for nobody', () => sign({ aud: undefined })],
    ['a token of nobody', () => sign({ sub: undefined })],
    ['a token without a workspace', () => sign({ org: undefined })],
    ['a token with a workspace that is no name', () => sign({ org: ['sales'] })],
    ['a token with a workspace that could not be one', () => sign({ org: 'sales/../default' })],
    ['a token with another key', () => sign({}, { key: stranger })],
    [
      'a token with a key it brings along',
      async () => sign({}, { key: stranger, header: { jwk: await jwk(stranger, {}) } }),
    ],
    [
      'a token that says where its key is',
      () => sign({}, { key: stranger, header: { jku: issuer.jwksUrl, x5u: issuer.jwksUrl } }),
    ],
    ['a key name that is a path', () => sign({}, { key: stranger, header: { kid: '../../../../dev/null' } })],
    ['a key name that is a question', () => sign({}, { key: stranger, header: { kid: "one' or '1'='1" } })],
    ['a key name that is no text', () => handmade({ alg: 'RS256', kid: { one: 1 } }, whole(), 'AAAA')],
    ['no signature', () => handmade(none, whole(), 'AA')],
    ['no algorithm, with the signature of another', async () => handmade(none, whole(), (await sign()).split('.')[2])],
    ['none in capitals', () => handmade({ ...none, alg: 'nOnE' }, whole(), 'AA')],
    [
      'a published key used as a password',
      async () => {
        const head = handmade({ alg: 'HS256', kid: 'one' }, whole()).slice(0, -1)
        const secret = await exportSPKI(rsa.publicKey)
        return `${head}.${createHmac('sha256', secret).update(head).digest('base64url')}`
      },
    ],
    ['a signature that was cut', async () => (await sign()).slice(0, -8)],
    [
      'claims that were changed',
      async () => {
        const [head, , signature] = (await sign()).split('.')
        return `${head}.${base64url.encode(JSON.stringify({ ...whole(), org: 'default' }))}.${signature}`
      },
    ],
    [
      'a critical header nobody knows',
      () => handmade({ alg: 'RS256', kid: 'one', crit: ['b64'], b64: false }, whole(), 'AAAA'),
    ],
    ['claims that are no JSON', async () => `${(await sign()).split('.')[0]}.bm90IGpzb24.AAAA`],
    ['an encrypted token', () => 'eyJhbGciOiJSU0EtT0FFUCJ9.AAAA.AAAA.AAAA.AAAA'],
    ['three dots of nothing', () => '..'],
    ['something endless', () => `${'a'.repeat(20_000)}.b.c`],
  ]
  test.each(tricks)('%s', async (_what, trick) => {
    expect(await tokens.authenticate(await trick())).toBeNull()
  })

  test('the good token those tricks were made of does let in', async () => {
    expect(await tokens.authenticate(await sign())).not.toBeNull()
  })
})

describe('the keys of the login service', () => {
  test('are followed when they change, and looked for at most so often', async () => {
    const patient = jsonWebTokens(issuer, { clock, send: sender.send, cooldownMs: 60_000 })
    const eager = jsonWebTokens(issuer, { clock, send: sender.send, cooldownMs: 0 })
    for (const one of [patient, eager]) expect(await one.authenticate(await sign())).not.toBeNull()
    const next = await pair('RS256')
    published = [await jwk(next, { kid: 'next' })]
    const renewed = () => sign({}, { key: next, header: { kid: 'next' } })
    expect(await eager.authenticate(await renewed())).not.toBeNull()
    readings = 0
    for (let count = 0; count < 5; count++) expect(await patient.authenticate(await renewed())).toBeNull()
    expect(readings).toBe(0)
  })

  test('that cannot be read say nothing of a token: nobody is let in, and nobody is told that theirs is wrong', async () => {
    for (const trouble of [
      { status: 503 },
      { status: 200, body: '<html>' },
      { status: 200, body: '{}' },
      { status: 302 },
    ]) {
      answer = trouble
      await expect(tokens.authenticate(await sign())).rejects.toThrow(ServiceUnavailable)
    }
    const nowhere = jsonWebTokens({ ...issuer, jwksUrl: 'http://127.0.0.1:9/jwks.json' }, { clock, send: sender.send })
    await expect(nowhere.authenticate(await sign())).rejects.toThrow(ServiceUnavailable)
    answer = { status: 200 }
    expect(await tokens.authenticate(await sign())).not.toBeNull()
  })

  test('are read once for many tokens', async () => {
    const many = await Promise.all([1, 2, 3, 4, 5].map((at) => sign({ sub: `person-${at}` })))
    const callers = await Promise.all(many.map((token) => tokens.authenticate(token)))
    expect(new Set(callers.map((caller) => caller?.identity)).size).toBe(5)
    expect(readings).toBe(1)
  })
})

describe('a token that was verified', () => {
  test('is known again without another look, for a minute and not beyond its end', async () => {
    const [long, short] = [await sign(), await sign({ sub: 'bob', exp: SECONDS + 20 })]
    expect(tokens.authenticateLocally(long)).toBeNull()
    const known = await tokens.authenticate(long)
    await tokens.authenticate(short)
    expect(tokens.authenticateLocally(long)).toEqual(known)
    moved = 24_000
    expect([tokens.authenticateLocally(long), tokens.authenticateLocally(short)]).toEqual([
      known,
      expect.objectContaining({ identity: expect.any(String) }),
    ])
    moved = 26_000
    expect([tokens.authenticateLocally(long), tokens.authenticateLocally(short)]).toEqual([known, null])
    moved = 61_000
    expect(tokens.authenticateLocally(long)).toBeNull()
    expect(await tokens.authenticate(long)).toEqual(known)
    expect(await tokens.authenticate(short)).toBeNull()
  })
})
