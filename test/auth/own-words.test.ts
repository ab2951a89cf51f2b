import { afterEach, describe, expect, test } from '@jest/globals'

import type { Fault } from '../../src/emulator/emulator.js'
import { bulutfon } from '../../src/providers/bulutfon/index.js'
import { ipex } from '../../src/providers/ipex/index.js'
import { postacell } from '../../src/providers/postacell/index.js'
import type { Provider } from '../../src/providers/provider.js'
import { railsApiV1 } from '../../src/providers/rails-api-v1/index.js'
import { read } from '../support/read.js'
import { createWorld, type World } from '../support/world.js'
import { failure } from './failure.js'

let world: World
afterEach(() => world.close())

const PROXY = { html: true, headers: { 'www-authenticate': 'Basic realm="proxy"' } }
/** Answers of something on the way: pages, gateways in JSON, and bare statuses. */
const FOREIGN: readonly (readonly [string, Fault])[] = [
  ['a proxy’s page with 401', { status: 401, ...PROXY }],
  ['a page with 403', { status: 403, html: true }],
  ['a page with 404, as during a deployment', { status: 404, html: true }],
  ['a bare 400', { status: 400, body: '' }],
  ['a bare 401', { status: 401, body: '' }],
  ['a gateway’s 401 in JSON', { status: 401, body: '{"message":"Unauthorized"}' }],
  ['a gateway’s 403 in JSON', { status: 403, body: '{"message":"Forbidden"}' }],
  ['Azure API Management’s 401', { status: 401, body: '{"statusCode":401,"message":"Access denied"}' }],
  ['Azure API Management’s 404', { status: 404, body: '{"statusCode":404,"message":"Resource not found"}' }],
  ['a text with 401', { status: 401, body: 'denied by policy', headers: { 'content-type': 'text/plain' } }],
]
/** Where each login asks its provider about the credential. */
const ENDPOINTS: readonly (readonly [string, Provider, string, RegExp])[] = [
  ['Postacell’s login', postacell, 'login', /^\/api\/token\/?$/],
  ['IPEX’ password grant', ipex, 'password', /\/auth\/token$/],
  ['IPEX’ token exchange', ipex, 'impersonating', /token-exchange/],
  ['IPEX’ single sign-on', ipex, 'sso', /sso\/login/],
  ['IPEX’ wholesale login', ipex, 'b2b', /v1\/token/],
  ['the password grant of Rails API v1', railsApiV1, 'password', /oauth\/token/],
]

describe.each(ENDPOINTS)('at %s', (_, provider, name, path) => {
  test.each(FOREIGN)('%s ends no login: it is tried again after a wait', async (_what, fault) => {
    world = await createWorld(provider)
    const account = world.account(name)
    world.emulator.faults.next({ ...fault, path })
    expect((await failure(read(account))).code).toMatch(/^PROVIDER_/)
    expect((await account.authorization()).status).toBe('BACKOFF')
    const asked = world.emulator.journal.tokenRequests.length
    await failure(read(account))
    expect(world.emulator.journal.tokenRequests).toHaveLength(asked)
    world.clock.advance(75)
    await read(account)
    expect(await account.authorization()).toMatchObject({ status: 'ACTIVE', lastError: null })
  })
})

describe.each(['masterToken', 'password'])('a credential that rides on every request (%s)', (name) => {
  test.each(FOREIGN.filter(([, { status }]) => status === 401))(
    'is kept off for seconds by %s, and then looked at by one request',
    async (_, fault) => {
      world = await createWorld(bulutfon)
      const account = world.account(name)
      world.emulator.faults.next(fault)
      expect((await failure(read(account))).code).toBe('PROVIDER_BAD_RESPONSE')
      await Promise.all(Array.from({ length: 20 }, () => failure(read(account))))
      expect(world.emulator.journal.apiRequests).toHaveLength(1)
      expect((await account.authorization()).status).toBe('BACKOFF')
      world.clock.advance(61)
      await read(account)
      expect(await account.authorization()).toMatchObject({ status: 'ACTIVE', lastError: null })
    },
  )

  test('is kept off for hours by the provider’s own words, longer each time, and comes back by itself', async () => {
    world = await createWorld(bulutfon)
    const account = world.account(name)
    world.emulator.faults.next({ status: 401, body: '{"error":"Unauthorized"}', times: Infinity })
    expect((await failure(read(account))).code).toBe('REAUTHORIZATION_REQUIRED')
    const lookedAt: number[] = []
    for (let hour = 1; hour <= 72; hour += 1) {
      world.clock.advance(3_600)
      const before = world.emulator.journal.apiRequests.length
      await Promise.all(Array.from({ length: 10 }, () => failure(read(account))))
      if (world.emulator.journal.apiRequests.length > before) lookedAt.push(hour)
    }
    expect(lookedAt).toEqual([2, 6, 14, 30, 54])
    expect(world.emulator.journal.apiRequests).toHaveLength(1 + lookedAt.length)
    world.emulator.faults.clear()
    world.clock.advance(24 * 3_600)
    await read(account)
    expect(await account.authorization()).toMatchObject({ status: 'ACTIVE', lastError: null })
  })
})
