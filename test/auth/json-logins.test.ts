import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { inspect } from 'node:util'

import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { UnsecuredJWT } from 'jose'

import type { SendTokenRequest, Flow } from '../../src/auth/flow.js'
import { b2bLogin } from '../../src/auth/flows/b2b-login.js'
import { claimsOf, lifetimeOf } from '../../src/auth/flows/jwt.js'
import { jwtLogin } from '../../src/auth/flows/jwt-login.js'
import { password } from '../../src/auth/flows/password.js'
import { ssoLogin } from '../../src/auth/flows/sso-login.js'
import { tokenExchange } from '../../src/auth/flows/token-exchange.js'
import type { HttpRequest, HttpResponse } from '../../src/http/http.js'
import { believedLifetime } from '../../src/auth/lifetime.js'
import { toInstant } from '../../src/model/values/date-time.js'
import { Secret } from '../../src/secret.js'
import { cases } from '../support/proof.js'

const NOW = Date.UTC(2026, 1, 11, 15)
const SERVER_DATE = new Date(NOW - 90_000).toUTCString()
const jwt = (claims: Record<string, unknown>) => new UnsecuredJWT(claims).encode()
const seconds = (time: number) => Math.floor(time / 1000)

/** An endpoint with a fixed response that records its requests. */
function endpoint(status: number, body: unknown, headers: Record<string, string> = {}) {
  const requests: HttpRequest[] = []
  const send: SendTokenRequest = async (request) => {
    requests.push(request)
    return { status, headers, body: typeof body === 'string' ? body : JSON.stringify(body), receivedAt: NOW }
  }
  return { requests, send }
}

const isExpired = ({ status }: HttpResponse) => status === 401
const secret = new Secret('s3cret')
const at = 'https://login.example'
const flows: Readonly<Record<string, Flow>> = {
  jwt: jwtLogin({
    urls: { login: `${at}/token`, refresh: `${at}/refresh` },
    loginField: 'email',
    username: 'acme',
    password: secret,
    documentedLifetime: 300,
    isExpired,
  }),
  sso: ssoLogin({
    urls: { login: `${at}/login`, refresh: `${at}/refresh` },
    email: 'a@example.cz',
    password: secret,
    documentedLifetime: 3600,
    isExpired,
  }),
  b2b: b2bLogin({ url: `${at}/token`, username: 'acme', password: secret, documentedLifetime: 3600, isExpired }),
}
const oauth = { url: `${at}/token`, client: { client_id: 'api' } }
const actor = password({ endpoint: oauth, username: 'api', password: secret, isExpired })
const exchanged = tokenExchange({
  url: `${at}/token-exchange`,
  actor,
  subject: 'novak@example.cz',
  endpoint: oauth,
  isExpired,
})

describe('What a token says of itself', () => {
  const response = (headers: Record<string, string> = {}): HttpResponse => ({
    status: 200,
    headers,
    body: '',
    receivedAt: NOW,
  })

  test('is nothing when it is no JWT', () => {
    for (const text of ['opaque', 'a.b.c', '', null, 7, 'eyJ.eyJ.']) expect(claimsOf(text)).toEqual({})
    expect(lifetimeOf('opaque', response())).toBeUndefined()
    expect(lifetimeOf(jwt({ exp: 'soon' }), response())).toBeUndefined()
  })

  test.each<[object, Record<string, string>, number]>([
    // A refresh that repeats the time of the login: fifty minutes ago, and thirty-five seconds left.
    [{ iat: seconds(NOW) - 3_000, exp: seconds(NOW) + 35 }, { date: new Date(NOW).toUTCString() }, 35],
    [{ iat: seconds(NOW) - 3_000, exp: seconds(NOW) + 35 }, {}, 35],
    [{ iat: seconds(NOW) + 3_600, exp: seconds(NOW) + 300 }, {}, -3_300],
    [{ iat: seconds(NOW), exp: seconds(NOW) + 300 }, { date: 'yesterday' }, 300],
    // The clock of a proxy, hours ahead, says nothing.
    [{ iat: seconds(NOW), exp: seconds(NOW) + 300 }, { date: new Date(NOW + 7_200_000).toUTCString() }, 300],
    // Written as texts, or in milliseconds.
    [{ iat: String(seconds(NOW)), exp: String(seconds(NOW) + 300) }, {}, 300],
    [{ iat: NOW, exp: NOW + 300_000 }, {}, 300],
    [{ exp: NOW + 35_000 }, { date: new Date(NOW).toUTCString() }, 35],
    [{ iat: seconds(NOW), exp: seconds(NOW) + 35.5 }, {}, 35.5],
    // Whose clock is an hour off, and written as C does.
    [{ exp: seconds(NOW) + 3_900 }, { date: 'Wed Feb 11 16:00:00 2026' }, 300],
  ])('%j with %j is %i s', (claims, headers, lifetime) => {
    expect(lifetimeOf(jwt(claims as Record<string, unknown>), response(headers))).toBe(lifetime)
  })

  test('lives no longer than any of the two readings says, whatever they are', () => {
    const time = fc.integer({ min: -4_000, max: 4_000 })
    fc.assert(
      fc.property(time, time, fc.option(time), (iat, exp, skew) => {
        const headers: Record<string, string> =
          skew === null ? {} : { date: new Date(NOW + skew * 1_000).toUTCString() }
        const claims = { iat: seconds(NOW) + iat, exp: seconds(NOW) + exp }
        const believed = believedLifetime(lifetimeOf(jwt(claims), response(headers)), 300)!
        // The model: the positive readings, the smallest of them, at least half a minute; else what is documented.
        const readings = [exp - iat, exp - (skew ?? 0)]
        const positive = exp - iat > 0 ? readings.filter((reading) => reading > 0) : []
        if (positive.length > 0) expect(believed).toBe(Math.max(30, Math.min(...positive)))
        else expect(believed).toBeGreaterThanOrEqual(30)
      }),
      { numRuns: cases(2_000) },
    )
  })

  test('is counted from its making, else from the clock of the server, else from ours', () => {
    expect(lifetimeOf(jwt({ iat: 1000, exp: 1300 }), response())).toBe(300)
    expect(lifetimeOf(jwt({ exp: seconds(NOW) + 300 }), response())).toBe(300)
    expect(lifetimeOf(jwt({ exp: seconds(NOW) + 300 }), response({ date: SERVER_DATE }))).toBe(390)
  })
})

describe('A login in JSON', () => {
  test('of two JWTs reads both lifetimes and the user from them', async () => {
    const access = jwt({ exp: seconds(NOW) + 300, user_id: 77 })
    const refresh = jwt({ exp: seconds(NOW) + 86_400 })
    const { send, requests } = endpoint(200, { access, refresh })
    const grant = await flows['jwt']!.acquire!(send, null)
    expect([grant.accessToken.reveal(), grant.refreshToken?.reveal()]).toEqual([access, refresh])
    expect(grant).toMatchObject({ expiresIn: 300, refreshExpiresIn: 86_400, identity: { userId: '77' } })
    expect(JSON.parse(requests[0]!.body!)).toEqual({ email: 'acme', password: 's3cret' })
  })

  test('keeps the refresh token it has when a refresh brings none', async () => {
    const { send, requests } = endpoint(200, { access: jwt({ exp: seconds(NOW) + 300, user_id: '77' }) })
    const grant = await flows['jwt']!.refresh!(send, new Secret('r'))
    expect(grant).toMatchObject({ refreshToken: null, refreshExpiresIn: undefined, identity: { userId: '77' } })
    expect(JSON.parse(requests[0]!.body!)).toEqual({ refresh: 'r' })
  })

  test.each([
    ['snake', { access_token: 'a', refresh_token: 'r', expires_in: 3600 }, { expiresIn: 3600, identity: {} }],
    [
      'camel',
      {
        accessToken: 'a',
        refreshToken: 'r',
        userId: 'u',
        firstName: 'Jan',
        lastName: 'Novák',
        email: 'n@example.cz',
        pbxRoles: ['pbx_user'],
        expiresAt: new Date(NOW + 3_600_000).toISOString(),
      },
      { expiresIn: 3600, identity: { userId: 'u', name: 'Jan Novák', email: 'n@example.cz' } },
    ],
    ['bare', { access_token: 'a', refresh_token: 'r' }, { expiresIn: undefined, defaultExpiresIn: 3600 }],
  ])('by single sign-on is read in the spelling %s', async (_, body, expected) => {
    const { send } = endpoint(200, body)
    const grant = await flows['sso']!.acquire!(send, null)
    expect([grant.accessToken.reveal(), grant.refreshToken?.reveal()]).toEqual(['a', 'r'])
    expect(grant).toMatchObject(expected)
  })

  test('by single sign-on refreshes with the token alone in the header', async () => {
    const { send, requests } = endpoint(200, { access_token: 'b' })
    await flows['sso']!.refresh!(send, new Secret('r'))
    expect(requests[0]).toMatchObject({ method: 'POST', url: `${at}/refresh`, headers: { authorization: 'r' } })
    expect(requests[0]!.body).toBeUndefined()
  })

  test('of the wholesale interface has an end and no refresh, and its token stands alone', async () => {
    const { send } = endpoint(
      200,
      { accessToken: 'a', expire: new Date(NOW + 60_000).toISOString() },
      { date: SERVER_DATE },
    )
    expect(await flows['b2b']!.acquire!(send, null)).toMatchObject({ expiresIn: 150 })
    expect(flows['b2b']!.refresh).toBeUndefined()
    expect(flows['b2b']!.apply({ method: 'GET', url: at, headers: {} }, new Secret('a')).headers).toEqual({
      authorization: 'a',
    })
  })

  test.each([
    ['2026-02-11T16:30:00.120', undefined, 5_400],
    ['2026-02-11 16:30:00', undefined, 5_400],
    ['2026-02-11T16:30:00.120', 'Europe/Prague', 1_800],
    ['2026-02-11 16:30:00', 'America/New_York', 23_400],
    ['2026-02-11T16:30:00Z', 'Europe/Prague', 5_400],
    ['2026-02-11T16:30:00+05:30', 'Europe/Prague', -14_400],
    ['Wed, 11 Feb 2026 16:30:00 GMT', 'Europe/Prague', 5_400],
    ['Feb 11, 2026 16:30:00', 'Europe/Prague', 5_400],
    [String(Date.UTC(2026, 1, 11, 16, 30) / 1000), 'Europe/Prague', 5_400],
    [Date.UTC(2026, 1, 11, 16, 30) / 1000, 'Europe/Prague', 5_400],
    [Date.UTC(2026, 1, 11, 16, 30), 'Europe/Prague', 5_400],
  ])('with the moment %s in the zone %s ends in %i s', async (moment, timeZone, lifetime) => {
    const settings = { url: `${at}/token`, username: 'acme', password: secret, documentedLifetime: 3600, isExpired }
    const instant = timeZone === undefined ? undefined : (text: string) => toInstant(text, timeZone)
    const { send } = endpoint(200, { accessToken: 'a', expire: moment })
    expect(await b2bLogin({ ...settings, instant }).acquire!(send, null)).toMatchObject({ expiresIn: lifetime })
  })

  const MODULE = new URL('../../dist/auth/flows/seconds-until.js', import.meta.url)
  const inAnyZone = existsSync(MODULE) ? test.each : test.skip.each
  inAnyZone(['Asia/Kolkata', 'America/Los_Angeles', 'UTC'])(
    'with a moment without a zone means UTC, also on a machine in %s',
    (zone) => {
      const script = `import { utcInstant } from ${JSON.stringify(MODULE.href)}
        console.log(['2026-02-11T16:30:00', '2026-02-11 16:30:00.5', '2026-02-11T16:30',
          'Wed, 11 Feb 2026 16:30:00', 'Feb 11, 2026 16:30:00', '02/11/2026 16:30'].map(utcInstant).join())`
      const told = execFileSync(process.execPath, ['--input-type=module', '--eval', script], {
        env: { ...process.env, TZ: zone },
      })
      expect(String(told).trim()).toBe(
        ['00.000', '00.500', '00.000', '00.000', '00.000', '00.000'].map((end) => `2026-02-11T16:30:${end}Z`).join(),
      )
    },
  )

  describe.each(Object.entries(flows))('%s', (_, flow) => {
    test.each([
      [401, '<html>', { code: 'PROVIDER_BAD_RESPONSE', reason: 'HTML' }],
      [401, '', { code: 'PROVIDER_BAD_RESPONSE', reason: 'EMPTY' }],
      [401, 'denied', { code: 'PROVIDER_BAD_RESPONSE', reason: 'TEXT' }],
      [401, { message: 'Unauthorized' }, { code: 'PROVIDER_BAD_RESPONSE', reason: 'FOREIGN_REFUSAL' }],
      [403, { error: 'rbac: access denied' }, { code: 'PROVIDER_BAD_RESPONSE', reason: 'FOREIGN_REFUSAL' }],
      [403, ['no'], { code: 'PROVIDER_BAD_RESPONSE' }],
      [400, { username: ['This field is required.'] }, { code: 'PROVIDER_MISCONFIGURED' }],
      [404, '<html>', { code: 'PROVIDER_MISCONFIGURED' }],
      [301, '', { code: 'PROVIDER_MISCONFIGURED', reason: 'REDIRECT' }],
      [429, '{}', { code: 'PROVIDER_RATE_LIMITED' }],
      [503, '<html>', { code: 'PROVIDER_UNAVAILABLE' }],
      [425, '{}', { code: 'PROVIDER_UNAVAILABLE' }],
      [408, '', { code: 'PROVIDER_UNAVAILABLE' }],
      [200, '<html>', { code: 'PROVIDER_BAD_RESPONSE', reason: 'HTML' }],
      [200, '', { code: 'PROVIDER_BAD_RESPONSE' }],
      [200, [], { code: 'PROVIDER_BAD_RESPONSE' }],
      [200, { access: 7, accessToken: '' }, { code: 'PROVIDER_BAD_RESPONSE', reason: 'TOKEN_RESPONSE' }],
    ])('answered %i %j ends or does not end the login, and shows no secret', async (status, body, expected) => {
      const error: unknown = await flow.acquire!(endpoint(status, body).send, null).catch((caught: unknown) => caught)
      expect(error).toMatchObject(expected)
      expect(inspect(error, { depth: 9 })).not.toContain('s3cret')
    })
  })
})

describe.each([
  ['jwt', { detail: 'No active account found with the given credentials' }],
  ['sso', { statusCode: 401, error: 'Unauthorized', message: 'Invalid credentials' }],
  ['b2b', { statusCode: 401, error: 'Unauthorized', message: 'Invalid credentials' }],
])('A login in JSON (%s)', (name, words) => {
  test('is ended by its provider’s own words, and by those of no other status', async () => {
    const answered = (status: number) =>
      flows[name]!.acquire!(endpoint(status, words).send, null).catch((error: unknown) => error)
    expect(await answered(401)).toMatchObject({ name: 'GrantRefused', kind: 'invalid_grant' })
    for (const status of [402, 403, 404, 405, 408, 410, 429, 500, 503])
      expect(await answered(status)).not.toMatchObject({ name: 'GrantRefused' })
  })
})

describe('A login that acts for another person', () => {
  const acquire = (status: number, body: unknown) => {
    const told = endpoint(status, body)
    return { ...told, grant: exchanged.acquire!(told.send, new Secret('actor-token')) }
  }

  test('is exchanged under the token of the one who acts', async () => {
    const { grant, requests } = acquire(200, {
      access_token: 'a',
      refresh_token: 'r',
      expires_in: 3000,
      token_type: 'bearer',
    })
    expect(await grant).toMatchObject({ expiresIn: 3000 })
    expect(requests[0]).toMatchObject({
      url: `${at}/token-exchange`,
      headers: { authorization: 'Bearer actor-token', 'content-type': 'application/json' },
      body: '{"email":"novak@example.cz"}',
    })
  })

  test('lives as long as its token says, else five minutes, when the answer does not tell', async () => {
    expect(await acquire(200, { access_token: jwt({ iat: 10, exp: 70 }) }).grant).toMatchObject({ expiresIn: 60 })
    expect(await acquire(200, { access_token: 'opaque' }).grant).toMatchObject({
      expiresIn: undefined,
      defaultExpiresIn: 300,
    })
  })

  test.each([
    [401, 'actor'],
    [400, 'denied'],
    [403, 'denied'],
    [404, 'denied'],
  ])('answered %i is refused: %s', async (status, kind) => {
    await expect(acquire(status, { statusCode: status, error: 'Refused', message: 'No' }).grant).rejects.toMatchObject({
      name: 'GrantRefused',
      kind,
    })
  })

  test.each([
    [404, '<html>'],
    [404, ''],
    [400, '{}'],
    [403, { message: 'Forbidden' }],
    [401, { error: 'Unauthorized' }],
    // A gateway's: Azure API Management, AWS.
    [404, { statusCode: 404, message: 'Resource not found' }],
    [401, { statusCode: 401, message: 'Access denied due to missing subscription key.' }],
    [403, { statusCode: 403, message: 'Forbidden' }],
    [404, { statusCode: 404, error: 'Not Found', message: 'Not Found' }],
    [404, { statusCode: 401, error: 'Unauthorized', message: 'No' }],
  ])('answered %i %j is not refused: those are not the words of the exchange', async (status, body) => {
    await expect(acquire(status, body).grant).rejects.toMatchObject({ code: expect.stringMatching(/^PROVIDER_/) })
  })

  test('is exchanged anew whatever its refresh is answered, but for passing trouble', async () => {
    const refresh = (status: number, body: unknown) => exchanged.refresh!(endpoint(status, body).send, new Secret('r'))
    for (const error of ['invalid_grant', 'unauthorized_client', 'invalid_request']) {
      await expect(refresh(400, { error })).rejects.toMatchObject({ name: 'GrantRefused', kind: 'invalid_grant' })
    }
    await expect(refresh(503, '')).rejects.toMatchObject({ code: 'PROVIDER_UNAVAILABLE' })
  })

  test('is another login for another person, and for another password of the one who acts', () => {
    const other = tokenExchange({
      url: `${at}/token-exchange`,
      actor,
      subject: 'other@example.cz',
      endpoint: oauth,
      isExpired,
    })
    const changed = password({ endpoint: oauth, username: 'api', password: new Secret('new'), isExpired })
    const again = tokenExchange({
      url: `${at}/token-exchange`,
      actor: changed,
      subject: 'novak@example.cz',
      endpoint: oauth,
      isExpired,
    })
    expect(new Set([exchanged, other, again].map(({ fingerprint }) => fingerprint)).size).toBe(3)
  })
})
