import { inspect } from 'node:util'

import { afterEach, describe, expect, test } from '@jest/globals'

import type { Emulator, Fault } from '../../src/emulator/emulator.js'
import { AppError } from '../../src/errors.js'
import { parseGlobalId } from '../../src/model/id.js'
import { Operation } from '../../src/operation.js'
import type { ConnectedAccount } from '../../src/providers/account.js'
import type { CallFilter, Collection, Provider } from '../../src/providers/provider.js'
import { cases } from '../support/proof.js'
import { collectionsOf, read } from '../support/read.js'
import { createWorld, operation, type World, type WorldOptions } from '../support/world.js'

/** What the suite needs from a provider's documentation. */
export interface Conformance {
  /** The account the suite reads with. */
  readonly account: string
  /** Another customer's account at the same provider. */
  readonly other: string
  /** Accounts with an expiring login, by name: token requests of one renewal with a live refresh token. */
  readonly renewable: Readonly<Record<string, number>>
  /** The same after access and refresh token were revoked at the provider; null: only a person can log in. */
  readonly revoked: Readonly<Record<string, number | null>>
  /** A call that does not exist, as this provider would spell its id. */
  readonly unknownCall?: string
}

/** What every emulator can do to the tokens it gave; see each one's own type for the rest. */
interface Revocable extends Emulator {
  revokeAccessTokens(): void
}

export const EVERY_CALL: CallFilter = {
  from: null,
  until: null,
  directions: null,
  dispositions: null,
  kinds: null,
  numbers: null,
  callerNumbers: null,
  calleeNumbers: null,
  extensionNumbers: null,
}

/** Reads at once: five hundred in `npm run proof:properties`. test/auth/token-manager holds five hundred always. */
const CROWD = cases(500)

/** Logins, refreshes and exchanges of every emulator, and all other paths. */
const TOKEN_PATHS = /\/(token|token\/refresh|token-exchange|login|refresh)\/?$/
const NOT_TOKEN_PATHS = new RegExp(`^(?!.*${TOKEN_PATHS.source}).*$`)

/** The contract every provider is held to; its own tests add only its quirks. */
export function testConformance(provider: Provider, facts: Conformance): void {
  describe(`${provider.name} keeps the contract`, () => {
    let world: World
    const start = async (options: WorldOptions = {}) => (world = await createWorld(provider, options))
    afterEach(() => world.close())

    test('every list reads to its end, each object once and telling where it is from', async () => {
      const account = (await start()).account(facts.account)
      const source = account.source(operation())
      for (const [type, collection] of collectionsOf(source)) {
        const items = await everything(collection)
        expect(items.length).toBeGreaterThan(0)
        expect(new Set(items.map(({ id }) => id)).size).toBe(items.length)
        for (const item of items) {
          expect(parseGlobalId(item.id)).toEqual({ type, account: account.key, native: item.providerResourceId })
          expect(item).toMatchObject({ __typename: type, accountKey: account.key })
          expect(Date.parse(item.fetchedAt)).not.toBeNaN()
        }
      }
    })

    test('ids beyond 2^53, written as numbers, are exact: no object becomes another or is lost', async () => {
      const account = (await start()).account(facts.account)
      const ids = async () => {
        const found: string[][] = []
        for (const [, collection] of collectionsOf(account.source(operation())))
          found.push((await everything(collection)).map(({ providerResourceId }) => providerResourceId))
        return found
      }
      // Odd ones: as numbers they would all be another.
      const long = (id: string) => String(2n ** 53n + 2n * BigInt(id) + 1n)
      const before = await ids()
      world.emulator.faults.next({
        rewrite: (body) => body.replace(/("id": ?)(\d{1,12})(?=[,}])/g, (_, key: string, id: string) => key + long(id)),
        times: Infinity,
      })
      const expected = (id: string) =>
        id.replace(/^(\w+:)?(\d{1,12})$/, (_, kind = '', plain: string) => kind + long(plain))
      const after = await ids()
      expect(after.map((list) => list.length)).toEqual(before.map((list) => list.length))
      for (const [at, list] of after.entries())
        for (const id of list) expect([...before[at]!.map(expected), ...before[at]!]).toContain(id)
    })

    test('the call log reads to its end, in order both ways, each call once', async () => {
      const source = (await start()).account(facts.account).source(operation())
      if (!source.callRecords) return
      const walk = async (order: 'ASC' | 'DESC') => {
        const calls: { startedAt: string; id: string }[] = []
        for await (const page of source.callRecords!.pages({
          order,
          after: null,
          hint: null,
          filter: EVERY_CALL,
          expected: 50,
        }))
          calls.push(...page.calls)
        return calls.map(({ startedAt, id }) => `${startedAt} ${id}`)
      }
      const newestFirst = await walk('DESC')
      expect(newestFirst.length).toBeGreaterThan(50)
      expect(newestFirst).toEqual([...new Set(newestFirst)].sort().reverse())
      expect(await walk('ASC')).toEqual([...newestFirst].reverse())
    })

    test('an id that does not exist is null', async () => {
      const source = (await start()).account(facts.account).source(operation())
      if (source.callRecords) expect(await source.callRecords.byId(facts.unknownCall!)).toBeNull()
    })

    test('an id that would lead to another path leads nowhere', async () => {
      const source = (await start()).account(facts.account).source(operation())
      if (!source.callRecords) return
      world.emulator.journal.clear()
      for (const id of [
        '',
        '.',
        '..',
        '../dids',
        '/dids',
        '%2e%2e',
        'a/../..',
        '\\',
        '?a=b',
        '#a',
        '\ud800',
        'x'.repeat(300),
      ])
        expect(await source.callRecords.byId(id)).toBeNull()
      const paths = world.emulator.journal.apiRequests.map(({ path }) => path)
      expect(paths.filter((path) => !/^\/(cdrs\/[^/]+|ipbxapi\/calls)$/.test(path))).toEqual([])
    })

    test('a noun it does not declare is not there, and one it declares is', async () => {
      const source = (await start()).account(facts.account).source(operation())
      const declared = (resource: string, operation = 'LIST') =>
        provider.capabilities.some(
          (capability) =>
            capability.resource === resource &&
            capability.operation === operation &&
            capability.support !== 'UNSUPPORTED',
        )
      expect({
        DID: declared('DID'),
        EXTENSION: declared('EXTENSION'),
        GROUP: declared('GROUP'),
        CALL_RECORD: declared('CALL_RECORD'),
        RECORDING: declared('RECORDING', 'READ'),
      }).toEqual({
        DID: !!source.dids,
        EXTENSION: !!source.extensions,
        GROUP: !!source.groups,
        CALL_RECORD: !!source.callRecords,
        RECORDING: !!source.recordings,
      })
    })

    test('what it can write is what it says it can', async () => {
      const { extensions, calls } = (await start()).account(facts.account).source(operation()).writes ?? {}
      const says = (resource: string, operation: string) =>
        provider.capabilities.some((one) => {
          const isIt = one.resource === resource && one.operation === operation
          return isIt && one.support !== 'UNSUPPORTED'
        })
      expect({
        create: !!extensions?.create,
        update: !!extensions?.update,
        delete: !!extensions?.delete,
        originate: !!calls?.originate,
        transfer: !!calls?.transfer,
        hangUp: !!calls?.hangUp,
      }).toEqual({
        create: says('EXTENSION', 'CREATE'),
        update: says('EXTENSION', 'UPDATE'),
        delete: says('EXTENSION', 'DELETE'),
        originate: says('LIVE_CALL', 'ORIGINATE'),
        transfer: says('LIVE_CALL', 'UPDATE'),
        hangUp: says('LIVE_CALL', 'DELETE'),
      })
    })

    test('what has no reason is not unsupported: every capability that is missing says why', () => {
      for (const capability of provider.capabilities) {
        if (capability.support !== 'NATIVE')
          expect({ ...capability, reason: capability.reason ?? '' }.reason).not.toBe('')
      }
    })

    describe.each(Object.entries(facts.renewable))('logged in by %s', (name, cost) => {
      test('reads of a crowd that find the token expired cost one replacement, and none fails', async () => {
        const account = (await start({ limits: { providerTimeoutMs: 20_000 } })).account(name)
        await read(account)
        await expire(world, account)
        world.emulator.journal.clear()
        await Promise.all(Array.from({ length: CROWD }, () => read(account)))
        expect(world.emulator.journal.tokenRequests).toHaveLength(cost)
        expect(world.emulator.journal.apiRequests.map(({ status }) => status)).toEqual(Array(CROWD).fill(200))
      })

      test('a day of reads refreshes as its lifetime demands and never sends an expired token', async () => {
        const account = (await start()).account(name)
        await read(account)
        const lifetime = await lifetimeOf(world, account)
        const reads = 60
        const eventsBefore = world.events.length
        world.emulator.journal.clear()
        for (let turn = 0; turn < reads; turn++) {
          // Not a divisor of the lifetime: nobody promises the very millisecond it ends.
          world.clock.advance(lifetime / 9.7)
          await read(account)
          await settled(world, eventsBefore)
        }
        const lifetimes = reads / 10
        expect(world.emulator.journal.tokenRequests.length).toBeGreaterThanOrEqual(cost * (lifetimes - 1))
        expect(world.emulator.journal.tokenRequests.length).toBeLessThanOrEqual(cost * (lifetimes * 1.4 + 1))
        expect(world.emulator.journal.apiRequests.every(({ status }) => status === 200)).toBe(true)
      })
    })

    test.each(Object.entries(facts.renewable))(
      'a login by %s is renewed once when it is refused with an empty body that is labelled gzip, and by an answer that is labelled wrongly',
      async (name, cost) => {
        const account = (await start()).account(name)
        await read(account)
        world.emulator.journal.clear()
        world.emulator.faults.next({ status: 401, headers: { 'content-encoding': 'gzip' }, body: '' })
        for (let turn = 0; turn < cost; turn += 1)
          world.emulator.faults.next({ headers: { 'content-encoding': ['gzip', 'utf-8', 'br'][turn % 3]! } })
        await read(account)
        expect(world.emulator.journal.tokenRequests).toHaveLength(cost)
        expect(world.emulator.journal.apiRequests.map(({ status }) => status)).toEqual([401, 200])
      },
    )

    test.each(Object.entries(facts.revoked))(
      'a login by %s that was revoked before its time is replaced once, or named as what a person must repair',
      async (name, cost) => {
        const account = (await start({ limits: { providerTimeoutMs: 20_000 } })).account(name)
        await read(account)
        world.emulator.journal.clear()
        ;(world.emulator as Revocable).revokeAccessTokens()
        const outcomes = await Promise.allSettled(Array.from({ length: CROWD / 5 }, () => read(account)))
        if (cost === null) {
          for (const outcome of outcomes)
            expect(outcome).toMatchObject({ status: 'rejected', reason: { code: 'REAUTHORIZATION_REQUIRED' } })
          expect(world.emulator.journal.tokenRequests.length).toBeLessThanOrEqual(1)
        } else {
          expect(outcomes.filter(({ status }) => status === 'rejected')).toEqual([])
          expect(world.emulator.journal.tokenRequests).toHaveLength(cost)
        }
        expect(world.emulator.journal.apiRequests.length).toBeLessThanOrEqual((CROWD / 5) * 2)
      },
    )

    describe.each(Object.keys(facts.renewable))('at the login by %s, trouble passes', (name) => {
      test.each<[string, Fault, number]>([
        ['a proxy’s page with 401', { status: 401, html: true, headers: { 'www-authenticate': 'Basic' } }, 75],
        ['a page with 403', { status: 403, html: true }, 75],
        ['a page with 404', { status: 404, html: true }, 75],
        ['a gateway’s 401 in JSON', { status: 401, body: '{"message":"Unauthorized"}' }, 75],
        ['an empty 401', { status: 401, body: '' }, 75],
        ['a 503 with a time', { status: 503, headers: { 'retry-after': '30' } }, 31],
        ['a 403 with a time', { status: 403, headers: { 'retry-after': '30' } }, 31],
        ['a 408 with a time', { status: 408, headers: { 'retry-after': '30' } }, 31],
      ])('after %s: it ends nothing, is not asked again at once, and heals', async (_, fault, seconds) => {
        const account = (await start()).account(name)
        world.emulator.faults.next({ ...fault, path: TOKEN_PATHS, method: 'POST' })
        await expect(read(account)).rejects.toMatchObject({ code: expect.stringMatching(/^PROVIDER_/) })
        expect((await account.authorization()).status).not.toBe('REAUTHORIZATION_REQUIRED')
        const asked = world.emulator.journal.tokenRequests.length
        await expect(read(account)).rejects.toBeInstanceOf(AppError)
        expect(world.emulator.journal.tokenRequests).toHaveLength(asked)
        world.clock.advance(seconds)
        await read(account)
        expect(await account.authorization()).toMatchObject({ status: 'ACTIVE', lastError: null })
      })

      test.each([401, 503])(
        'after an empty %i that is labelled as gzip: it ends nothing, and heals',
        async (status) => {
          const account = (await start()).account(name)
          const fault = { status, body: '', headers: { 'content-encoding': 'gzip' } }
          world.emulator.faults.next({ ...fault, path: TOKEN_PATHS, method: 'POST', times: 3 })
          await read(account).catch(() => {})
          expect((await account.authorization()).status).not.toBe('REAUTHORIZATION_REQUIRED')
          for (let turn = 0; turn < 3; turn += 1) {
            world.clock.advance(75)
            await read(account).catch(() => {})
          }
          expect(await account.authorization()).toMatchObject({ status: 'ACTIVE', lastError: null })
        },
      )

      test('after a 408 without a time, or a connection that is reset: it is repeated at once', async () => {
        const account = (await start()).account(name)
        world.emulator.faults.next({ path: TOKEN_PATHS, status: 408, headers: { connection: 'close' } })
        await read(account)
        await expire(world, account)
        world.emulator.faults.next({ path: TOKEN_PATHS, reset: true })
        await read(account)
      })

      test('while a token that has just been made is refused for a moment', async () => {
        const account = (await start()).account(name)
        world.emulator.faults.next({ path: NOT_TOKEN_PATHS, freshToken: true, status: 401, body: '', times: Infinity })
        await read(account)
        const asked = world.emulator.journal.tokenRequests.length
        await read(account)
        await expire(world, account)
        await read(account)
        expect(world.emulator.journal.tokenRequests.length).toBeLessThanOrEqual(2 * asked)
        expect((await account.authorization()).status).toBe('ACTIVE')
      })
    })

    test('two customers of the provider never carry each other’s token', async () => {
      await start()
      const [one, two] = [world.account(facts.account), world.account(facts.other)]
      await Promise.all(Array.from({ length: 20 }, (_, at) => read(at % 2 ? one : two)))
      await Promise.all([expire(world, one), expire(world, two)])
      await Promise.all(Array.from({ length: 20 }, (_, at) => read(at % 2 ? one : two)))
      const used = world.emulator.journal.apiRequests.map(
        ({ account, headers, query }) => `${account} ${headers['authorization'] ?? query['access_token'] ?? ''}`,
      )
      const owners = new Map<string, Set<string>>()
      for (const line of used) {
        const [owner = '', ...token] = line.split(' ')
        owners.set(token.join(' '), (owners.get(token.join(' ')) ?? new Set()).add(owner))
      }
      expect(new Set([...owners.values()].flatMap((set) => [...set])).size).toBe(2)
      for (const set of owners.values()) expect(set.size).toBe(1)
    })

    test.each<[string, Fault]>([
      ['408', { status: 408, headers: { connection: 'close' } }],
      ['425', { status: 425 }],
      ['503 whose time is over', { status: 503, headers: { 'retry-after': 'Sat Jan  1 00:00:00 2000' } }],
      ['403 whose time is over', { status: 403, headers: { 'retry-after': '0' } }],
      ['answer that is labelled as packed and is not', { headers: { 'content-encoding': 'gzip' } }],
    ])('one %s passes, and nobody notices', async (_, fault) => {
      const account = (await start()).account(facts.account)
      await read(account)
      world.emulator.journal.clear()
      world.emulator.faults.next(fault)
      const { signal } = new AbortController()
      await read(account, new Operation({ requestId: 'patient', signal, endsAt: performance.now() + 60_000 }))
      const statuses = world.emulator.journal.apiRequests.map(({ status }) => status)
      expect(statuses).toEqual([...(fault.status ? [fault.status] : []), 200])
      expect(world.emulator.journal.tokenRequests).toEqual([])
    })

    test.each<[string, Fault, string]>([
      ['429', { status: 429, headers: { 'retry-after': '17' } }, 'PROVIDER_RATE_LIMITED'],
      ['500', { status: 500 }, 'PROVIDER_UNAVAILABLE'],
      ['503 with a time', { status: 503, headers: { 'retry-after': '17' } }, 'PROVIDER_UNAVAILABLE'],
      ['403 with a time', { status: 403, headers: { 'retry-after': '17' } }, 'PROVIDER_RATE_LIMITED'],
      ['408 each time', { status: 408, headers: { connection: 'close' } }, 'PROVIDER_UNAVAILABLE'],
      ['503 as a page', { status: 503, html: true }, 'PROVIDER_UNAVAILABLE'],
      ['a page with 200', { html: true }, 'PROVIDER_BAD_RESPONSE'],
      ['nothing with 200', { status: 200, body: '' }, 'PROVIDER_BAD_RESPONSE'],
      ['something else with 200', { status: 200, body: '"surprise"' }, 'PROVIDER_BAD_RESPONSE'],
      ['half an answer', { truncate: true }, 'PROVIDER_BAD_RESPONSE'],
      ['a reset', { reset: true }, 'PROVIDER_UNAVAILABLE'],
      ['a hang', { hang: true }, 'PROVIDER_TIMEOUT'],
      ['an answer that comes too late', { delayMs: 2_500 }, 'PROVIDER_TIMEOUT'],
      ['403', { status: 403, body: '{"detail":"no"}' }, 'PROVIDER_FORBIDDEN'],
      ['400', { status: 400, body: '{"error":"canary"}' }, 'PROVIDER_REJECTED'],
    ])('%s is told by its code, with the account and without a secret', async (_, fault, code) => {
      const account = (await start({ limits: { providerTimeoutMs: 800 } })).account(facts.account)
      await read(account)
      world.emulator.journal.clear()
      world.emulator.faults.next({ ...fault, times: Infinity })
      const began = performance.now()
      const error = await read(account).then(
        () => null,
        (thrown: unknown) => thrown,
      )
      // Ended by its deadline, and not by the operation's; a busy machine may not turn this red.
      expect(performance.now() - began).toBeLessThan(4_000)
      expect(error).toBeInstanceOf(AppError)
      expect(error).toMatchObject({ code, source: { provider: provider.slug, accountId: account.id } })
      if (fault.headers?.['retry-after']) {
        expect(error).toMatchObject({ retryAfterMs: 17_000 })
        await read(account).catch(() => {})
        expect(world.emulator.journal.apiRequests).toHaveLength(1)
      }
      const shown = inspect(
        { message: (error as AppError).message, details: (error as AppError).details, whole: error },
        { depth: 20 },
      )
      for (const secret of secretsOf(world, facts.account)) expect(shown).not.toContain(secret)
      expect(shown).not.toMatch(/canary|surprise/)
    })
  })
}

async function everything<T>(collection: Collection<T>): Promise<T[]> {
  const items: T[] = []
  let total: number | null = null
  for await (const page of collection.pages({})) {
    items.push(...page.items)
    total = page.totalCount ?? total
  }
  if (total !== null) expect(items).toHaveLength(total)
  return items
}

const lifetimeOf = async (world: World, account: ConnectedAccount) =>
  (Date.parse((await account.authorization()).expiresAt ?? '') - world.clock.now()) / 1000

async function expire(world: World, account: ConnectedAccount): Promise<void> {
  const { expiresAt } = await account.authorization()
  if (expiresAt) world.clock.advance(Math.max(0, (Date.parse(expiresAt) - world.clock.now()) / 1000) + 1)
}

/** Waits until every token request under way has become an event of ours, as passing time would. */
async function settled({ emulator, events }: World, eventsBefore: number): Promise<void> {
  while (events.length - eventsBefore < emulator.journal.tokenRequests.length)
    await new Promise((resolve) => setImmediate(resolve))
}

/** Every secret of the account's configuration and every token the emulator has seen. */
function secretsOf(world: World, name: string): string[] {
  const configured = Object.entries(world.emulator.accounts[name]!.auth)
    .filter(([key]) => /secret|password|token/i.test(key))
    .map(([, value]) => String(value))
  const carried = world.emulator.journal.entries.flatMap(({ headers, query }) => [
    headers['authorization']?.replace(/^Bearer /, ''),
    query['access_token'],
  ])
  return [...configured, ...carried.filter((token): token is string => !!token)]
}
