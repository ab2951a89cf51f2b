import { afterEach, describe, expect, test } from '@jest/globals'

import type { CallRecord } from '../../../src/model/call-record.js'
import type { ConnectedAccount } from '../../../src/providers/account.js'
import type { BulutfonEmulator } from '../../../src/providers/bulutfon/emulator/emulator.js'
import { bulutfon } from '../../../src/providers/bulutfon/index.js'
import type { CallFilter, CallQuery, Collection, Source } from '../../../src/providers/provider.js'
import { createWorld, operation, type World, type WorldOptions } from '../../support/world.js'

const EVERY_CALL: CallFilter = {
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

let world: World<BulutfonEmulator>
afterEach(() => world.close())

async function start(options: WorldOptions = {}, name = 'authorizationCode'): Promise<ConnectedAccount> {
  world = await createWorld<BulutfonEmulator>(bulutfon, options)
  const account = world.account(name)
  // The login is made, so that only reads are counted from here on.
  await account.source(operation()).profile()
  world.emulator.journal.clear()
  return account
}

const requests = () => world.emulator.journal.lines()

async function listOf<T>(collection: Collection<T> | undefined): Promise<readonly T[]> {
  const items: T[] = []
  for await (const page of collection!.pages({})) items.push(...page.items)
  return items
}

async function callsOf(source: Source, query: Partial<CallQuery> = {}): Promise<CallRecord[]> {
  const calls: CallRecord[] = []
  const whole: CallQuery = { order: 'DESC', after: null, hint: null, filter: EVERY_CALL, expected: 1_000, ...query }
  for await (const page of source.callRecords!.pages(whole)) calls.push(...page.calls)
  return calls
}

const ids = (calls: readonly CallRecord[]) => calls.map(({ id }) => id)

describe('numbers, extensions and groups', () => {
  test('come in one request each, and only what the list leaves out costs another', async () => {
    const source = (await start()).source(operation())
    const dids = await listOf(source.dids)
    const extensions = await listOf(source.extensions)
    const groups = await listOf(source.groups)
    expect(requests()).toEqual(['GET /dids', 'GET /extensions', 'GET /groups'])

    const withHours = dids.find(({ hours }) => hours === undefined)!
    expect((await source.dids!.detail!(withHours)).hours).toMatchObject({
      enabled: true,
      timeZone: 'Europe/Istanbul',
      days: expect.arrayContaining([expect.objectContaining({ day: 'SUNDAY' })]),
    })
    expect(await source.extensions!.detail!(extensions[0]!)).toMatchObject({
      callerIdRef: expect.anything(),
      permissions: expect.any(Array),
    })
    const members = (await source.groups!.detail!(groups[0]!)).memberships!
    const numbers = new Set(extensions.map(({ number }) => number))
    expect(members.length).toBeGreaterThan(0)
    for (const { member, delaySeconds } of members) {
      expect(member).toMatchObject({ kind: 'Extension', id: null })
      expect(numbers).toContain((member as { number: string }).number)
      expect(delaySeconds).not.toBeNull()
    }
    expect(requests()).toEqual([
      'GET /dids',
      'GET /extensions',
      'GET /groups',
      `GET /dids/${withHours.providerResourceId}`,
      `GET /extensions/${extensions[0]!.providerResourceId}`,
      `GET /groups/${groups[0]!.providerResourceId}`,
    ])
  })

  test('that cannot be read are left out and counted, and the others stay', async () => {
    const source = (await start()).source(operation())
    const good = { id: 1, number: '902120000041', state: 'CONFIRMED', destination_type: null, working_hour: false }
    world.emulator.faults.next({
      path: /dids/,
      status: 200,
      body: JSON.stringify({ dids: [good, { number: '1' }, 'what', { ...good, id: 2 }] }),
    })
    for await (const page of source.dids!.pages({})) {
      expect(page).toMatchObject({
        totalCount: 2,
        unreadable: 2,
        items: [{ providerResourceId: '1' }, { providerResourceId: '2' }],
      })
    }
  })

  test.each([
    ['dids', { number: '902120000041', state: 'CONFIRMED', destination_type: null, working_hour: false }],
    ['extensions', { number: '101', full_name: 'Ada', registered: true }],
    ['groups', { name: 'Sales', number: '200' }],
  ] as const)('of /%s keep ids beyond 2^53 digit by digit, side by side', async (name, row) => {
    const source = (await start()).source(operation())
    const ids = ['9007199254740993', '9007199254740992', '12345678901234567890', '1234567890123456']
    const rows = ids.map((id) => JSON.stringify(row).replace('{', `{"id":${id},`))
    world.emulator.faults.next({ path: new RegExp(name), status: 200, body: `{"${name}":[${rows.join()}]}` })
    for await (const page of source[name]!.pages({})) {
      expect(page.items.map(({ providerResourceId }) => providerResourceId)).toEqual(ids)
      expect(page).toMatchObject({ totalCount: 4, unreadable: 0 })
      expect((page.items[0] as unknown as { payload: { id: unknown } }).payload.id).toBe(ids[0])
    }
  })

  test('missing from an answer altogether are a broken answer and no empty list', async () => {
    const source = (await start()).source(operation())
    world.emulator.faults.next({ path: /dids/, status: 200, body: '{"numbers":[]}' })
    await expect(listOf(source.dids)).rejects.toMatchObject({ code: 'PROVIDER_BAD_RESPONSE', reason: 'WRONG_SHAPE' })
  })

  test.each(['E1', 'E2', 'E3'])('read the same in every era of the API, as far as it told them: %s', async (era) => {
    const source = (await start({ knobs: { era }, now: Date.parse('2026-02-11T08:00:00Z') })).source(operation())
    const [dids, extensions, groups] = [
      await listOf(source.dids),
      await listOf(source.extensions),
      await listOf(source.groups),
    ]
    expect([dids.length, extensions.length, groups.length].every((length) => length > 0)).toBe(true)
    expect(new Set(dids.map(({ destinationRef }) => destinationRef?.kind))).toContain('Extension')
    expect(dids.filter(({ destinationRef }) => destinationRef?.kind === 'Unresolved')).toEqual([])
    expect(await source.profile()).toMatchObject({
      status: 'ACTIVE',
      messageCredits: era === 'E1' ? null : expect.any(Number),
    })
    const calls = await callsOf(source)
    expect(new Set(calls.map(({ disposition }) => disposition))).toEqual(
      new Set(['ANSWERED', 'MISSED', 'NO_ANSWER', 'BUSY', 'REJECTED', 'CANCELLED', 'FAILED']),
    )
    expect(calls.some(({ recordings }) => recordings?.[0]?.status === 'AVAILABLE')).toBe(true)
    expect(calls.some(({ cost }) => cost !== null)).toBe(true)
  })
})

describe('the call log', () => {
  test.each(['echoed', 'none', 'zero'] as const)(
    'is read to its end where a page is smaller than was asked for and its figures are %s',
    async (pageFigures) => {
      const now = Date.parse('2026-02-11T08:00:00Z')
      const whole = ids(await callsOf((await start({ now })).source(operation())))
      await world.close()
      const account = await start({ now, knobs: { maxLimit: 10, pageFigures } })
      expect(ids(await callsOf(account.source(operation()), { expected: 20 }))).toEqual(whole)
      expect(whole.length).toBeGreaterThan(30)
    },
  )

  test('gives the first fifty in one request of little more than that', async () => {
    const source = (await start()).source(operation())
    const pages = source
      .callRecords!.pages({ order: 'DESC', after: null, hint: null, filter: EVERY_CALL, expected: 51 })
      [Symbol.asyncIterator]()
    const { value } = await pages.next()
    expect(value.calls.length).toBeGreaterThanOrEqual(50)
    expect(value.totalCount).toBe((await callsOf(world.account('authorizationCode').source(operation()))).length)
    expect(world.emulator.journal.entries[0]).toMatchObject({
      path: '/cdrs',
      query: { order: 'call_time,desc', limit: '61', page: '1' },
    })
  })

  test('is the same read either way, from any call on, and within any bounds', async () => {
    const account = await start()
    const all = await callsOf(account.source(operation()))
    expect(ids(await callsOf(account.source(operation()), { order: 'ASC' }))).toEqual(ids(all).reverse())
    for (const place of [0, 1, 57, 400, all.length - 1]) {
      const after = { startedAt: all[place]!.startedAt, id: all[place]!.id }
      expect(ids(await callsOf(account.source(operation()), { after, expected: 50 }))).toEqual(
        ids(all.slice(place + 1)),
      )
      expect(ids(await callsOf(account.source(operation()), { after, order: 'ASC', expected: 50 }))).toEqual(
        ids(all.slice(0, place).reverse()),
      )
    }
    const [from, until] = [all[300]!.startedAt, all[100]!.startedAt]
    const between = all.filter(({ startedAt }) => startedAt >= from && startedAt < until)
    for (const order of ['ASC', 'DESC'] as const) {
      const read = await callsOf(account.source(operation()), { order, filter: { ...EVERY_CALL, from, until } })
      expect(ids(order === 'ASC' ? read.reverse() : read)).toEqual(ids(between))
    }
  })

  test('goes on where a hint says in one request more than there is to read, either way', async () => {
    const account = await start()
    const all = await callsOf(account.source(operation()))
    let hint: string | null = null
    let read = 0
    for await (const page of account
      .source(operation())
      .callRecords!.pages({ order: 'DESC', after: null, hint: null, filter: EVERY_CALL, expected: 40 })) {
      read += page.calls.length
      hint = page.hint
      if (read > 500) break
    }
    const after = { startedAt: all[read - 1]!.startedAt, id: all[read - 1]!.id }
    for (const [order, next] of [
      ['DESC', all[read]!],
      ['ASC', all[read - 2]!],
    ] as const) {
      world.emulator.journal.clear()
      const pages = account
        .source(operation())
        .callRecords!.pages({ order, after, hint, filter: EVERY_CALL, expected: 40 })
      const first: CallRecord[] = []
      for await (const page of pages) {
        first.push(...page.calls)
        if (first.length > 0) break
      }
      expect(first[0]!.id).toBe(next.id)
      expect(requests().length).toBeLessThanOrEqual(2)
    }
  })

  test('leaves out and repeats nothing while three calls come in with every page that is read', async () => {
    const before = await callsOf(
      (await start({ seed: 5, now: Date.parse('2026-02-11T08:00:00Z') })).source(operation()),
    )
    await world.close()
    const account = await start({ seed: 5, now: Date.parse('2026-02-11T08:00:00Z'), knobs: { callsPerPage: 3 } })
    const known = new Set(ids(before))
    for (const order of ['DESC', 'ASC'] as const) {
      const read = ids(await callsOf(account.source(operation()), { order, expected: 15 }))
      expect(new Set(read).size).toBe(read.length)
      const old = read.filter((id) => known.has(id))
      expect(order === 'ASC' ? old.reverse() : old).toEqual(ids(before))
    }
  })

  test('has the provider look for numbers in every spelling, and believes its count then', async () => {
    const account = await start()
    const all = await callsOf(account.source(operation()))
    const numbers = [
      all.find(({ direction, caller }) => direction === 'INBOUND' && caller.number !== null)!.caller.number!,
      all.find(({ direction, callee }) => direction === 'OUTBOUND' && callee.number !== null)!.callee.number!,
    ]
    for (const [field, sides] of [
      ['numbers', ['caller', 'callee']],
      ['callerNumbers', ['caller']],
      ['calleeNumbers', ['callee']],
    ] as const) {
      const filter = { ...EVERY_CALL, [field]: numbers }
      const log = account.source(operation()).callRecords!
      expect(log.pushdown(filter)).toEqual([field])
      const calls: CallRecord[] = []
      for await (const page of log.pages({ order: 'DESC', after: null, hint: null, filter, expected: 50 })) {
        calls.push(...page.calls)
        const matching = all.filter((call) => sides.some((side) => numbers.includes(call[side].number ?? '')))
        expect(page.totalCount).toBe(matching.length)
      }
      expect(ids(calls)).toEqual(
        ids(all.filter((call) => sides.some((side) => numbers.includes(call[side].number ?? '')))),
      )
    }
  })

  test('counts nothing it did not have counted', async () => {
    const account = await start()
    const total = async (filter: Partial<CallFilter>) => {
      for await (const page of account.source(operation()).callRecords!.pages({
        order: 'DESC',
        after: null,
        hint: null,
        filter: { ...EVERY_CALL, ...filter },
        expected: 5,
      }))
        return page.totalCount
    }
    expect(await total({})).toEqual(expect.any(Number))
    expect(await total({ from: '2026-01-01T00:00:00.000Z' })).toBeNull()
    expect(await total({ dispositions: [] })).toBeNull()
    expect(await total({ callerNumbers: ['+905321234567'], calleeNumbers: ['+905321234567'] })).toBeNull()
    expect(
      await total({ numbers: Array.from({ length: 51 }, (_, index) => `+90532123${String(index).padStart(4, '0')}`) }),
    ).toBeNull()
  })

  test('asks for the way of incoming calls only, and finds in it who answered', async () => {
    const source = (await start()).source(operation())
    const calls = await callsOf(source)
    expect(calls.filter(({ steps }) => steps === undefined).every(({ direction }) => direction === 'INBOUND')).toBe(
      true,
    )
    const answered = calls
      .filter(({ answeredByRef, talkSeconds }) => answeredByRef === undefined && talkSeconds! > 30)
      .slice(0, 20)
    world.emulator.journal.clear()
    const details = await Promise.all(answered.map((call) => source.callRecords!.detail!(call)))
    expect(requests()).toHaveLength(answered.length)
    for (const { steps, answeredByRef } of details) {
      const winner = steps!.findLast(
        ({ action, result }) => result === 'ANSWERED' && (action === 'RING' || action === 'FORWARD'),
      )
      expect(answeredByRef ?? null).toEqual(winner?.targetRef ?? null)
      expect(steps![0]).toMatchObject({ sequence: 0, action: 'ENTER_DID', parentId: null })
      expect(steps!.map(({ sequence }) => sequence)).toEqual(steps!.map((_, index) => index))
    }
    expect(details.some(({ steps }) => steps!.some(({ result }) => result === 'ANSWERED_ELSEWHERE'))).toBe(true)
  })

  test('answers one call by its id as the list and the detail do together', async () => {
    const account = await start()
    const [source, another] = [account.source(operation()), account.source(operation())]
    for (const call of (await callsOf(source)).slice(0, 12)) {
      const detail = call.steps === undefined ? await source.callRecords!.detail!(call) : {}
      const whole = await another.callRecords!.byId(call.providerResourceId)
      expect({ ...whole, fetchedAt: '' }).toEqual({ ...call, ...detail, fetchedAt: '' })
    }
  })

  test('leaves out a call that cannot be read, tells that it did, and no longer tells how many there are', async () => {
    const source = (await start()).source(operation())
    const call = { uuid: 'a', call_time: '2026-01-01T10:00:00+03:00', direction: 'IN' }
    const pagination = { page: 1, total_count: 3, total_pages: 1, limit: 100 }
    world.emulator.faults.next({
      path: /cdrs/,
      status: 200,
      body: JSON.stringify({ cdrs: [call, { uuid: 'b' }, null], pagination }),
    })
    for await (const page of source.callRecords!.pages({
      order: 'DESC',
      after: null,
      hint: null,
      filter: EVERY_CALL,
      expected: 5,
    })) {
      expect(page).toMatchObject({ calls: [{ providerResourceId: 'a' }], unreadable: 2, totalCount: null })
    }
  })
})

describe('logins', () => {
  test.each([
    ['authorizationCode', ['access_token']],
    ['masterToken', ['access_token']],
    ['password', ['email', 'password']],
  ])('of %s ride as parameters and never as a header', async (name, parameters) => {
    const account = await start({}, name)
    await listOf(account.source(operation()).groups)
    const [request] = world.emulator.journal.apiRequests
    expect(Object.keys(request!.query)).toEqual(parameters)
    expect(request!.headers).not.toHaveProperty('authorization')
    expect(request!.account).not.toBeNull()
  })

  test.each([200, 400, 401, 403, 'reason-phrase'])(
    'that ran out are renewed once whatever the status says: %s',
    async (expiredStatus) => {
      const account = await start({ knobs: { expiredStatus } })
      world.emulator.expireAccessTokens()
      expect((await listOf(account.source(operation()).groups)).length).toBeGreaterThan(0)
      expect(world.emulator.journal.tokenRequests).toHaveLength(1)
      expect(requests()).toEqual(['GET /groups', 'GET /groups'])
    },
  )

  test('by a password that was changed are not tried again and again', async () => {
    const account = await start({}, 'password')
    world.emulator.changePassword('another one')
    for (let attempt = 0; attempt < 4; attempt += 1) {
      await expect(listOf(account.source(operation()).groups)).rejects.toMatchObject({
        code: expect.stringMatching(/^(PROVIDER_FORBIDDEN|REAUTHORIZATION_REQUIRED)$/),
      })
    }
    expect(requests().length).toBeLessThanOrEqual(5)
  })
})
