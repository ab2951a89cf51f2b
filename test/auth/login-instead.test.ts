import { afterEach, describe, expect, test } from '@jest/globals'

import type { Fault } from '../../src/emulator/emulator.js'
import type { PostacellEmulator } from '../../src/providers/postacell/emulator/emulator.js'
import { postacell } from '../../src/providers/postacell/index.js'
import { railsApiV1 } from '../../src/providers/rails-api-v1/index.js'
import { read } from '../support/read.js'
import { createWorld, type World } from '../support/world.js'
import { failure } from './failure.js'

let closing: World
afterEach(() => closing.close())

const PATHS: Readonly<Record<string, string>> = { '/api/token': 'login', '/api/token/refresh': 'refresh' }
const tokenRequests = ({ emulator }: World): string[] =>
  emulator.journal.tokenRequests.map(({ path, query }) => PATHS[path] ?? query['grant_type'] ?? path)

async function startPostacell(knobs: Record<string, unknown> = {}) {
  const world = await createWorld<PostacellEmulator>(postacell, { knobs: { simpleJwt: '5.5', ...knobs } })
  closing = world
  const account = world.account('login')
  await read(account)
  world.emulator.journal.clear()
  return { world, account }
}

describe('while a refresh token is believed alive, the password is used', () => {
  const REFRESH = /token\/refresh/

  test('after two failed refreshes, whatever fails, and not more than two requests in ten seconds', async () => {
    const { world, account } = await startPostacell()
    world.emulator.revokeAccessTokens()
    world.emulator.faults.next({ path: REFRESH, status: 500, times: Infinity })
    const at: number[] = []
    let answered = false
    for (let second = 0; second < 60 && !answered; second += 1) {
      answered = await read(account).then(
        () => true,
        () => false,
      )
      while (at.length < tokenRequests(world).length) at.push(second)
      world.clock.advance(1)
    }
    expect(tokenRequests(world)).toEqual(['refresh', 'refresh', 'login'])
    expect(at[2]! - at[0]!).toBeGreaterThanOrEqual(10)
    expect(at[2]!).toBeLessThanOrEqual(20)
  })

  test.each<[string, Fault]>([
    ['a page with 404', { status: 404, html: true }],
    ['nothing', { status: 200, body: '' }],
    ['405', { status: 405, body: '{"detail":"Method \\"GET\\" not allowed."}' }],
    ['a bare 403', { status: 403, body: '' }],
    ['a proxy’s 401', { status: 401, html: true }],
  ])('at once with the second failure, where that comes later (%s)', async (_, fault) => {
    const { world, account } = await startPostacell()
    world.emulator.revokeAccessTokens()
    world.emulator.faults.next({ path: REFRESH, times: Infinity, ...fault })
    await failure(read(account))
    world.clock.advance(75)
    await read(account)
    expect(tokenRequests(world)).toEqual(['refresh', 'refresh', 'login'])
  })

  test('not where the endpoint asks to wait, however often', async () => {
    const { world, account } = await startPostacell()
    world.emulator.revokeAccessTokens()
    world.emulator.faults.next({ path: REFRESH, status: 503, headers: { 'retry-after': '60' }, times: Infinity })
    for (let turn = 0; turn < 2; turn += 1) {
      expect((await failure(read(account))).details).toMatchObject({ retryAfterMs: 60_000 })
      world.clock.advance(61)
    }
    expect(tokenRequests(world)).toEqual(['refresh', 'refresh'])
  })

  test.each(['password_changed', 'token_not_valid', 'session_revoked'])(
    'once where refreshed tokens are refused (%s)',
    async (code) => {
      const { world, account } = await startPostacell()
      world.emulator.revokeAccessTokens()
      const refused = new Set<string>()
      const untilLogin = () => !tokenRequests(world).includes('login')
      world.emulator.faults.next({
        path: /email/,
        times: Infinity,
        when: ({ headers }) => untilLogin() && Boolean(refused.add(headers['authorization'] ?? '')),
        status: 401,
        body: JSON.stringify({ detail: 'no', code }),
      })
      await read(account)
      expect(tokenRequests(world)).toEqual(['refresh', 'login'])
      expect(refused.size).toBe(2)
      await read(account)
      expect(tokenRequests(world)).toHaveLength(2)
    },
  )

  test('once where refreshed tokens are refused that were accepted for hours before', async () => {
    const { world, account } = await startPostacell({ checkRevokeToken: true })
    for (let turn = 0; turn < 3; turn += 1) {
      world.clock.advance(301)
      await read(account)
    }
    world.emulator.changePassword('login', String(world.emulator.accounts.login.auth['password']))
    world.emulator.journal.clear()
    await read(account)
    expect(tokenRequests(world)).toEqual(['refresh', 'refresh', 'login'])
  })

  test.each(['user_not_found', 'user_inactive'])('once where the token in hand is refused with %s', async (code) => {
    const { world, account } = await startPostacell()
    world.emulator.faults.next({ path: /email/, status: 401, body: JSON.stringify({ detail: 'x', code }) })
    await read(account)
    expect(tokenRequests(world)).toEqual(['login'])
  })

  test('where the refresh path leads elsewhere, and the dead token is not sent with every query', async () => {
    const { world, account } = await startPostacell()
    world.emulator.revokeAccessTokens()
    world.emulator.faults.next({ path: REFRESH, status: 301, headers: { location: '/api/token/refresh/' }, times: 9 })
    await read(account)
    expect(tokenRequests(world)).toEqual(['refresh', 'login'])
  })

  test('and a token that was refused is not sent again while it cannot be replaced', async () => {
    const { world, account } = await startPostacell()
    world.emulator.revokeAccessTokens()
    world.emulator.faults.next({ path: /token/, status: 500, times: Infinity })
    for (let turn = 0; turn < 10; turn += 1) await failure(read(account))
    expect(world.emulator.journal.apiRequests).toHaveLength(1)
  })

  test('but once in two hours where it is refused, as the refresh token may yet be good', async () => {
    const { world, account } = await startPostacell()
    world.emulator.changePassword('login', 'another')
    world.emulator.revokeAccessTokens()
    world.emulator.faults.next({ path: REFRESH, status: 500, times: 12 })
    for (let turn = 0; turn < 12; turn += 1) {
      await failure(read(account))
      world.clock.advance(330)
    }
    expect(tokenRequests(world).filter((name) => name === 'login')).toHaveLength(1)
    await read(account)
    expect(await account.authorization()).toMatchObject({ status: 'ACTIVE' })
  })

  test.each<[string, Fault]>([
    ['invalid_request', { status: 401, body: '{"error":"invalid_request","hint":"Token has been revoked"}' }],
    ['invalid_token', { status: 400, body: '{"error":"invalid_token"}' }],
    ['bad_refresh_token with 200', { status: 200, body: '{"error":"bad_refresh_token"}' }],
    ['unsupported_grant_type', { status: 400, body: '{"error":"unsupported_grant_type"}' }],
  ])('where Rails API v1 answers a refresh %s', async (_, fault) => {
    closing = await createWorld(railsApiV1)
    const account = closing.account('password')
    await read(account)
    closing.emulator.journal.clear()
    closing.emulator.faults.next({ path: /oauth\/token/, ...fault })
    closing.clock.advance(3_600)
    await read(account)
    expect(tokenRequests(closing)).toEqual(['refresh_token', 'password'])
  })
})

describe('where only a person can log in', () => {
  test.each<[string, Fault]>([
    ['invalid_request', { status: 401, body: '{"error":"invalid_request"}' }],
    ['invalid_token', { status: 401, body: '{"error":"invalid_token"}' }],
    ['bad_refresh_token with 200', { status: 200, body: '{"error":"bad_refresh_token"}' }],
    ['unknown_token', { status: 403, body: '{"error":"unknown_token"}' }],
    ['InvalidRefreshToken', { status: 401, body: '{"error":"InvalidRefreshToken"}' }],
  ])('three refusals in a row with %s send a person; the token is kept, and looked at again', async (_, fault) => {
    closing = await createWorld(railsApiV1)
    const account = closing.account('authorizationCode')
    await read(account)
    closing.emulator.faults.next({ path: /oauth\/token/, times: 3, ...fault })
    closing.clock.advance(3_600)
    for (let turn = 0; turn < 2; turn += 1) {
      expect((await failure(read(account))).code).toBe('PROVIDER_MISCONFIGURED')
      closing.clock.advance(301)
    }
    expect((await failure(read(account))).details).toMatchObject({ reason: 'REFRESH_REFUSED' })
    expect(await account.authorization()).toMatchObject({ status: 'REAUTHORIZATION_REQUIRED' })
    closing.clock.advance(3_600)
    expect((await failure(read(account))).code).toBe('REAUTHORIZATION_REQUIRED')
    closing.clock.advance(3_601)
    await read(account)
  })

  test('refusals of the client, pages and sentences in JSON are none of them', async () => {
    closing = await createWorld(railsApiV1)
    const account = closing.account('authorizationCode')
    await read(account)
    closing.clock.advance(3_600)
    for (const fault of [
      { status: 401, body: '{"error":"invalid_client"}' },
      { status: 401, html: true },
      { status: 404, body: '{"status":404,"error":"Not Found"}' },
      { status: 403, body: '{"error":"Access denied by policy"}' },
      { status: 400, body: '' },
    ]) {
      closing.emulator.faults.next({ path: /oauth\/token/, ...fault })
      await failure(read(account))
      closing.clock.advance(361)
    }
    await read(account)
  })
})
