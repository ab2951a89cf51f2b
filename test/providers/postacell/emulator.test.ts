import { afterEach, describe, expect, test } from '@jest/globals'
import { decodeJwt, decodeProtectedHeader } from 'jose'

import type { EmulatorOptions } from '../../../src/emulator/emulator.js'
import {
  startPostacellEmulator,
  type AccountName,
  type PostacellEmulator,
} from '../../../src/providers/postacell/emulator/emulator.js'

const now = Date.parse('2026-01-15T10:00:00Z')
const running: PostacellEmulator[] = []

afterEach(async () => {
  await Promise.all(running.splice(0).map((emulator) => emulator.close()))
})

async function start(knobs: Record<string, unknown> = {}, options: EmulatorOptions = {}): Promise<PostacellEmulator> {
  const emulator = await startPostacellEmulator({ now, scale: 0.1, knobs, ...options })
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

const post = (url: string, body: unknown, headers: Record<string, string> = {}) =>
  ask(url, { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(body) })

const get = (url: string, token?: string, headers: Record<string, string> = {}) =>
  ask(url, {
    headers: { accept: 'application/json', ...(token ? { authorization: `Bearer ${token}` } : {}), ...headers },
  })

const auth = (emulator: PostacellEmulator, account: AccountName = 'login') =>
  emulator.accounts[account].auth as { username: string; password: string; gatewayCredential?: Record<string, string> }

async function login(
  emulator: PostacellEmulator,
  account: AccountName = 'login',
): Promise<{ access: string; refresh: string }> {
  const { username, password } = auth(emulator, account)
  const { status, body } = await post(`${emulator.url}/api/token`, { username, password })
  expect(status).toBe(200)
  return body
}

const refresh = (emulator: PostacellEmulator, token: string) =>
  post(`${emulator.url}/api/token/refresh`, { refresh: token })

const hello = (emulator: PostacellEmulator, token?: string) => get(`${emulator.url}/api/v1/hello/`, token)
const lists = (emulator: PostacellEmulator, token: string, query = '') =>
  get(`${emulator.url}/api/v1/email/list-filter/${query}`, token)

describe('logging in', () => {
  test('answers two keys and nothing about their lifetime', async () => {
    const emulator = await start()
    expect(Object.keys(await login(emulator))).toEqual(['access', 'refresh'])
  })

  test('gives HS256 tokens of 5 minutes and 24 hours with the customer as an integer and no iat', async () => {
    const { access, refresh: second } = await login(await start())
    expect(decodeProtectedHeader(access)).toEqual({ typ: 'JWT', alg: 'HS256' })
    expect(decodeJwt(access)).toEqual({
      token_type: 'access',
      exp: now / 1000 + 300,
      jti: expect.stringMatching(/^[0-9a-f]{32}$/),
      user_id: 77,
    })
    expect(decodeJwt(second)).toMatchObject({ token_type: 'refresh', exp: now / 1000 + 86_400 })
    expect(decodeJwt(second).jti).not.toBe(decodeJwt(access).jti)
  })

  test('takes lifetimes, version and kind of user_id from the knobs', async () => {
    const knobs = { accessTokenSeconds: 7, refreshTokenSeconds: 70, simpleJwt: '5.5', userId: 'string' }
    const { access, refresh: second } = await login(await start(knobs))
    expect(decodeJwt(access)).toMatchObject({ exp: now / 1000 + 7, iat: now / 1000, user_id: '77' })
    expect(decodeJwt(second).exp).toBe(now / 1000 + 70)
  })

  test('takes JSON, a form and multipart, special characters included', async () => {
    const emulator = await start()
    const { username, password } = auth(emulator)
    const multipart = new FormData()
    multipart.set('username', username)
    multipart.set('password', password)
    for (const body of [new URLSearchParams({ username, password }), multipart]) {
      const answer = await ask(`${emulator.url}/api/token`, { method: 'POST', body })
      expect(answer.status).toBe(200)
      expect(decodeJwt(answer.body.access).user_id).toBe(77)
    }
    expect((await post(`${emulator.url}/api/token`, { username, password })).status).toBe(200)
  })

  test('takes an e-mail in its own field or as the user name, but no user name as an e-mail', async () => {
    const emulator = await start()
    const { username: email, password } = auth(emulator, 'email')
    expect(emulator.accounts.email.auth['loginField']).toBe('email')
    expect((await post(`${emulator.url}/api/token`, { email, password })).status).toBe(200)
    expect((await post(`${emulator.url}/api/token`, { username: email, password })).status).toBe(200)
    const byName = { email: auth(emulator).username, password: auth(emulator).password }
    expect((await post(`${emulator.url}/api/token`, byName)).status).toBe(401)
  })

  test('refuses a wrong password with 401, a challenge and no code, even where resources answer 403', async () => {
    const emulator = await start({ authFailureStatus: 403 })
    const answer = await post(`${emulator.url}/api/token`, { username: 'egeyelken', password: 'wrong' })
    expect(answer.status).toBe(401)
    expect(answer.headers.get('www-authenticate')).toBe('Bearer realm="api"')
    expect(answer.body).toEqual({ detail: 'No active account found with the given credentials' })
  })

  test.each([
    [{}, { username: ['This field is required.'], password: ['This field is required.'] }],
    [{ username: 'egeyelken', password: '  ' }, { password: ['This field may not be blank.'] }],
    [{ email: null, password: 'x' }, { email: ['This field may not be null.'] }],
    [{ username: ['a'], password: 'x' }, { username: ['Not a valid string.'] }],
    [['egeyelken'], { non_field_errors: ['Invalid data. Expected a dictionary, but got list.'] }],
  ])('names the fields that are wrong in %j', async (body, expected) => {
    const answer = await post(`${(await start()).url}/api/token`, body)
    expect(answer).toMatchObject({ status: 400, body: expected })
    expect(answer.body).toEqual(expected)
  })

  test('answers bad JSON, other media types, other methods and unwanted types as the framework does', async () => {
    const { url } = await start()
    const send = (contentType: string, body: string) =>
      ask(`${url}/api/token`, { method: 'POST', headers: { 'content-type': contentType }, body })
    expect(await send('application/json', '{"username":')).toMatchObject({
      status: 400,
      body: { detail: expect.stringMatching(/^JSON parse error - /) },
    })
    expect(await send('text/plain', 'hello')).toMatchObject({
      status: 415,
      body: { detail: 'Unsupported media type "text/plain" in request.' },
    })
    const wrongMethod = await get(`${url}/api/token`)
    expect(wrongMethod).toMatchObject({ status: 405, body: { detail: 'Method "GET" not allowed.' } })
    expect(wrongMethod.headers.get('allow')).toBe('POST, OPTIONS')
    expect(await get(`${url}/api/token`, undefined, { accept: 'image/png' })).toMatchObject({
      status: 406,
      body: { detail: 'Could not satisfy the request Accept header.' },
    })
  })
})

describe('refreshing', () => {
  test('answers an access token only, and the 24 hours never move', async () => {
    const emulator = await start()
    const first = await login(emulator)
    emulator.clock.advance(23 * 3_600_000)
    const answer = await refresh(emulator, first.refresh)
    expect(Object.keys(answer.body)).toEqual(['access'])
    expect((await hello(emulator, answer.body.access)).status).toBe(200)
    emulator.clock.advance(3_600_000 - 1000)
    expect((await refresh(emulator, first.refresh)).status).toBe(200)
    emulator.clock.advance(1000)
    const dead = await refresh(emulator, first.refresh)
    expect(dead.status).toBe(401)
    expect(dead.headers.get('www-authenticate')).toBe('Bearer realm="api"')
    expect(dead.body).toEqual({ detail: 'Token is invalid or expired', code: 'token_not_valid' })
  })

  test('leaves the access tokens handed out before alive', async () => {
    const emulator = await start()
    const first = await login(emulator)
    await refresh(emulator, first.refresh)
    expect((await hello(emulator, first.access)).status).toBe(200)
  })

  test('rotates when told to, and the old refresh token lives on without the blacklist', async () => {
    const emulator = await start({ rotateRefresh: true })
    const first = await login(emulator)
    emulator.clock.advance(3_600_000)
    const second = await refresh(emulator, first.refresh)
    expect(Object.keys(second.body)).toEqual(['access', 'refresh'])
    expect(decodeJwt(second.body.refresh).exp).toBe((now + 3_600_000) / 1000 + 86_400)
    expect((await refresh(emulator, first.refresh)).status).toBe(200)
  })

  test('with the blacklist the refresh token that was sent is dead, its child alive', async () => {
    const emulator = await start({ rotateRefresh: true, blacklistAfterRotation: true })
    const first = await login(emulator)
    const second = await refresh(emulator, first.refresh)
    expect(await refresh(emulator, first.refresh)).toMatchObject({
      status: 401,
      body: { detail: 'Token is blacklisted', code: 'token_not_valid' },
    })
    expect((await refresh(emulator, second.body.refresh)).status).toBe(200)
  })

  test('never looks at the customer: password, activity and existence do not matter', async () => {
    const emulator = await start()
    const { refresh: token } = await login(emulator)
    emulator.changePassword('login', 'new')
    expect((await refresh(emulator, token)).status).toBe(200)
    emulator.deactivate('login')
    expect((await refresh(emulator, token)).status).toBe(200)
    emulator.deleteUser('login')
    expect((await refresh(emulator, token)).status).toBe(200)
  })

  test('refuses an access token, a missing field and a blank one', async () => {
    const emulator = await start()
    const { access } = await login(emulator)
    expect((await refresh(emulator, access)).body).toEqual({ detail: 'Token has wrong type', code: 'token_not_valid' })
    const url = `${emulator.url}/api/token/refresh`
    expect(await post(url, {})).toMatchObject({ status: 400, body: { refresh: ['This field is required.'] } })
    expect(await post(url, { refresh: '' })).toMatchObject({
      status: 400,
      body: { refresh: ['This field may not be blank.'] },
    })
  })

  test('SimpleJWT 5.5 tells expired from invalid', async () => {
    const emulator = await start({ simpleJwt: '5.5' })
    const { refresh: token } = await login(emulator)
    expect((await refresh(emulator, `${token}x`)).body.detail).toBe('Token is invalid')
    emulator.clock.advance(86_400_000)
    expect((await refresh(emulator, token)).body.detail).toBe('Token is expired')
  })
})

describe('a resource call', () => {
  test('greets whoever brings a live access token', async () => {
    const emulator = await start()
    const answer = await hello(emulator, (await login(emulator)).access)
    expect(answer).toMatchObject({ status: 200, body: { message: 'Hello, World!' } })
    expect(answer.headers.get('content-type')).toBe('application/json')
    expect(answer.headers.get('vary')).toMatch(/\bAccept\b/)
  })

  test('refuses an expired access token with messages, from the second it runs out', async () => {
    const emulator = await start()
    const { access } = await login(emulator)
    emulator.clock.advance(299_999)
    expect((await hello(emulator, access)).status).toBe(200)
    emulator.clock.advance(1)
    const answer = await hello(emulator, access)
    expect(answer.status).toBe(401)
    expect(answer.headers.get('www-authenticate')).toBe('Bearer realm="api"')
    expect(answer.body).toEqual({
      detail: 'Given token not valid for any token type',
      code: 'token_not_valid',
      messages: [{ token_class: 'AccessToken', token_type: 'access', message: 'Token is invalid or expired' }],
    })
  })

  test('answers 403 without a challenge and with the same body when the server is built so', async () => {
    const emulator = await start({ authFailureStatus: 403 })
    const { access } = await login(emulator)
    emulator.expireAccessTokens()
    const answer = await hello(emulator, access)
    expect(answer.status).toBe(403)
    expect(answer.headers.has('www-authenticate')).toBe(false)
    expect(answer.body.code).toBe('token_not_valid')
    expect(await hello(emulator)).toMatchObject({
      status: 403,
      body: { detail: 'Authentication credentials were not provided.' },
    })
  })

  test('refuses a refresh token, a foreign signature and a token without one', async () => {
    const emulator = await start()
    const { access, refresh: second } = await login(emulator)
    expect((await hello(emulator, second)).body.messages[0].message).toBe('Token has wrong type')
    const foreign = (await login(await start())).access
    expect((await hello(emulator, foreign)).body.code).toBe('token_not_valid')
    const unsigned = `${Buffer.from('{"alg":"none"}').toString('base64url')}.${access.split('.')[1]}.`
    expect((await hello(emulator, unsigned)).body.code).toBe('token_not_valid')
  })

  test.each([
    ['bearer TOKEN', { detail: 'Authentication credentials were not provided.' }],
    ['Token TOKEN', { detail: 'Authentication credentials were not provided.' }],
    [
      'Bearer a b',
      { detail: 'Authorization header must contain two space-delimited values', code: 'bad_authorization_header' },
    ],
    [
      'Bearer',
      { detail: 'Authorization header must contain two space-delimited values', code: 'bad_authorization_header' },
    ],
  ])('reads the header %j to the letter', async (header, body) => {
    const emulator = await start()
    const authorization = header.replace('TOKEN', (await login(emulator)).access)
    expect(await ask(`${emulator.url}/api/v1/hello/`, { headers: { authorization } })).toMatchObject({
      status: 401,
      body,
    })
  })

  test('tells an inactive and a deleted customer from a bad token', async () => {
    const emulator = await start()
    const { access } = await login(emulator)
    emulator.deactivate('login')
    expect((await hello(emulator, access)).body).toEqual({ detail: 'User is inactive', code: 'user_inactive' })
    const { username, password } = auth(emulator)
    expect((await post(`${emulator.url}/api/token`, { username, password })).status).toBe(401)
    emulator.deleteUser('login')
    expect((await hello(emulator, access)).body).toEqual({ detail: 'User not found', code: 'user_not_found' })
  })

  test('an access token survives a change of the password, the old password does not', async () => {
    const emulator = await start()
    const { access } = await login(emulator)
    const { username, password } = auth(emulator)
    emulator.changePassword('login', 'new')
    expect((await hello(emulator, access)).status).toBe(200)
    expect((await post(`${emulator.url}/api/token`, { username, password })).status).toBe(401)
    expect((await post(`${emulator.url}/api/token`, { username, password: 'new' })).status).toBe(200)
  })

  test('revoking reaches the tokens of one account and those handed out so far', async () => {
    const emulator = await start()
    const [mine, others] = [await login(emulator), await login(emulator, 'other')]
    emulator.revokeAccessTokens('login')
    expect((await hello(emulator, mine.access)).status).toBe(401)
    expect((await hello(emulator, others.access)).status).toBe(200)
    const next = await refresh(emulator, mine.refresh)
    expect((await hello(emulator, next.body.access)).status).toBe(200)
    emulator.revokeRefreshTokens('login')
    expect((await refresh(emulator, mine.refresh)).body.code).toBe('token_not_valid')
    expect((await refresh(emulator, others.refresh)).status).toBe(200)
    emulator.revokeGrants()
    expect((await hello(emulator, others.access)).status).toBe(401)
    expect((await refresh(emulator, others.refresh)).status).toBe(401)
  })

  test('what must never be shown can be listed', async () => {
    const emulator = await start()
    const { access, refresh: second } = await login(emulator)
    const { password, gatewayCredential } = auth(emulator, 'gateway')
    expect(emulator.secrets()).toEqual(
      expect.arrayContaining([access, second, password, gatewayCredential?.['password'], auth(emulator).password]),
    )
  })

  test('a new signing key kills every token at once', async () => {
    const emulator = await start()
    const [mine, others] = [await login(emulator), await login(emulator, 'other')]
    emulator.rotateSigningKey()
    for (const token of [mine, others]) {
      expect((await hello(emulator, token.access)).body.code).toBe('token_not_valid')
      expect((await refresh(emulator, token.refresh)).status).toBe(401)
    }
    expect((await hello(emulator, (await login(emulator)).access)).status).toBe(200)
  })
})

describe('email lists', () => {
  test('come in the envelope, with the fields and types of the documentation', async () => {
    const emulator = await start()
    const { body } = await lists(emulator, (await login(emulator)).access)
    expect(Object.keys(body)).toEqual(['count', 'next', 'previous', 'results'])
    expect(body).toMatchObject({ count: body.results.length, next: null, previous: null })
    const time = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{6})?Z$/
    for (const row of body.results) {
      expect(row).toEqual({
        id: expect.stringMatching(/^[0-9a-f]{24}$/),
        title: expect.any(String),
        user_id: 77,
        valid: expect.any(Number),
        update_date: expect.stringMatching(time),
        create_date: expect.stringMatching(time),
      })
    }
    expect(body.results.some((row: { update_date: string }) => row.update_date.includes('.'))).toBe(true)
    expect(body.results.every((row: { create_date: string }) => !row.create_date.includes('.'))).toBe(true)
  })

  test('page by absolute links that keep the other parameters, to the end and without a row twice', async () => {
    const emulator = await start({ pageSize: 2 })
    const { access } = await login(emulator)
    const first = `${emulator.url}/api/v1/email/list-filter/?ordering=title`
    const seen: string[] = []
    let last: Answer | null = null
    for (let url: string | null = first; url; url = last.body.next) {
      last = await get(url, access)
      seen.push(...last.body.results.map((row: { title: string }) => row.title))
    }
    expect(seen).toHaveLength(last?.body.count)
    expect(seen).toEqual([...seen].sort())
    expect(seen.length).toBeGreaterThan(4)
    const second = await get(`${first}&page=2`, access)
    expect(second.body.previous).toBe(first)
    expect(second.body.next).toBe(`${first}&page=3`)
    expect((await get(`${first}&page=last`, access)).body).toEqual(last?.body)
    const searched = await lists(emulator, access, '?title=a&ordering=title')
    expect(searched.body.next).toMatch(/\?ordering=title&page=2&title=a$/)
  })

  test.each(['0', '99', 'x', '1.5', '-1'])('have no page %s', async (page) => {
    const emulator = await start({ pageSize: 2 })
    const answer = await lists(emulator, (await login(emulator)).access, `?page=${page}`)
    expect(answer).toMatchObject({ status: 404, body: { detail: 'Invalid page.' } })
  })

  test('are ordered by what is known and searched in the title without regard to case', async () => {
    const emulator = await start()
    const { access } = await login(emulator)
    const column = async (query: string, field: string) =>
      (await lists(emulator, access, query)).body.results.map((row: Record<string, unknown>) => row[field])
    const titles = await column('', 'title')
    expect(await column('?ordering=-title', 'title')).toEqual([...titles].sort().reverse())
    const created = await column('?ordering=create_date', 'create_date')
    expect(created).toEqual([...created].sort())
    expect(await column('?ordering=valid', 'title')).toEqual(titles)
    const word = String(titles[0]).split(' ')[0] ?? ''
    const found = await column(`?title=${encodeURIComponent(word.toLowerCase())}`, 'title')
    expect(found).toContain(titles[0])
    expect(found.every((title: string) => title.toLowerCase().includes(word.toLowerCase()))).toBe(true)
    expect((await lists(emulator, access, '?title=zzzz')).body).toEqual({
      count: 0,
      next: null,
      previous: null,
      results: [],
    })
  })

  test('can be read one by one by their owner only', async () => {
    const emulator = await start()
    const [mine, others] = [await login(emulator), await login(emulator, 'other')]
    const [row] = (await lists(emulator, mine.access)).body.results
    const url = `${emulator.url}/api/v1/email/list/${row.id}`
    expect((await get(url, mine.access)).body).toEqual(row)
    expect((await get(`${url}/`, mine.access)).body).toEqual(row)
    expect(await get(url, others.access)).toMatchObject({ status: 404, body: { detail: 'Not found.' } })
    const unknown = `${emulator.url}/api/v1/email/list/${'0'.repeat(24)}`
    expect(await get(unknown, mine.access)).toMatchObject({ status: 404, body: { detail: 'Not found.' } })
  })

  test('of two customers share nothing', async () => {
    const emulator = await start()
    const ids = async (account: AccountName) =>
      (await lists(emulator, (await login(emulator, account)).access)).body.results.map(
        (row: { id: string; user_id: number }) => `${row.user_id} ${row.id}`,
      )
    const all = (await Promise.all((['login', 'email', 'gateway', 'other'] as const).map(ids))).flat()
    expect(new Set(all.map((entry: string) => entry.split(' ')[1])).size).toBe(all.length)
    expect(new Set(all.map((entry: string) => entry.split(' ')[0]))).toEqual(new Set(['77', '78', '79', '91']))
  })

  test('can name a next page that does not exist, and a host nobody can reach', async () => {
    const emulator = await start({ strayNext: true, linkOrigin: 'http://internal:8000' })
    const { access } = await login(emulator)
    const { body } = await lists(emulator, access)
    expect(body.results).toHaveLength(body.count)
    expect(body.next).toBe('http://internal:8000/api/v1/email/list-filter/?page=2')
    expect((await lists(emulator, access, '?page=2')).status).toBe(404)
  })

  test('are the same for the same seed', async () => {
    const read = async (options: EmulatorOptions) => {
      const emulator = await start({}, options)
      return (await lists(emulator, (await login(emulator)).access)).body.results
    }
    expect(await read({ seed: 5 })).toEqual(await read({ seed: 5 }))
    expect(await read({ seed: 5 })).not.toEqual(await read({ seed: 6 }))
  })
})

describe('the framework around it', () => {
  test('answers unknown paths with HTML even to a client that wants JSON', async () => {
    const emulator = await start()
    const { access } = await login(emulator)
    for (const path of ['/api/v1/email/subscribers/', '/api/v4/hello/', '/api/v1/dids/', '/']) {
      const answer = await get(emulator.url + path, access)
      expect(answer.status).toBe(404)
      expect(answer.headers.get('content-type')).toBe('text/html; charset=utf-8')
      expect(answer.body).toContain('<!DOCTYPE html>')
    }
  })

  test('renders HTML for a browser, refuses unknown types and formats', async () => {
    const emulator = await start()
    const { access } = await login(emulator)
    const page = await get(`${emulator.url}/api/v1/hello/`, access, { accept: 'text/html, */*;q=0.8' })
    expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8')
    expect(page.body).toContain('Hello, World!')
    expect((await get(`${emulator.url}/api/v1/hello/`, access, { accept: 'application/xml' })).status).toBe(406)
    expect(await get(`${emulator.url}/api/v1/hello/?format=xml`, access)).toMatchObject({
      status: 404,
      body: { detail: 'Not found.' },
    })
  })

  test('serves both slash forms, or redirects to the slash when strict', async () => {
    const loose = await start()
    const { access } = await login(loose)
    expect((await get(`${loose.url}/api/v1/hello`, access)).status).toBe(200)
    const strict = await start({ strictSlash: true })
    const moved = await post(`${strict.url}/api/token`, {})
    expect(moved.status).toBe(301)
    expect(moved.headers.get('location')).toBe('/api/token/')
    const { username, password } = auth(strict)
    expect((await post(`${strict.url}/api/token/`, { username, password })).status).toBe(200)
    expect((await get(`${strict.url}/api/v1/email/list-filter?page=1`)).headers.get('location')).toBe(
      '/api/v1/email/list-filter/?page=1',
    )
  })

  test('describes a view on OPTIONS', async () => {
    const { url } = await start()
    const { status, body } = await ask(`${url}/api/v1/timezone`, { method: 'OPTIONS' })
    expect(status).toBe(200)
    expect(body).toEqual({
      name: 'Time Zone',
      description: expect.any(String),
      renders: ['application/json', 'text/html'],
      parses: ['application/json', 'application/x-www-form-urlencoded', 'multipart/form-data'],
    })
  })

  test('throttles a customer for as long as it says, and nobody else', async () => {
    const emulator = await start({ throttlePerMinute: 2 })
    const [mine, others] = [await login(emulator), await login(emulator, 'other')]
    await hello(emulator, mine.access)
    emulator.clock.advance(20_500)
    await hello(emulator, mine.access)
    const refused = await hello(emulator, mine.access)
    expect(refused).toMatchObject({
      status: 429,
      body: { detail: 'Request was throttled. Expected available in 40 seconds.' },
    })
    expect(refused.headers.get('retry-after')).toBe('40')
    expect((await hello(emulator, others.access)).status).toBe(200)
    emulator.clock.advance(40_000)
    expect((await hello(emulator, mine.access)).status).toBe(200)
  })

  test('speaks Turkish when asked or when built so, with the same codes', async () => {
    const negotiated = await start()
    const turkish = await get(`${negotiated.url}/api/v1/hello/`, 'x', { 'accept-language': 'tr-TR,en;q=0.5' })
    expect(turkish.body).toMatchObject({ code: 'token_not_valid', detail: expect.stringContaining('belirteç') })
    const english = await get(`${negotiated.url}/api/v1/hello/`, 'x', { 'accept-language': 'tr;q=0.2, en' })
    expect(english.body.detail).toBe('Given token not valid for any token type')
    const fixed = await start({ language: 'tr' })
    const always = await get(`${fixed.url}/api/v1/hello/`, undefined, { 'accept-language': 'en' })
    expect(always.body).toEqual({ detail: 'Giriş bilgileri verilmedi.' })
  })

  test('has no knob it does not know', async () => {
    await expect(startPostacellEmulator({ knobs: { rotateRefreshes: true } })).rejects.toThrow(
      'no knob rotateRefreshes',
    )
  })
})

describe('the SMS gateway', () => {
  const call = (emulator: PostacellEmulator, path: string, credential: unknown) =>
    post(`${emulator.accounts.gateway.urls['gateway']}/${path}`, { Credential: credential })
  const credential = (emulator: PostacellEmulator) => {
    const { username, password } = auth(emulator, 'gateway').gatewayCredential ?? {}
    return { Username: username, Password: password }
  }

  test.each(['json/reply/GetBalance', 'json/syncreply/GetBalance'])('tells the balance at %s', async (path) => {
    const emulator = await start()
    expect(await call(emulator, path, credential(emulator))).toMatchObject({
      status: 200,
      body: { Response: { Balance: { Limit: 0, Main: 1520 }, Status: { Code: 200, Description: 'OK' } } },
    })
  })

  test('tells the settings', async () => {
    const emulator = await start({ gatewaySuccessCode: 0 })
    const { body } = await call(emulator, 'json/reply/GetSettings', credential(emulator))
    expect(body.Response.Status.Code).toBe(0)
    expect(body.Response.Settings).toEqual({
      Balance: { Limit: 0, Main: 1520 },
      Senders: [
        { Value: expect.any(String), Default: true },
        { Value: expect.any(String), Default: false },
      ],
      Keywords: [
        {
          ServiceNumber: expect.any(String),
          Value: expect.any(String),
          Timestamp: expect.any(String),
          Validity: expect.any(Number),
        },
      ],
      OperatorSettings: {
        Account: 'Postpaid',
        MSISDN: expect.any(String),
        VariantId: expect.any(String),
        ServiceId: expect.any(String),
        UnitPrice: expect.any(Number),
      },
    })
  })

  test('refuses inside an answer with status 200, and does not know the other login', async () => {
    const emulator = await start()
    const { username, password } = auth(emulator, 'gateway')
    for (const wrong of [
      { ...credential(emulator), Password: 'x' },
      { Username: username, Password: password },
      null,
    ]) {
      const { status, body } = await call(emulator, 'json/reply/GetBalance', wrong)
      expect(status).toBe(200)
      expect(Object.keys(body.Response)).toEqual(['Status'])
      expect(body.Response.Status.Code).not.toBe(200)
    }
    expect((await call(emulator, 'json/reply/Nothing', null)).status).toBe(404)
  })
})

describe('the journal', () => {
  test('names the account whose live token a request carried', async () => {
    const emulator = await start()
    const mine = await login(emulator)
    const others = await login(emulator, 'other')
    await hello(emulator, mine.access)
    await hello(emulator, others.access)
    await hello(emulator, 'nonsense')
    emulator.clock.advance(300_000)
    await hello(emulator, mine.access)
    expect(emulator.journal.apiRequests.map(({ account }) => account)).toEqual(['login', 'other', null, null])
    expect(emulator.journal.tokenRequests.map(({ path }) => path)).toEqual(['/api/token', '/api/token'])
  })

  test('reset forgets tokens, journal and changes, and keeps who may log in', async () => {
    const emulator = await start()
    const { access } = await login(emulator)
    emulator.changePassword('login', 'new')
    emulator.deleteUser('other')
    emulator.reset()
    expect(emulator.journal.entries).toHaveLength(0)
    expect((await hello(emulator, access)).status).toBe(401)
    await login(emulator)
    await login(emulator, 'other')
  })
})
