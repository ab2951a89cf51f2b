import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'

import { cover, type Covered } from '../../src/archive/archive-state.js'
import { archivedCallLogs, type ArchivedCallLogOptions } from '../../src/archive/archived-call-log.js'
import { ProviderError } from '../../src/errors.js'
import { CallDirection, CallDisposition, CallKind, type CallRecord } from '../../src/model/call-record.js'
import { Operation } from '../../src/operation.js'
import type { Cached } from '../../src/providers/account.js'
import type { CallFilter, CallLog, CallPage, CallPosition, CallQuery } from '../../src/providers/provider.js'
import { memoryStore } from '../../src/store/memory.js'
import { SimulatedLog, type Behaviour } from '../loaders/calls/simulated-log.js'
import { BEGINNING, call, calls, DIDS, OUTSIDE } from '../loaders/calls/simulated-world.js'
import { EVERY_CALL } from '../../src/providers/every-call.js'
import { fill, type Filling } from './filled.js'

const KEY = 'izmir'
const iso = (second: number) => new Date(BEGINNING + second * 1000).toISOString()

/** One call a second from 0 to 99, and of some seconds a second and third one. */
const told = Array.from({ length: 100 }, (_, second) => second).flatMap((second) =>
  ['a', 'b', 'c'].slice(0, second % 10 === 0 ? 3 : 1).map((letter) => at(second, letter)),
)

interface Setting extends Partial<Pick<Filling, 'covered' | 'syncedAt' | 'unreadable'>> {
  readonly calls?: readonly CallRecord[]
  readonly behaviour?: Partial<Behaviour>
  readonly demand?: Partial<Operation['demand']>
  /** When it is asked; seconds. */
  readonly now?: number
  readonly workspace?: string
  readonly onChanged?: ArchivedCallLogOptions['onChanged']
}

/** What the archive was filled from is what the provider has, unless `provider` is changed afterwards. */
async function archiveOf(setting: Setting) {
  const { calls: list = told, covered = [range(20, 80)], syncedAt = iso(80), unreadable, now = 90 } = setting
  const store = memoryStore(() => 0)
  await fill(store, { key: KEY, calls: list, covered, syncedAt, unreadable })
  const provider = new SimulatedLog(list, { pushdown: ['from', 'until'], ...setting.behaviour })
  const ended = new AbortController()
  const demand = { maxAgeMs: Infinity, staleMs: Infinity, keep: true, ...setting.demand }
  const operation = new Operation({ requestId: 'test', signal: ended.signal, demand })
  const cached: Cached[] = []
  const archives = archivedCallLogs({
    ...{
      key: KEY,
      provider: { slug: 'made-up' },
      workspace: setting.workspace ?? 'default',
      settings: { recheckMs: 30_000 },
      store,
    },
    now: () => BEGINNING + now * 1000,
    ...(setting.onChanged && { onChanged: setting.onChanged }),
  })
  const log = archives(
    provider.log(() => {}),
    operation,
    (one) => cached.push(one),
  )
  return { store, provider, log, cached, ended }
}

const asked = (query: Partial<CallQuery> = {}): CallQuery => ({
  ...{ order: 'DESC', after: null, hint: null, expected: 20, filter: EVERY_CALL },
  ...query,
})

async function pagesOf(log: CallLog, query: CallQuery): Promise<readonly CallPage[]> {
  const pages: CallPage[] = []
  for await (const page of log.pages(query)) pages.push(page)
  return pages
}

/** What a reader makes of a log: it checks each call again. */
async function read(log: CallLog, query: CallQuery): Promise<readonly CallRecord[]> {
  const { from, until } = query.filter
  return (await pagesOf(log, query))
    .flatMap((page) => page.calls)
    .filter(({ startedAt }) => (from === null || startedAt >= from) && (until === null || startedAt < until))
    .filter(matches(query.filter))
}

const natives = (list: readonly CallRecord[]) => list.map(({ providerResourceId }) => providerResourceId)
const between = (from: number, until: number, order: 'ASC' | 'DESC' = 'DESC') => {
  const found = natives(told.filter(({ startedAt }) => startedAt >= iso(from) && startedAt < iso(until)))
  return order === 'ASC' ? found : found.toReversed()
}

describe('a question that the archive covers', () => {
  test.each(['ASC', 'DESC'] as const)('costs no request, in %s', async (order) => {
    const { log, provider, cached } = await archiveOf({})
    const filter = { ...EVERY_CALL, from: iso(20), until: iso(80) }
    expect(natives(await read(log, asked({ order, filter })))).toEqual(between(20, 80, order))
    expect(provider.requests).toEqual([])
    expect(cached).toEqual([{ ageSeconds: 10, failure: null }])
  })

  test('is narrowed by the columns, and read in pages of growing size', async () => {
    const { log, store } = await archiveOf({ calls: calls(KEY, 900, 60, 1), covered: [range(0, 60)] })
    const sizes: number[] = []
    const { archivedCalls } = store
    store.archivedCalls = (query) => {
      sizes.push(query.atMost)
      return archivedCalls.call(store, query)
    }
    const filter = { ...EVERY_CALL, from: iso(0), until: iso(60), kinds: [CallKind.VOICE] }
    const pages = await pagesOf(log, asked({ filter, expected: 21 }))
    expect(sizes).toEqual([50, 500, 500])
    expect(pages.flatMap((page) => page.calls).every(({ kind }) => kind === 'VOICE')).toBe(true)
    // A reader that finds nothing on a page can go on from where it ends.
    expect(pages.map(({ readTo }) => readTo)).toEqual([
      ...pages.slice(0, -1).map((page) => page.calls.at(-1)!.startedAt),
      iso(0),
    ])
  })

  test('finds the calls of a DID that are shown with another number', async () => {
    const own = call(KEY, 'own', BEGINNING + 30_000, { didRef: { kind: 'Did', number: DIDS[0]!, rawNumber: '1' } })
    const { log } = await archiveOf({ calls: [own] })
    const filter = { ...EVERY_CALL, from: iso(20), until: iso(80), numbers: [DIDS[0]!] }
    const pages = await pagesOf(log, asked({ filter, numbersAreDids: true }))
    expect(natives(pages.flatMap((page) => page.calls))).toEqual(['own'])
  })

  test('leaves out what the source leaves out by more than the fields of calls', async () => {
    const { store, provider } = await archiveOf({})
    const operation = new Operation({ requestId: 'test', signal: new AbortController().signal })
    const before = archivedCallLogs({
      ...{
        key: KEY,
        provider: { slug: 'made-up' },
        workspace: 'default',
        settings: { recheckMs: 0 },
        store,
        now: () => BEGINNING + 90_000,
      },
    })
    const own: CallLog = {
      ...provider.log(() => {}),
      isListed: ({ startedAt }, { extensionNumbers }) => !extensionNumbers || startedAt < iso(23),
    }
    const filter = { ...EVERY_CALL, from: iso(20), until: iso(80), extensionNumbers: ['1001'] }
    const pages = await pagesOf(
      before(own, operation, () => {}),
      asked({ filter }),
    )
    expect(natives(pages.flatMap((page) => page.calls))).toEqual(between(20, 23))
  })

  test.each([
    ['costs no request where that was quiet when the archive last looked', 0, []],
    ['is asked of the provider where some calls could not be read', 1, ['page']],
  ])('about the time after its newest call %s', async (_, unreadable, requests) => {
    const { log, provider } = await archiveOf({ syncedAt: iso(2 * 3600), now: 2 * 3600, unreadable })
    const filter = { ...EVERY_CALL, from: iso(20), until: iso(3600) }
    expect(await read(log, asked({ filter }))).toHaveLength(unreadable ? 96 : 72)
    expect(provider.requests).toEqual(requests)
  })

  test('of another workspace is asked of the provider', async () => {
    const { log, provider } = await archiveOf({ workspace: 'other' })
    const filter = { ...EVERY_CALL, from: iso(20), until: iso(80) }
    expect(natives(await read(log, asked({ filter })))).toEqual(between(20, 80))
    expect(provider.requests).toEqual(['page'])
  })
})

describe('at the seams', () => {
  test('a call that was written late is there, as far as the page reaches that goes into the archive', async () => {
    // 80 has three calls, none of them covered; of 79 and of 40 there has come another since.
    const { log, provider } = await archiveOf({ behaviour: { pageSize: 30 } })
    provider.arrive(at(79, 'late'))
    provider.arrive(at(40, 'late'))
    const calls = natives(await read(log, asked({ filter: { ...EVERY_CALL, from: iso(20) } })))
    expect(calls.filter((native) => native !== '79late')).toEqual(between(20, 100))
    expect(calls).toContain('79late')
    // It is asked for as it would be without an archive, so that readers share its first page.
    expect(provider.queries.map(({ filter: { from, until } }) => ({ from, until }))).toEqual([
      { from: iso(20), until: null },
    ])
    expect(provider.requests).toHaveLength(1)
  })

  test.each([
    ['DESC', [{}, { from: iso(50), until: iso(60) }, { until: iso(20) }]],
    ['ASC', [{ until: iso(20) }, { from: iso(50), until: iso(60) }, { from: iso(80) }]],
  ] as const)('a hole, and what is older, are the provider’s, in %s', async (order, stretches) => {
    const { log, provider } = await archiveOf({ covered: [range(60, 80), range(20, 50)], behaviour: { pageSize: 7 } })
    expect(natives(await read(log, asked({ order })))).toEqual(between(0, 100, order))
    expect(provider.queries.map(({ filter: { from, until } }) => ({ from, until }))).toEqual(
      stretches.map((one) => ({ from: null, until: null, ...one })),
    )
  })

  test.each(['ASC', 'DESC'] as const)(
    'each call after any position comes once, ties in order, in %s',
    async (order) => {
      const { log } = await archiveOf({ covered: [range(60, 80), range(20, 50)], behaviour: { pageSize: 7 } })
      const all = order === 'ASC' ? told : told.toReversed()
      for (const [index, after] of all.entries()) {
        if (Math.abs((Date.parse(after.startedAt) - BEGINNING) / 1000 - 50) % 10 > 1) continue
        expect(natives(await read(log, asked({ order, after })))).toEqual(natives(all.slice(index + 1)))
      }
    },
  )

  test('a hint goes to the stretch that its position is in, and to no other', async () => {
    const { log, provider } = await archiveOf({ covered: [range(60, 80), range(20, 50)] })
    const hints = async (after: CallPosition | null) => {
      provider.queries.length = 0
      const pages = await pagesOf(log, asked({ after, hint: 'near 7' }))
      return { given: provider.queries.map(({ hint }) => hint), told: pages.map(({ hint }) => hint !== null) }
    }
    expect(await hints(at(55))).toEqual({ given: ['near 7', null], told: [true, false, true] })
    expect(await hints(at(70))).toEqual({ given: [null, null], told: [false, true, false, true] })
  })

  test('a count of the provider’s for one stretch is none of the question', async () => {
    const { log } = await archiveOf({ behaviour: { counts: true, pageSize: 20 } })
    expect(new Set((await pagesOf(log, asked())).map(({ totalCount }) => totalCount))).toEqual(new Set([null]))
    const alone = await archiveOf({ covered: [], behaviour: { counts: true } })
    expect((await pagesOf(alone.log, asked()))[0]!.totalCount).toBe(told.length)
  })

  test('a provider that gives calls beyond a stretch, or none of it, is read no further', async () => {
    const { log, provider } = await archiveOf({ behaviour: { pushdown: [], pageSize: 3 } })
    expect(natives(await read(log, asked()))).toEqual(between(0, 100))
    // 24 calls are newer and 24 older than what is archived: all other pages would be read in vain.
    expect(provider.requests).toHaveLength(9 + 9)
  })
})

describe('while the provider is down', () => {
  const down = { fails: () => true }
  const since = { ...EVERY_CALL, from: iso(20) }

  test.each(['ASC', 'DESC'] as const)('the archive answers alone and says since when, in %s', async (order) => {
    const { log, cached } = await archiveOf({ behaviour: down })
    expect(natives(await read(log, asked({ order, filter: since })))).toEqual(between(20, 80, order))
    expect(cached).toContainEqual({ ageSeconds: 10, failure: expect.any(ProviderError) })
  })

  test('what had been read of the newest slice is kept', async () => {
    let requests = 0
    const { log } = await archiveOf({ behaviour: { pageSize: 5, fails: () => ++requests === 3 } })
    expect(natives(await read(log, asked({ filter: since })))).toEqual([
      ...between(80, 100).slice(0, 10),
      ...between(20, 80),
    ])
  })

  test('a question about what the archive does not have fails', async () => {
    const { log } = await archiveOf({ behaviour: down })
    const newest = { ...EVERY_CALL, from: iso(85) }
    await expect(read(log, asked({ filter: newest }))).rejects.toMatchObject({ code: 'PROVIDER_UNAVAILABLE' })
    await expect(read(log, asked())).rejects.toMatchObject({ code: 'PROVIDER_UNAVAILABLE' })
  })

  test.each([
    ['that accepts nothing stale', { staleMs: 0 }, false],
    ['that accepts less than it is old', { staleMs: 9_000 }, false],
    ['that accepts as much', { staleMs: 11_000 }, true],
    ['that wants it younger and accepts nothing stale', { maxAgeMs: 5_000, staleMs: 0 }, false],
    ['that wants it younger unless the provider is down', { maxAgeMs: 5_000, staleMs: 6_000 }, true],
    ['that wants it fresh', { maxAgeMs: 0, staleMs: 0 }, false],
  ])('a caller %s gets what replies that are kept would give it', async (_, demand, isAnswered) => {
    const { log, cached } = await archiveOf({ behaviour: down, demand })
    const reading = read(log, asked({ filter: since })).then(natives, (error: ProviderError) => error.code)
    expect(await reading).toEqual(isAnswered ? between(20, 80) : 'PROVIDER_UNAVAILABLE')
    expect(cached.some(({ failure }) => failure !== null)).toBe(isAnswered)
  })

  test.each([
    ['PROVIDER_BAD_RESPONSE', null, 'PROVIDER_BAD_RESPONSE'],
    ['PROVIDER_TIMEOUT', 'OPERATION_ENDED', 'PROVIDER_TIMEOUT'],
    ['PROVIDER_TIMEOUT', null, null],
    ['PROVIDER_RATE_LIMITED', null, null],
  ] as const)('%s (%s) of the newest slice ends in %s', async (code, reason, ends) => {
    const fails = () => {
      throw new ProviderError(code, 'as ordered', { reason })
    }
    const { log } = await archiveOf({ behaviour: { fails } })
    const reading = read(log, asked({ filter: since })).then(
      () => null,
      (error: ProviderError) => error.code,
    )
    expect(await reading).toBe(ends)
  })

  test('a call by id comes from the archive; one it does not have fails', async () => {
    const { log, cached } = await archiveOf({ behaviour: down })
    expect(natives([(await log.byId('30a'))!])).toEqual(['30a'])
    expect(cached).toEqual([{ ageSeconds: 10, failure: expect.any(ProviderError) }])
    await expect(log.byId('85a')).rejects.toMatchObject({ code: 'PROVIDER_UNAVAILABLE' })
  })
})

describe('the archive is not used', () => {
  test.each([
    ['for a caller who wants it fresh', { maxAgeMs: 0 }],
    ['for one who wants it younger than it is', { maxAgeMs: 10_000 }],
  ])('%s', async (_, demand) => {
    const { log, provider, cached } = await archiveOf({ demand })
    expect(natives(await read(log, asked()))).toEqual(between(0, 100))
    expect(provider.queries).toEqual([asked()])
    expect(cached).toEqual([])
  })

  test('for calls that were young when it was last kept true, hours ago', async () => {
    const { log, provider } = await archiveOf({ now: 80 + 3 * 3600 })
    expect(natives(await read(log, asked({ filter: { ...EVERY_CALL, from: iso(20) } })))).toEqual(between(20, 100))
    expect(provider.queries.map(({ filter }) => filter.from)).toEqual([iso(20)])
    const down = await archiveOf({ now: 80 + 3 * 3600, behaviour: { fails: () => true } })
    expect(natives(await read(down.log, asked({ filter: { ...EVERY_CALL, from: iso(20) } })))).toEqual(between(20, 80))
    expect(down.cached).toContainEqual({ ageSeconds: 3 * 3600, failure: expect.any(ProviderError) })
  })

  test('once nobody waits', async () => {
    const { log, ended } = await archiveOf({})
    ended.abort()
    const filter = { ...EVERY_CALL, from: iso(20), until: iso(80) }
    await expect(read(log, asked({ filter }))).rejects.toMatchObject({
      code: 'PROVIDER_TIMEOUT',
      reason: 'OPERATION_ENDED',
    })
  })
})

describe('a call that is read by id', () => {
  const { steps: _steps, ...listed } = at(30)

  test.each<[what: string, now: Partial<CallRecord> | null, readAgain: boolean]>([
    ['and has changed', { durationSeconds: 61 }, true],
    ['and is the same, but for its detail and how it is written', { steps: [], payload: { more: 1 } }, false],
    ['and is gone', null, true],
  ])('%s, is read again for the archive: %#', async (_, now, readAgain) => {
    const moments: string[] = []
    const onChanged = (moment: string) => void moments.push(moment)
    const { log, provider } = await archiveOf({ calls: [listed as CallRecord], onChanged })
    provider.calls.splice(0, 1, ...(now ? [{ ...listed, ...now } as CallRecord] : []))
    expect(await log.byId('30a')).toEqual(now && { ...listed, ...now })
    expect(moments).toEqual(readAgain ? [iso(30)] : [])
  })

  test('for the archive itself, is not', async () => {
    const moments: string[] = []
    const onChanged = (moment: string) => void moments.push(moment)
    const { log, provider } = await archiveOf({ demand: { maxAgeMs: 0, staleMs: 0, keep: false }, onChanged })
    provider.calls.length = 0
    expect(await log.byId('30a')).toBe(null)
    expect(moments).toEqual([])
  })
})

describe('the number of calls', () => {
  const all = { filter: { ...EVERY_CALL, from: iso(20) }, expected: 20, matches: () => true }
  const seconds = { minimum: null, maximum: null }

  test('is counted by the columns where these decide, and the newest slice is read', async () => {
    const { log, provider } = await archiveOf({ behaviour: { pageSize: 30 } })
    expect(await log.count!({ ...all, seconds })).toBe(between(20, 100).length)
    const long = { ...all, matches: () => false, seconds: { minimum: 61, maximum: null } }
    expect(await log.count!(long)).toBe(0)
    expect(provider.requests).toHaveLength(2)
  })

  test('is counted call by call where they do not', async () => {
    const { log } = await archiveOf({})
    const matches = ({ providerResourceId }: CallRecord) => providerResourceId.endsWith('b')
    const expected = between(20, 100).filter((id) => id.endsWith('b')).length
    expect(await log.count!({ ...all, matches, seconds: null })).toBe(expected)
  })

  test.each<[why: string, setting: Setting, judge: () => boolean | undefined]>([
    ['the archive does not have all', { covered: [range(60, 80), range(20, 50)] }, () => true],
    ['only details tell', {}, () => undefined],
    ['there is no archive', { covered: [] }, () => true],
  ])('is not known where %s', async (_, setting, judge) => {
    const { log } = await archiveOf(setting)
    expect(await log.count!({ ...all, matches: judge, seconds: null })).toBe(null)
  })

  test('is as it was while the provider is down', async () => {
    const { log, cached } = await archiveOf({ behaviour: { fails: () => true } })
    expect(await log.count!({ ...all, seconds })).toBe(between(20, 80).length)
    expect(cached).toEqual([{ ageSeconds: 10, failure: expect.any(ProviderError) }])
  })
})

const moment = fc.integer({ min: -2, max: 42 })
const some = <T>(values: readonly T[]) => fc.subarray([...values], { minLength: 1, maxLength: 2 })
const fields = {
  from: moment.map(iso),
  until: moment.map(iso),
  kinds: some(Object.values(CallKind)),
  directions: some(Object.values(CallDirection)),
  dispositions: some(Object.values(CallDisposition)),
  numbers: some([...DIDS, ...OUTSIDE]),
  callerNumbers: some([...DIDS, ...OUTSIDE]),
  calleeNumbers: some([...DIDS, ...OUTSIDE]),
}
/** Of few fields: with many, no page of the archive is ever full. */
const filters: fc.Arbitrary<Partial<CallFilter>> = fc
  .tuple(fc.record(fields), fc.subarray(Object.keys(fields), { maxLength: 2 }))
  .map(([values, kept]) => Object.fromEntries(Object.entries(values).filter(([name]) => kept.includes(name))))

test('whatever is covered, a log with archive gives the calls of the log without', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.record({
        seed: fc.integer({ min: 1, max: 1_000_000 }),
        covered: fc.array(fc.tuple(moment, moment), { maxLength: 4 }),
        order: fc.constantFrom('ASC' as const, 'DESC' as const),
        filter: filters,
        after: fc.option(fc.record({ startedAt: moment.map(iso), id: fc.constantFrom('', 'Q', 'Qzpp', '~') })),
        at: fc.option(fc.nat()),
        pageSize: fc.integer({ min: 1, max: 40 }),
        pushdown: fc.subarray<keyof CallFilter>(['from', 'until', 'kinds', 'numbers']),
        looksAtPages: fc.boolean(),
        expected: fc.integer({ min: 1, max: 100 }),
      }),
      async ({ seed, covered: pairs, filter, at: index, after: made, pageSize, pushdown, looksAtPages, ...rest }) => {
        const list = calls(KEY, 300, 40, seed)
        const covered = pairs.reduce<readonly Covered[]>((sum, [from, until]) => cover(sum, range(from, until)), [])
        const behaviour = { pageSize, pushdown, looksAtPages }
        const { log } = await archiveOf({ calls: list, covered, behaviour, syncedAt: iso(40) })
        const after = index === null ? made : list[index % list.length]!
        const query = asked({ ...rest, after, filter: { ...EVERY_CALL, ...filter } })
        const plain = new SimulatedLog(list, behaviour).log(() => {})
        expect(JSON.stringify(await read(log, query))).toBe(JSON.stringify(await read(plain, query)))
      },
    ),
    { numRuns: Number(process.env['GENERATED'] ?? 100) },
  )
})

function at(second: number, letter = 'a'): CallRecord {
  return call(KEY, `${second}${letter}`, BEGINNING + second * 1000, { durationSeconds: 60 })
}

function range(from: number, until: number): Covered {
  return { from: iso(from), until: iso(until) }
}

function matches({
  kinds,
  directions,
  dispositions,
  numbers,
  callerNumbers,
  calleeNumbers,
}: CallFilter): (call: CallRecord) => boolean {
  const isOneOf = (list: readonly string[] | null, ...values: (string | null)[]) =>
    list === null || values.some((value) => value !== null && list.includes(value))
  return ({ kind, direction, disposition, caller, callee }: CallRecord): boolean =>
    isOneOf(kinds, kind) &&
    isOneOf(directions, direction) &&
    isOneOf(dispositions, disposition) &&
    isOneOf(numbers, caller.number, callee.number) &&
    isOneOf(callerNumbers, caller.number) &&
    isOneOf(calleeNumbers, callee.number)
}
