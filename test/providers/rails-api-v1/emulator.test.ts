import { createHash } from 'node:crypto'

import { afterEach, describe, expect, test } from '@jest/globals'
import { decodeJwt, decodeProtectedHeader, jwtVerify } from 'jose'

import type { EmulatorOptions } from '../../../src/emulator/emulator.js'
import {
  startRailsApiV1Emulator,
  type AccountName,
  type RailsApiV1Emulator,
} from '../../../src/providers/rails-api-v1/emulator/emulator.js'

const now = Date.parse('2026-01-15T10:00:00Z')
const callback = 'http://127.0.0.1:4000/connect/callback/rails-api-v1'
const running: RailsApiV1Emulator[] = []

afterEach(async () => {
  await Promise.all(running.splice(0).map((emulator) => emulator.close()))
})

async function start(knobs: Record<string, unknown> = {}, options: EmulatorOptions = {}): Promise<RailsApiV1Emulator> {
  const emulator = await startRailsApiV1Emulator({ now, scale: 0.01, knobs, ...options })
  running.push(emulator)
  return emulator
}

interface Answer {
  readonly status: number
  readonly headers: Headers
  readonly body: any // eslint-disable-line @typescript-eslint/no-explicit-any -- what an emulator sends is what is being tested
}

async function ask(url: string, init: RequestInit = {}): Promise<Answer> {
  const response = await fetch(url, { redirect: 'manual', ...init })
  const text = await response.text()
  const isJson = response.headers.get('content-type')?.startsWith('application/json')
  return { status: response.status, headers: response.headers, body: isJson ? JSON.parse(text) : text }
}

const json = { 'content-type': 'application/json', accept: 'application/json' }

const post = (url: string, body: unknown, headers: Record<string, string> = {}) =>
  ask(url, { method: 'POST', headers: { ...json, ...headers }, body: JSON.stringify(body) })

const form = (url: string, fields: Record<string, string>, headers: Record<string, string> = {}) =>
  ask(url, { method: 'POST', headers, body: new URLSearchParams(fields) })

const bearer = (token: string) => ({ accept: 'application/json', authorization: `Bearer ${token}` })

const me = (emulator: RailsApiV1Emulator, token: string) =>
  ask(`${emulator.url}/api/v1/users/1`, { headers: bearer(token) })

interface Auth {
  readonly username: string
  readonly password: string
  readonly clientId: string
  readonly clientSecret: string
  readonly refreshToken: string
}

const auth = (emulator: RailsApiV1Emulator, account: AccountName) => emulator.accounts[account].auth as unknown as Auth

function client(emulator: RailsApiV1Emulator, account: AccountName) {
  const { clientId, clientSecret } = auth(emulator, account)
  return { client_id: clientId, client_secret: clientSecret }
}

const token = (emulator: RailsApiV1Emulator, fields: Record<string, unknown>) =>
  post(`${emulator.url}/oauth/token`, fields)

function byPassword(
  emulator: RailsApiV1Emulator,
  account: AccountName = 'password',
  more: Record<string, unknown> = {},
) {
  const { username, password } = auth(emulator, account)
  return token(emulator, { grant_type: 'password', username, password, ...client(emulator, account), ...more })
}

const refresh = (emulator: RailsApiV1Emulator, refreshToken: string, more: Record<string, unknown> = {}) =>
  token(emulator, {
    grant_type: 'refresh_token',
    refresh_token: refreshToken,
    ...client(emulator, 'password'),
    ...more,
  })

const reason = ({ headers }: Answer) => /error_description="(.*)"/.exec(headers.get('www-authenticate') ?? '')?.[1]

describe('a token answer', () => {
  test('has the documented fields, types and headers', async () => {
    const emulator = await start()
    const answer = await byPassword(emulator)
    expect(answer.status).toBe(200)
    expect(answer.headers.get('content-type')).toBe('application/json; charset=utf-8')
    expect(answer.headers.get('cache-control')).toBe('no-store')
    expect(answer.headers.get('pragma')).toBe('no-cache')
    expect(answer.body).toEqual({
      access_token: expect.any(String),
      token_type: 'Bearer',
      expires_in: 60,
      refresh_token: expect.stringMatching(/^[\w-]{43}$/),
      scope: 'public',
      created_at: now / 1000,
      user_id: emulator.people.password.id,
    })
  })

  test('has a longer refresh token, no scope and whatever else the knobs say under Doorkeeper 4', async () => {
    const emulator = await start({
      doorkeeper: '4',
      accessTokenSeconds: 7200,
      tokenType: 'bearer',
      userIdInToken: false,
    })
    expect((await byPassword(emulator)).body).toEqual({
      access_token: expect.any(String),
      token_type: 'bearer',
      expires_in: 7200,
      refresh_token: expect.stringMatching(/^[0-9a-f]{64}$/),
      created_at: now / 1000,
    })
  })

  test('holds an HS512 token signed with the client secret that says who but not for how long', async () => {
    const emulator = await start()
    const { access_token: first } = (await byPassword(emulator)).body
    const { clientId, clientSecret, username } = auth(emulator, 'password')
    expect(decodeProtectedHeader(first)).toEqual({ typ: 'JWT', alg: 'HS512', kid: clientId })
    await jwtVerify(first, Buffer.from(clientSecret), { algorithms: ['HS512'] })
    expect(decodeJwt(first)).toEqual({
      iss: 'rails_api_template',
      iat: now / 1000,
      jti: expect.stringMatching(/^[0-9a-f-]{36}$/),
      user: { id: emulator.people.password.id, email: username },
    })
    const { access_token: second } = (await byPassword(emulator)).body
    expect(decodeJwt(second).jti).not.toBe(decodeJwt(first).jti)
    expect((await me(emulator, first)).status).toBe(200)
  })
})

describe('the password grant', () => {
  test('takes grant_type from query or body, JSON or a form, and the e-mail in any case', async () => {
    const emulator = await start()
    const { username, password } = auth(emulator, 'password')
    const fields = { username: ` ${username.toUpperCase()} `, password, ...client(emulator, 'password') }
    const url = `${emulator.url}/oauth/token`
    for (const answer of [
      await post(`${url}?grant_type=password`, fields),
      await post(url, { ...fields, grant_type: 'password' }),
      await post(url, { ...fields, grant_type: 'password' }, { 'content-type': 'application/json; charset=utf-8' }),
      await form(`${url}?grant_type=password`, fields),
      await form(url, { ...fields, grant_type: 'password' }),
    ]) {
      expect(answer).toMatchObject({ status: 200, body: { user_id: emulator.people.password.id } })
    }
  })

  // [what is wrong, error, status under 4, 5, 5.5]
  test.each([
    ['a wrong password', { password: 'x' }, 'invalid_grant', 401, 400, 400],
    ['an unknown e-mail', { username: 'x@y.example' }, 'invalid_grant', 401, 400, 400],
    ['a wrong secret', { client_secret: 'x' }, 'invalid_client', 401, 401, 401],
    ['a wrong secret and a wrong password', { client_secret: 'x', password: 'x' }, 'invalid_client', 401, 401, 401],
    ['a client without its secret', { client_secret: undefined }, 'invalid_client', 401, 401, 401],
    ['no grant type', { grant_type: undefined }, 'invalid_request', 401, 400, 400],
    ['a flow that is off', { grant_type: 'client_credentials' }, 'unsupported_grant_type', 401, 400, 400],
    ['an unknown scope', { scope: 'everything' }, 'invalid_scope', 401, 400, 400],
  ])('answers %s as each version does', async (_, wrong, error, ...statuses) => {
    for (const [index, doorkeeper] of ['4', '5', '5.5'].entries()) {
      const emulator = await start({ doorkeeper })
      const answer = await byPassword(emulator, 'password', { ...wrong, state: 's' })
      expect(answer).toMatchObject({ status: statuses[index], body: { error, state: 's' } })
      expect(answer.headers.get('cache-control')).toBe('no-store')
      expect(answer.headers.get('www-authenticate')).toBe(
        `Bearer realm="Doorkeeper", error="${error}", error_description="${answer.body.error_description}"`,
      )
    }
  })

  test('without any client it is invalid_grant, from 5.5 on invalid_client', async () => {
    const none = { client_id: undefined, client_secret: undefined }
    expect((await byPassword(await start({ doorkeeper: '4' }), 'password', none)).body.error).toBe('invalid_grant')
    expect((await byPassword(await start({ doorkeeper: '5' }), 'password', none)).body.error).toBe('invalid_grant')
    expect(await byPassword(await start({ doorkeeper: '5.5' }), 'password', none)).toMatchObject({
      status: 401,
      body: { error: 'invalid_client' },
    })
  })

  test('does not work with HTTP Basic alone, though a wrong one is noticed', async () => {
    const emulator = await start()
    const { username, password, clientId, clientSecret } = auth(emulator, 'password')
    const send = (credentials: string) =>
      post(
        `${emulator.url}/oauth/token`,
        { grant_type: 'password', username, password },
        { authorization: `Basic ${Buffer.from(credentials).toString('base64')}` },
      )
    expect((await send(`${clientId}:${clientSecret}`)).body.error).toBe('invalid_grant')
    expect((await send(`${clientId}:x`)).body.error).toBe('invalid_client')
  })

  test('Doorkeeper 5 names the parameter that is missing', async () => {
    const answer = await token(await start(), {})
    expect(answer.body.error_description).toBe('Missing required parameter: grant_type.')
  })

  test('holds each application to its flow when built so', async () => {
    const emulator = await start({ flowsPerClient: true })
    const linked = client(emulator, 'authorizationCode')
    expect(await byPassword(emulator, 'password', linked)).toMatchObject({
      status: 400,
      body: { error: 'unauthorized_client' },
    })
    const later = await start({ flowsPerClient: true, doorkeeper: '5.5' })
    expect((await byPassword(later, 'password', client(later, 'authorizationCode'))).status).toBe(401)
    const stock = await start()
    expect((await byPassword(stock, 'password', client(stock, 'authorizationCode'))).status).toBe(200)
  })

  test('two people with one password get tokens of their own', async () => {
    const emulator = await start()
    expect(auth(emulator, 'other').password).toBe(auth(emulator, 'password').password)
    for (const account of ['password', 'other'] as const) {
      const { access_token: access } = (await byPassword(emulator, account)).body
      expect((await me(emulator, access)).body.email).toBe(emulator.people[account].email)
    }
  })
})

describe('presenting a token', () => {
  test('works in the header in any case and in two parameters', async () => {
    const emulator = await start()
    const { access_token: access } = (await byPassword(emulator)).body
    const url = `${emulator.url}/api/v1/users/me`
    expect((await ask(url, { headers: { authorization: `bEARER ${access}` } })).status).toBe(200)
    expect((await ask(`${url}?access_token=${access}`)).status).toBe(200)
    expect((await ask(`${url}?bearer_token=${access}`)).status).toBe(200)
    expect((await ask(url, { headers: { authorization: `Token ${access}` } })).status).toBe(401)
  })

  test.each([
    ['missing', 'The access token is invalid'],
    ['malformed', 'The access token is invalid'],
    ['expired', 'The access token expired'],
    ['revoked', 'The access token was revoked'],
    ['revoked and expired', 'The access token was revoked'],
  ])('that is %s gives an empty 401 whose challenge says why', async (state, description) => {
    const emulator = await start()
    const { access_token: access } = (await byPassword(emulator)).body
    if (state.includes('revoked')) emulator.revokeAccessTokens()
    if (state.includes('expired')) emulator.clock.advance(60_001)
    const headers: Record<string, string> = { accept: 'application/json' }
    if (state !== 'missing') headers['authorization'] = `Bearer ${state === 'malformed' ? 'x.y.z' : access}`
    const answer = await ask(`${emulator.url}/api/v1/countries`, { headers })
    expect(answer).toMatchObject({ status: 401, body: '' })
    expect(answer.headers.get('content-type')).toBe('text/html')
    expect(answer.headers.get('cache-control')).toBe('no-store')
    expect(answer.headers.get('pragma')).toBe('no-cache')
    expect(answer.headers.get('www-authenticate')).toBe(
      `Bearer realm="Doorkeeper", error="invalid_token", error_description="${description}"`,
    )
  })

  test('is good up to the last millisecond of its lifetime', async () => {
    const emulator = await start()
    const { access_token: access } = (await byPassword(emulator)).body
    emulator.clock.advance(60_000)
    expect((await me(emulator, access)).status).toBe(200)
    emulator.clock.advance(1)
    expect((await me(emulator, access)).status).toBe(401)
  })
})

describe('refreshing', () => {
  test('leaves the old pair alive until the new access token is first used, then kills both', async () => {
    const emulator = await start()
    const first = (await byPassword(emulator)).body
    const second = (await refresh(emulator, first.refresh_token)).body
    expect(second.refresh_token).not.toBe(first.refresh_token)
    expect((await me(emulator, first.access_token)).status).toBe(200)
    expect((await refresh(emulator, first.refresh_token)).status).toBe(200)
    expect((await me(emulator, second.access_token)).status).toBe(200)
    const late = await me(emulator, first.access_token)
    expect([late.status, reason(late)]).toEqual([401, 'The access token was revoked'])
    expect(await refresh(emulator, first.refresh_token)).toMatchObject({
      status: 400,
      body: { error: 'invalid_grant' },
    })
    expect((await refresh(emulator, second.refresh_token)).status).toBe(200)
  })

  test('in parallel gives independent children; using one kills the parent and no sibling', async () => {
    const emulator = await start()
    const first = (await byPassword(emulator)).body
    const [one, other] = await Promise.all([
      refresh(emulator, first.refresh_token),
      refresh(emulator, first.refresh_token),
    ])
    expect([one.status, other.status]).toEqual([200, 200])
    expect(one.body.refresh_token).not.toBe(other.body.refresh_token)
    expect((await me(emulator, one.body.access_token)).status).toBe(200)
    expect((await me(emulator, first.access_token)).status).toBe(401)
    expect((await me(emulator, other.body.access_token)).status).toBe(200)
    expect((await refresh(emulator, other.body.refresh_token)).status).toBe(200)
    expect((await refresh(emulator, one.body.refresh_token)).status).toBe(200)
  })

  test('replaying a dead refresh token does not hurt its descendants', async () => {
    const emulator = await start()
    const first = (await byPassword(emulator)).body
    const second = (await refresh(emulator, first.refresh_token)).body
    await me(emulator, second.access_token)
    expect((await refresh(emulator, first.refresh_token)).body.error).toBe('invalid_grant')
    expect((await me(emulator, second.access_token)).status).toBe(200)
  })

  test('counts the new token as used at token/info and even by a request that is refused, not by introspection', async () => {
    const emulator = await start()
    const uses: [string, (access: string) => Promise<unknown>, boolean][] = [
      ['info', (access) => ask(`${emulator.url}/oauth/token/info`, { headers: bearer(access) }), true],
      [
        'expired',
        (access) => {
          emulator.clock.advance(61_000)
          return me(emulator, access)
        },
        true,
      ],
      [
        'introspect',
        (access) => post(`${emulator.url}/oauth/introspect`, { token: access, ...client(emulator, 'password') }),
        false,
      ],
    ]
    for (const [name, use, kills] of uses) {
      const first = (await byPassword(emulator)).body
      const second = (await refresh(emulator, first.refresh_token)).body
      await use(second.access_token)
      expect([name, (await refresh(emulator, first.refresh_token)).status]).toEqual([name, kills ? 400 : 200])
    }
  })

  test('kills the old pair at once where the deployment lacks the column, and one of many wins', async () => {
    for (const [doorkeeper, error, status] of [
      ['4', 'invalid_request', 401],
      ['5', 'invalid_grant', 400],
    ] as const) {
      const emulator = await start({ refreshRevocation: 'immediate', doorkeeper })
      const first = (await byPassword(emulator)).body
      const answers = await Promise.all(Array.from({ length: 8 }, () => refresh(emulator, first.refresh_token)))
      expect(answers.filter((answer) => answer.status === 200)).toHaveLength(1)
      const lost = answers.filter((answer) => answer.status !== 200)
      // Who comes late enough to see it dead already gets invalid_grant in both versions.
      for (const answer of lost) expect([error, 'invalid_grant']).toContain(answer.body.error)
      expect(lost.every((answer) => answer.status === status)).toBe(true)
      expect((await me(emulator, first.access_token)).status).toBe(401)
    }
  })

  test('works long after the access token has run out', async () => {
    const emulator = await start()
    const first = (await byPassword(emulator)).body
    emulator.clock.advance(400 * 86_400_000)
    expect((await refresh(emulator, first.refresh_token)).status).toBe(200)
  })

  test('checks the refresh token, then the client, then that they belong together', async () => {
    const emulator = await start()
    const { refresh_token: good } = (await byPassword(emulator)).body
    expect((await refresh(emulator, 'dead', { client_secret: 'x' })).body.error).toBe('invalid_grant')
    expect(await refresh(emulator, good, { client_secret: 'x' })).toMatchObject({
      status: 401,
      body: { error: 'invalid_client' },
    })
    expect((await refresh(emulator, good, client(emulator, 'unlinked'))).body.error).toBe('invalid_grant')
    expect((await refresh(emulator, '', {})).body.error).toBe('invalid_request')
    expect((await refresh(emulator, good, { scope: 'other' })).body.error).toBe('invalid_scope')
  })

  test('without a client passes under Doorkeeper 4 and is invalid_grant under 5', async () => {
    const none = { client_id: undefined, client_secret: undefined }
    const [four, five] = [await start({ doorkeeper: '4' }), await start()]
    expect((await refresh(four, (await byPassword(four)).body.refresh_token, none)).status).toBe(200)
    expect(await refresh(five, (await byPassword(five)).body.refresh_token, none)).toMatchObject({
      status: 400,
      body: { error: 'invalid_grant' },
    })
  })

  test('takes the lifetime of the server, from 5.5 on that of the parent', async () => {
    for (const [doorkeeper, seconds] of [
      ['5', 10],
      ['5.5', 60],
    ] as const) {
      const emulator = await start({ doorkeeper })
      const first = (await byPassword(emulator)).body
      emulator.setAccessTokenSeconds(10)
      expect((await refresh(emulator, first.refresh_token)).body.expires_in).toBe(seconds)
      expect((await byPassword(emulator)).body.expires_in).toBe(10)
    }
  })

  test('survives a change of the password; a deleted owner is a 404 of the framework', async () => {
    const emulator = await start()
    const first = (await byPassword(emulator)).body
    emulator.changePassword('password', 'another one')
    expect((await byPassword(emulator)).body.error).toBe('invalid_grant')
    expect((await byPassword(emulator, 'password', { password: 'another one' })).status).toBe(200)
    expect((await refresh(emulator, first.refresh_token)).status).toBe(200)
    emulator.deleteOwner('password')
    const gone = { status: 404, error: 'Not Found' }
    expect(await refresh(emulator, first.refresh_token)).toMatchObject({ status: 404, body: gone })
    expect(await me(emulator, first.access_token)).toMatchObject({ status: 404, body: gone })
  })

  test('a revoked row takes its refresh token along, an expired access token does not', async () => {
    const emulator = await start()
    const [mine, others] = [(await byPassword(emulator)).body, (await byPassword(emulator, 'other')).body]
    emulator.expireAccessTokens('password')
    expect(reason(await me(emulator, mine.access_token))).toBe('The access token expired')
    expect((await me(emulator, others.access_token)).status).toBe(200)
    const next = (await refresh(emulator, mine.refresh_token)).body
    emulator.revokeAccessTokens('password')
    expect(reason(await me(emulator, next.access_token))).toBe('The access token was revoked')
    expect((await refresh(emulator, next.refresh_token)).body.error).toBe('invalid_grant')
    expect((await me(emulator, others.access_token)).status).toBe(200)
  })
})

describe('the authorization code', () => {
  const authorizeUrl = (emulator: RailsApiV1Emulator, account: AccountName, more: Record<string, string> = {}) => {
    const query = new URLSearchParams({
      client_id: auth(emulator, account).clientId,
      redirect_uri: callback,
      response_type: 'code',
      scope: '',
      state: 'a b&c',
      code_challenge: 'ignored',
      code_challenge_method: 'S256',
      ...more,
    })
    return `${emulator.url}/oauth/authorize?${query.toString()}`
  }

  const cookieOf = (answer: Answer) => ({ cookie: answer.headers.get('set-cookie')?.split(';')[0] ?? '' })

  /** Through the sign-in page to where it leads. */
  async function signIn(emulator: RailsApiV1Emulator, account: AccountName, url = authorizeUrl(emulator, account)) {
    const sent = await ask(url)
    expect([sent.status, sent.headers.get('location')]).toEqual([302, '/users/sign_in'])
    const { email, password } = emulator.people[account]
    const fields = { 'user[email]': email, 'user[password]': password }
    const signedIn = await form(`${emulator.url}/users/sign_in`, fields, cookieOf(sent))
    return { signedIn, headers: cookieOf(signedIn) }
  }

  /** The hidden fields of the form whose button says so. */
  function fieldsOf(html: string, button: string): Record<string, string> {
    const found = html.split('<form').find((part) => part.includes(`value="${button}"`)) ?? ''
    const inputs = [...found.matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)">/g)]
    return Object.fromEntries(inputs.map(([, name = '', value = '']) => [name, value.replaceAll('&amp;', '&')]))
  }

  async function codeFor(emulator: RailsApiV1Emulator, account: AccountName = 'unlinked') {
    const { signedIn, headers } = await signIn(emulator, account)
    const consent = await ask(emulator.url + signedIn.headers.get('location'), { headers })
    const agreed = await form(`${emulator.url}/oauth/authorize`, fieldsOf(consent.body, 'Authorize'), headers)
    return { agreed, headers, code: new URL(agreed.headers.get('location') ?? '').searchParams.get('code') ?? '' }
  }

  const exchange = (emulator: RailsApiV1Emulator, code: string, more: Record<string, unknown> = {}) =>
    token(emulator, {
      grant_type: 'authorization_code',
      code,
      redirect_uri: callback,
      ...client(emulator, 'unlinked'),
      ...more,
    })

  test('goes through sign-in and consent to a code that buys one pair of tokens', async () => {
    const emulator = await start()
    const { agreed, code } = await codeFor(emulator)
    expect(agreed.status).toBe(302)
    const location = new URL(agreed.headers.get('location') ?? '')
    expect(location.origin + location.pathname).toBe(callback)
    expect(location.searchParams.get('state')).toBe('a b&c')
    expect(code).toMatch(/^[\w-]{43}$/)
    const answer = await exchange(emulator, code)
    expect(answer).toMatchObject({ status: 200, body: { user_id: emulator.people.unlinked.id } })
    expect((await me(emulator, answer.body.access_token)).body.email).toBe(emulator.people.unlinked.email)
    expect(await exchange(emulator, code)).toMatchObject({ status: 400, body: { error: 'invalid_grant' } })
    const { access_token: access, refresh_token: second } = answer.body
    const { password } = emulator.people.unlinked
    expect(emulator.secrets()).toEqual(
      expect.arrayContaining([code, access, second, password, auth(emulator, 'unlinked').clientSecret]),
    )
    expect((await me(emulator, answer.body.access_token)).status).toBe(200)
  })

  test('under Doorkeeper 4 is 64 hex characters and needs no scope', async () => {
    const emulator = await start({ doorkeeper: '4' })
    const { code } = await codeFor(emulator)
    expect(code).toMatch(/^[0-9a-f]{64}$/)
    expect((await exchange(emulator, code)).status).toBe(200)
    expect(await exchange(emulator, code)).toMatchObject({ status: 401, body: { error: 'invalid_grant' } })
  })

  test('is refused by the person as access_denied', async () => {
    const emulator = await start()
    const { signedIn, headers } = await signIn(emulator, 'unlinked')
    const consent = await ask(emulator.url + signedIn.headers.get('location'), { headers })
    const refused = await form(`${emulator.url}/oauth/authorize`, fieldsOf(consent.body, 'Deny'), headers)
    const { searchParams } = new URL(refused.headers.get('location') ?? '')
    expect(refused.status).toBe(302)
    expect([searchParams.get('error'), searchParams.get('state')]).toEqual(['access_denied', 'a b&c'])
    expect(searchParams.has('code')).toBe(false)
  })

  test('runs out after 600 seconds', async () => {
    const emulator = await start()
    const [early, late] = [await codeFor(emulator), await codeFor(emulator)]
    emulator.clock.advance(600_000)
    expect((await exchange(emulator, early.code)).status).toBe(200)
    emulator.clock.advance(1)
    expect((await exchange(emulator, late.code)).body.error).toBe('invalid_grant')
  })

  test('is bound to its redirect address and its client', async () => {
    const emulator = await start()
    const { code } = await codeFor(emulator)
    expect((await exchange(emulator, code, { redirect_uri: `${callback}/` })).body.error).toBe('invalid_grant')
    expect(await exchange(emulator, code, { redirect_uri: undefined })).toMatchObject({
      status: 400,
      body: { error: 'invalid_request', error_description: 'Missing required parameter: redirect_uri.' },
    })
    expect((await exchange(emulator, code, client(emulator, 'authorizationCode'))).body.error).toBe('invalid_grant')
    expect((await exchange(emulator, code, { client_secret: 'x' })).body.error).toBe('invalid_client')
    expect((await exchange(emulator, code)).status).toBe(200)
  })

  test('takes the client from HTTP Basic', async () => {
    const emulator = await start()
    const { code } = await codeFor(emulator)
    const { clientId, clientSecret } = auth(emulator, 'unlinked')
    const answer = await post(
      `${emulator.url}/oauth/token`,
      { grant_type: 'authorization_code', code, redirect_uri: callback },
      { authorization: `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString('base64')}` },
    )
    expect(answer.status).toBe(200)
  })

  test('comes without asking again from a person who agreed before', async () => {
    const emulator = await start()
    const { signedIn, headers } = await signIn(emulator, 'authorizationCode')
    const straight = await ask(emulator.url + signedIn.headers.get('location'), { headers })
    expect(straight.status).toBe(302)
    expect(new URL(straight.headers.get('location') ?? '').searchParams.has('code')).toBe(true)
    emulator.revokeAccessTokens('authorizationCode')
    const asked = await ask(emulator.url + signedIn.headers.get('location'), { headers })
    expect([asked.status, asked.body.includes('Authorize')]).toEqual([200, true])
  })

  test('is for administrators only, unless the deployment lifts that', async () => {
    for (const [adminOnlyLogin, location] of [
      [true, '/users/sign_in?alert=inactive'],
      [false, '/'],
    ] as const) {
      const emulator = await start({ adminOnlyLogin })
      const { email, password } = emulator.people.password
      const answer = await form(`${emulator.url}/users/sign_in`, { 'user[email]': email, 'user[password]': password })
      expect([answer.status, answer.headers.get('location')]).toEqual([302, location])
    }
  })

  test('a wrong password shows the page again', async () => {
    const emulator = await start()
    const fields = { 'user[email]': '"><script>', 'user[password]': 'x' }
    const answer = await form(`${emulator.url}/users/sign_in`, fields)
    expect(answer.status).toBe(200)
    expect(answer.body).toContain('Invalid email or password.')
    expect(answer.body).not.toContain('<script>')
  })

  test.each([
    ['an unknown client', { client_id: 'x' }],
    ['an insecure redirect address', { redirect_uri: 'http://evil.example/cb' }],
    ['no redirect address', { redirect_uri: '' }],
    ['another response type', { response_type: 'token' }],
    ['an unknown scope', { scope: 'everything' }],
  ])('with %s is an HTML page with status 200 and no redirect', async (_, wrong) => {
    const emulator = await start()
    const { headers } = await signIn(emulator, 'unlinked')
    const answer = await ask(authorizeUrl(emulator, 'unlinked', wrong), { headers })
    expect(answer.status).toBe(200)
    expect(answer.headers.get('content-type')).toBe('text/html; charset=utf-8')
    expect(answer.headers.has('location')).toBe(false)
    expect(answer.body).toContain('An error has occurred')
  })

  test('cannot be had from the stock template on Doorkeeper 5, which has no scopes', async () => {
    const emulator = await start({ defaultScopes: [] })
    const { headers } = await signIn(emulator, 'unlinked')
    const answer = await ask(authorizeUrl(emulator, 'unlinked'), { headers })
    expect([answer.status, answer.body.includes('Missing required parameter: scope.')]).toEqual([200, true])
  })

  test('goes to registered addresses only, and to a page of its own out of band', async () => {
    const emulator = await start({ redirectUris: ['https://app.example/cb?x=1', 'urn:ietf:wg:oauth:2.0:oob'] })
    const { headers } = await signIn(emulator, 'authorizationCode')
    const open = (redirect_uri: string) =>
      ask(authorizeUrl(emulator, 'authorizationCode', { redirect_uri }), { headers })
    expect((await open(callback)).status).toBe(200)
    expect((await open('https://app.example/cb?x=1')).headers.get('location')).toMatch(
      /^https:\/\/app\.example\/cb\?x=1&code=[\w-]+&state=a\+b%26c$/,
    )
    const native = (await open('urn:ietf:wg:oauth:2.0:oob')).headers.get('location') ?? ''
    expect(native).toMatch(/^\/oauth\/authorize\/native\?code=[\w-]+$/)
    expect((await ask(emulator.url + native)).body).toContain(native.split('code=')[1])
  })

  test('the configured refresh token of the linked account works once its turn has come', async () => {
    const emulator = await start()
    const { refreshToken } = auth(emulator, 'authorizationCode')
    emulator.clock.advance(86_400_000)
    const answer = await refresh(emulator, refreshToken, client(emulator, 'authorizationCode'))
    expect(answer).toMatchObject({ status: 200, body: { user_id: emulator.people.authorizationCode.id } })
    expect((await me(emulator, answer.body.access_token)).status).toBe(200)
    expect((await refresh(emulator, refreshToken, client(emulator, 'authorizationCode'))).status).toBe(400)
    expect(auth(emulator, 'unlinked').refreshToken).toBeUndefined()
  })
})

describe('revoking', () => {
  const revoke = (emulator: RailsApiV1Emulator, value: string, more: Record<string, unknown> = {}) =>
    post(`${emulator.url}/oauth/revoke`, { token: value, ...client(emulator, 'password'), ...more })

  test.each(['access_token', 'refresh_token'])('by the %s kills access and refresh token together', async (field) => {
    const emulator = await start()
    const { body } = await byPassword(emulator)
    expect(await revoke(emulator, body[field])).toMatchObject({ status: 200, body: {} })
    expect(reason(await me(emulator, body.access_token))).toBe('The access token was revoked')
    expect((await refresh(emulator, body.refresh_token)).body.error).toBe('invalid_grant')
  })

  test('does nothing once the access token has run out', async () => {
    const emulator = await start()
    const { body } = await byPassword(emulator)
    emulator.clock.advance(61_000)
    expect((await revoke(emulator, body.refresh_token)).status).toBe(200)
    expect((await refresh(emulator, body.refresh_token)).status).toBe(200)
  })

  // [case, status under 4, 5, 5.5]
  test.each([
    ['unknown', 200, 403, 200],
    ['foreign', 200, 403, 403],
    ['clientless', 200, 403, 403],
  ])('of what may not be (%s) answers as each version does and revokes nothing', async (kind, ...statuses) => {
    for (const [index, doorkeeper] of ['4', '5', '5.5'].entries()) {
      const emulator = await start({ doorkeeper })
      const { body } = await byPassword(emulator)
      const more =
        kind === 'foreign'
          ? client(emulator, 'unlinked')
          : kind === 'clientless'
            ? { client_id: undefined, client_secret: undefined }
            : {}
      const answer = await revoke(emulator, kind === 'unknown' ? 'x' : body.access_token, more)
      expect(answer.status).toBe(statuses[index])
      if (answer.status === 403) expect(answer.body.error).toBe('unauthorized_client')
      expect((await me(emulator, body.access_token)).status).toBe(200)
    }
  })
})

describe('token info and introspection', () => {
  test('info tells of the token in the words of each version', async () => {
    for (const [doorkeeper, expected] of [
      ['4', { scopes: [], expires_in_seconds: 41 }],
      ['5', { scope: ['public'], expires_in: 41 }],
    ] as const) {
      const emulator = await start({ doorkeeper })
      const { body } = await byPassword(emulator)
      emulator.clock.advance(19_000)
      const answer = await ask(`${emulator.url}/oauth/token/info`, { headers: bearer(body.access_token) })
      expect(answer.body).toEqual({
        resource_owner_id: emulator.people.password.id,
        application: { uid: auth(emulator, 'password').clientId },
        created_at: now / 1000,
        ...expected,
      })
    }
  })

  test('info refuses a bad token in the words of each version', async () => {
    const info = async (doorkeeper: string) => ask(`${(await start({ doorkeeper })).url}/oauth/token/info`)
    const four = await info('4')
    expect(four).toMatchObject({ status: 401, body: { error: 'invalid_request' } })
    expect(four.body).not.toHaveProperty('state')
    expect(await info('5')).toMatchObject({ status: 401, body: { error: 'invalid_token', state: 'unauthorized' } })
  })

  test('introspection tells a client of its own live tokens only', async () => {
    const emulator = await start()
    const { body } = await byPassword(emulator)
    const introspect = (fields: Record<string, unknown>, headers: Record<string, string> = {}) =>
      post(`${emulator.url}/oauth/introspect`, { token: body.access_token, ...fields }, headers)
    const mine = client(emulator, 'password')
    const active = {
      active: true,
      scope: 'public',
      client_id: mine.client_id,
      token_type: 'Bearer',
      exp: now / 1000 + 60,
      iat: now / 1000,
    }
    expect((await introspect(mine)).body).toEqual(active)
    const { access_token: second } = (await byPassword(emulator, 'other')).body
    expect((await introspect({}, { authorization: `Bearer ${second}` })).body).toEqual(active)
    expect((await introspect(client(emulator, 'unlinked'))).body).toEqual({ active: false })
    expect((await introspect({ ...mine, client_secret: 'x' })).body.error).toBe('invalid_client')
    expect((await introspect({})).body.error).toBe('invalid_request')
    expect((await introspect({}, { authorization: 'Bearer x' })).body.error).toBe('invalid_token')
    emulator.clock.advance(60_001)
    expect((await introspect(mine)).body).toEqual({ active: false })
  })
})

describe('users', () => {
  test('shows the owner of the token whatever the id says, with the merged columns', async () => {
    const emulator = await start()
    const { access_token: access } = (await byPassword(emulator)).body
    const time = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/
    for (const id of ['1', '999999', 'abc']) {
      const answer = await ask(`${emulator.url}/api/v1/users/${id}`, { headers: bearer(access) })
      expect(answer.body).toEqual({
        id: emulator.people.password.id,
        name: expect.any(String),
        nickname: expect.any(String),
        email: emulator.people.password.email,
        created_at: expect.stringMatching(time),
        updated_at: expect.stringMatching(time),
        role: 'default',
        gold_to_send: 50,
        gold_received: 0,
      })
    }
  })

  test('names are full, empty or null, and administrators are told apart', async () => {
    const emulator = await start({ adminOnlyLogin: false })
    const login = async (account: AccountName) => {
      const { email, password } = emulator.people[account]
      const { access_token: access } = (await byPassword(emulator, 'password', { username: email, password })).body
      return (await me(emulator, access)).body
    }
    expect((await login('password')).name).not.toBe('')
    expect(await login('authorizationCode')).toMatchObject({ name: '', role: 'admin' })
    expect((await login('authorizationCode')).nickname).not.toBe('')
    expect(await login('unlinked')).toMatchObject({ name: null, role: 'admin' })
    expect(await login('other')).toMatchObject({ name: '', nickname: '', role: 'default' })
  })

  test('a clean deployment has five fields', async () => {
    const emulator = await start({ phantomFields: false })
    const { body } = await me(emulator, (await byPassword(emulator)).body.access_token)
    expect(Object.keys(body).sort()).toEqual(['created_at', 'email', 'id', 'role', 'updated_at'])
  })

  test('are made without a token, answered with 200 and can log in', async () => {
    const emulator = await start()
    const user = { email: ' New@Mail.Example ', password: 'secret1', role: 'admin' }
    const { status, body } = await post(`${emulator.url}/api/v1/users`, { user })
    expect([status, body.email, body.role]).toEqual([200, 'new@mail.example', 'default'])
    const login = await byPassword(emulator, 'password', { username: 'new@mail.example', password: 'secret1' })
    expect(login.body.user_id).toBe(body.id)
    const byForm = await form(`${emulator.url}/api/v1/users`, {
      'user[email]': 'f@m.example',
      'user[password]': 'secret1',
    })
    expect(byForm.status).toBe(200)
  })

  test.each([
    [
      { user: { email: 'TAKEN', password: 'short' } },
      { email: ['has already been taken'], password: ['is too short (minimum is 6 characters)'] },
    ],
    [
      { user: { email: 'nonsense', password: 'x'.repeat(129) } },
      { email: ['is invalid'], password: ['is too long (maximum is 128 characters)'] },
    ],
    [{ user: { nickname: 'x' } }, { email: ["can't be blank"], password: ["can't be blank"] }],
    [{ email: 'flat@mail.example', password: 'secret1' }, { password: ["can't be blank"] }],
    [{}, { errors: [{ user: ['parameter is required'] }] }],
    [{ user: {} }, { errors: [{ user: ['parameter is required'] }] }],
    [{ password: 'secret1' }, { errors: [{ user: ['parameter is required'] }] }],
  ])('are refused with 422 in one of two envelopes: %j', async (fields, expected) => {
    const emulator = await start()
    const body = JSON.parse(JSON.stringify(fields).replace('TAKEN', emulator.people.password.email))
    const answer = await post(`${emulator.url}/api/v1/users`, body)
    expect(answer.status).toBe(422)
    expect(answer.body).toEqual(expected)
  })
})

describe('countries and the framework', () => {
  test('lists 249 countries by name and code', async () => {
    const emulator = await start()
    const { access_token: access } = (await byPassword(emulator)).body
    const { body } = await ask(`${emulator.url}/api/v1/countries`, { headers: bearer(access) })
    expect(Object.keys(body)).toEqual(['countries'])
    expect(body.countries).toHaveLength(249)
    expect(new Set(body.countries.map(({ code }: { code: string }) => code)).size).toBe(249)
    expect(body.countries).toContainEqual({ name: 'Turkey', code: 'TR' })
    for (const { name, code } of body.countries) expect([/^[A-Z]{2}$/.test(code), name !== code]).toEqual([true, true])
  })

  test('gives a weak ETag and 304 to whoever has it', async () => {
    const emulator = await start()
    const { access_token: access } = (await byPassword(emulator)).body
    const first = await me(emulator, access)
    const etag = first.headers.get('etag') ?? ''
    expect(etag).toMatch(/^W\/"[0-9a-f]{32}"$/)
    expect(first.headers.get('cache-control')).toBe('max-age=0, private, must-revalidate')
    const again = await ask(`${emulator.url}/api/v1/users/1`, { headers: { ...bearer(access), 'if-none-match': etag } })
    expect(again).toMatchObject({ status: 304, body: '' })
    const other = await ask(`${emulator.url}/api/v1/users/1`, {
      headers: { ...bearer(access), 'if-none-match': 'W/"x"' },
    })
    expect(other.status).toBe(200)
    expect(etag).toBe(`W/"${createHash('md5').update(JSON.stringify(first.body)).digest('hex')}"`)
  })

  test('has no telephony; unknown routes are JSON or HTML by what is accepted', async () => {
    const { url } = await start()
    for (const path of ['/api/v1/dids', '/api/v1/extensions', '/api/v1/users', '/']) {
      expect(await ask(url + path, { headers: { accept: 'application/json' } })).toMatchObject({
        status: 404,
        body: { status: 404, error: 'Not Found' },
      })
      for (const accept of ['*/*', 'text/html', 'application/json, text/plain, */*']) {
        const answer = await ask(url + path, { headers: { accept } })
        expect(answer.status).toBe(404)
        expect(answer.headers.get('content-type')).toBe('text/html; charset=utf-8')
      }
    }
  })

  test('malformed JSON is 400: as JSON where wanted, else an empty HTML body', async () => {
    const { url } = await start()
    const send = (accept: string) =>
      ask(`${url}/oauth/token`, { method: 'POST', headers: { 'content-type': 'application/json', accept }, body: '{' })
    expect(await send('application/json')).toMatchObject({ status: 400, body: { status: 400, error: 'Bad Request' } })
    const bare = await send('*/*')
    expect(bare).toMatchObject({ status: 400, body: '' })
    expect(bare.headers.get('content-type')).toMatch(/^text\/html/)
  })

  test('has no knob it does not know', async () => {
    await expect(startRailsApiV1Emulator({ knobs: { doorKeeper: '4' } })).rejects.toThrow('no knob doorKeeper')
  })
})

describe('the journal', () => {
  test('names the account whose live token a request carried, and looking does not count as a use', async () => {
    const emulator = await start()
    const mine = (await byPassword(emulator)).body
    const others = (await byPassword(emulator, 'other')).body
    const linked = (
      await refresh(emulator, auth(emulator, 'authorizationCode').refreshToken, client(emulator, 'authorizationCode'))
    ).body
    for (const { access_token: access } of [mine, others, linked]) await me(emulator, access)
    await me(emulator, 'nonsense')
    emulator.clock.advance(60_001)
    await me(emulator, mine.access_token)
    expect(emulator.journal.apiRequests.map(({ account }) => account)).toEqual([
      'password',
      'other',
      'authorizationCode',
      null,
      null,
    ])
    expect(emulator.journal.tokenRequests).toHaveLength(3)
    const child = (await refresh(emulator, mine.refresh_token)).body
    emulator.faults.next({ status: 503, body: '{}' })
    expect((await me(emulator, child.access_token)).status).toBe(503)
    expect((await refresh(emulator, mine.refresh_token)).status).toBe(200)
  })

  test('reset forgets tokens, sessions and changes; the configured refresh token is good again', async () => {
    const emulator = await start()
    const { refreshToken } = auth(emulator, 'authorizationCode')
    const linked = client(emulator, 'authorizationCode')
    const used = (await refresh(emulator, refreshToken, linked)).body
    await me(emulator, used.access_token)
    expect((await refresh(emulator, refreshToken, linked)).status).toBe(400)
    emulator.deleteOwner('password')
    emulator.reset()
    expect(emulator.journal.entries).toHaveLength(0)
    expect((await me(emulator, used.access_token)).status).toBe(401)
    expect((await refresh(emulator, refreshToken, linked)).status).toBe(200)
    expect((await byPassword(emulator)).status).toBe(200)
  })

  test('configurations are the same for the same seed', async () => {
    const configuration = async (seed: number) => {
      const emulator = await start({}, { seed })
      return Object.values(emulator.accounts).map(({ auth: settings }) => settings)
    }
    expect(await configuration(3)).toEqual(await configuration(3))
    expect(await configuration(3)).not.toEqual(await configuration(4))
  })
})
