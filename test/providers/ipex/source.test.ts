import { afterEach, describe, expect, test } from '@jest/globals'

import type { CallRecord } from '../../../src/model/call-record.js'
import type { Did } from '../../../src/model/did.js'
import { ipex } from '../../../src/providers/ipex/index.js'
import type { IpexEmulator } from '../../../src/providers/ipex/emulator/emulator.js'
import type { CallFilter, Collection, Source } from '../../../src/providers/provider.js'
import { createWorld, operation, type World, type WorldOptions } from '../../support/world.js'

const EVERY_CALL: CallFilter = {
  ...{ from: null, until: null, directions: null, dispositions: null, kinds: null },
  ...{ numbers: null, callerNumbers: null, calleeNumbers: null, extensionNumbers: null },
}

let world: World<IpexEmulator>
afterEach(() => world.close())

async function start(options: WorldOptions = {}, account = 'password'): Promise<Source> {
  world = await createWorld<IpexEmulator>(ipex, options)
  return source(account)
}

const source = (account = 'password') => world.account(account).source(operation())

async function all<T>(collection: Collection<T> | undefined): Promise<T[]> {
  const items: T[] = []
  for await (const page of collection!.pages({})) items.push(...page.items)
  return items
}

async function calls(
  from: Source,
  filter: Partial<CallFilter> = {},
  order: 'ASC' | 'DESC' = 'DESC',
  enough = Infinity,
): Promise<CallRecord[]> {
  const found: CallRecord[] = []
  for await (const page of from.callRecords!.pages({
    order,
    after: null,
    hint: null,
    filter: { ...EVERY_CALL, ...filter },
    expected: 50,
  })) {
    found.push(...page.calls)
    if (found.length >= enough) break
  }
  return found
}

const paths = () => world.emulator.journal.apiRequests.map(({ path }) => path.replace('/ipbxapi', ''))

describe('The source of an IPEX account', () => {
  // Names are made of numbers and callers (FreePBX/issue-tracker #1325, thess/callattendant #98).
  test.each(['in-4420-+4420-20260909.wav', 'Private/Unknown 0842.wav', '100% #2?.mp3', 'Gülşah & Öz.ogg', '..%2f.wav'])(
    'requests the recording %s by its whole name',
    async (name) => {
      const from = await start()
      await from.recordings!.open(name, { range: null }).catch(() => null)
      const asked = paths().at(-1)!
      expect(asked.split('/')).toHaveLength(3)
      expect(decodeURIComponent(asked)).toBe(`/recordings/${name}`)
      expect(world.emulator.journal.apiRequests.at(-1)!.query).toEqual({})
    },
  )

  test('reads DIDs and extensions from one list, and names from another', async () => {
    const from = await start()
    const [dids, extensions] = await Promise.all([all(from.dids), all(from.extensions)])
    expect(paths().sort()).toEqual(['/numbers', '/pbx/users'])
    expect(extensions.some(({ number }) => number.startsWith('0'))).toBe(true)
    const reached = dids.map(({ destinationRef }) => destinationRef?.kind)
    expect(new Set(reached)).toEqual(new Set(['AutoAttendant', 'Group', 'Extension', 'Unresolved']))
    const numbers = new Set(extensions.map(({ providerResourceId }) => providerResourceId))
    for (const { destinationRef } of dids)
      if (destinationRef?.kind === 'Extension') expect(numbers).toContain(destinationRef.id)
  })

  test('asks for no people and no groups when only DIDs are asked for', async () => {
    await all((await start()).dids)
    expect(paths()).toEqual(['/numbers'])
  })

  test('asks once for the numbers of all groups', async () => {
    const from = await start()
    const groups = await all(from.groups)
    const details = await Promise.all(groups.map((group) => from.groups!.detail!(group)))
    expect(paths()).toEqual(['/members', '/calls/transfer/destinations'])
    expect(details.every(({ internalNumber }) => /^\d+$/.test(internalNumber ?? ''))).toBe(true)
    expect(new Set(groups.map(({ kind }) => kind))).toContain('QUEUE')
  })

  test('names agents who have no phone at the moment by their user, without a request for their lines', async () => {
    const from = await start({ scale: 0.3 })
    const groups = await all(from.groups)
    expect(paths()).toEqual(['/members'])
    const members = groups.flatMap(({ payload }) => (payload as { members: { exten: unknown }[] }).members)
    expect(members.some(({ exten }) => exten === null)).toBe(true)
    const lines = await all(from.extensions)
    const owned = groups.flatMap(({ memberships = [] }) =>
      memberships!.flatMap(({ member }) => (member.kind === 'Extension' ? (member.ownerId ?? []) : ['nobody'])),
    )
    expect(owned.length).toBeGreaterThan(0)
    expect(owned.filter((owner) => !lines.some(({ ownerId }) => ownerId === owner))).toEqual([])
  })

  test('asks for the forwarding of people only', async () => {
    const from = await start({ scale: 0.2 })
    const extensions = await all(from.extensions)
    const rules = await Promise.all(
      extensions
        .filter(({ forwardingRules }) => forwardingRules === undefined)
        .map((extension) => from.extensions!.detail!(extension)),
    )
    expect(rules.flatMap(({ forwardingRules }) => forwardingRules ?? []).length).toBeGreaterThan(0)
    expect(extensions.some(({ forwardingRules }) => forwardingRules?.length === 0)).toBe(true)
    const asked = world.emulator.journal.apiRequests.filter(({ path }) => path.endsWith('/profiles'))
    expect(asked.every(({ query }) => /^[0-9a-f-]{36}$/.test(query['userId'] ?? ''))).toBe(true)
  })

  test('tells the profile from the current user, or the token, or the configuration', async () => {
    expect(await (await start()).profile()).toMatchObject({
      name: 'API Ege Yelken Praha',
      email: 'api@egeyelken.example',
    })
    await world.close()
    expect(await (await start({ knobs: { usersMe: false } })).profile()).toMatchObject({
      email: 'api@egeyelken.example',
    })
    await world.close()
    expect(await (await start({ knobs: { usersMe: false, identityClaims: false } })).profile()).toMatchObject({
      name: null,
      email: 'api@egeyelken.example',
    })
    await world.close()
    expect(
      await (await start({ knobs: { usersMe: false, accessTokenForm: 'opaque' } }, 'b2b')).profile(),
    ).toMatchObject({ email: 'api@egeyelken.example' })
  })

  test.each(['password', 'impersonating', 'sso', 'b2b'])('reads with the login %s', async (account) => {
    expect((await all<Did>((await start({}, account)).dids)).length).toBeGreaterThan(0)
    expect(world.emulator.journal.tokenRequests.length).toBe(account === 'impersonating' ? 2 : 1)
  })

  test.each([
    { ssoSpelling: 'camel' },
    { exchangeReturnsRefresh: false },
    { exchangeReturnsExpiry: false },
    { accessTokenForm: 'opaque' },
  ])('keeps its login with %j, and replaces it by what it has', async (knobs) => {
    const account = 'ssoSpelling' in knobs ? 'sso' : 'impersonating'
    const from = await start({ knobs }, account)
    await all(from.dids)
    world.emulator.journal.clear()
    world.clock.advance(3_700)
    expect((await all(source(account).dids)).length).toBeGreaterThan(0)
    // Without a refresh token the exchange is made anew, with a new token of the login that acts.
    const asked = world.emulator.journal.tokenRequests.map(({ path }) => path.split('/').at(-1))
    const expected =
      account === 'sso' ? ['refresh'] : 'exchangeReturnsRefresh' in knobs ? ['token', 'token-exchange'] : ['token']
    expect(asked).toEqual(expected)
  })

  test('says that nobody may act for that person, and does not try again', async () => {
    const from = await start({}, 'noImpersonation')
    await expect(all(from.dids)).rejects.toMatchObject({
      code: 'REAUTHORIZATION_REQUIRED',
      reason: 'IMPERSONATION_DENIED',
    })
    const before = world.emulator.journal.tokenRequests.length
    await expect(all(source('noImpersonation').dids)).rejects.toMatchObject({ code: 'REAUTHORIZATION_REQUIRED' })
    expect(world.emulator.journal.tokenRequests).toHaveLength(before)
  })

  test('joins the rows of the log to the calls of the story, the same both ways and whatever the dialect', async () => {
    const from = await start()
    const newest = await calls(from)
    const oldest = await calls(source(), {}, 'ASC')
    expect(oldest.map(({ id }) => id)).toEqual(newest.map(({ id }) => id).reverse())
    expect(newest.some(({ payload }) => (payload as { items: unknown[] }).items.length > 1)).toBe(true)
    const facts = newest.map(({ payload: _, fetchedAt: __, ...told }) => told)
    await world.close()
    const now = world.emulator.clock.now()
    for (const knobs of [
      { timestampOffset: false },
      { endTimeInclusive: false },
      { links: 'absent', emptyItems: 'absent' },
      { defaultOrder: 'desc' },
      { strictQuery: true },
    ]) {
      const dialect = await start({ knobs, now })
      expect((await calls(dialect)).length).toBe(facts.length)
      await world.close()
    }
    world = await createWorld<IpexEmulator>(ipex)
  })

  test('gives each call the same values in the list, by id, and among the calls of one number', async () => {
    const from = await start({ scale: 0.1 })
    const list = await calls(from)
    const told = ({ fetchedAt: _, ...call }: CallRecord) => call
    const many = list.filter(({ payload }) => (payload as { items: unknown[] }).items.length > 2).slice(0, 3)
    for (const call of many)
      expect(told((await source().callRecords!.byId(call.providerResourceId))!)).toEqual(told(call))
    const { caller } = many.find((call) => call.caller.number !== null)!
    const expected = list.filter((call) => call.caller.number === caller.number || call.callee.number === caller.number)
    const number = caller.number as string
    const found = (await calls(source(), { numbers: [number] })).filter(
      (call) => call.caller.number === number || call.callee.number === number,
    )
    expect(found.map(told)).toEqual(expected.map(told))
  })

  test('narrows to the calls an extension took part in, faster or not', async () => {
    const from = await start({ scale: 0.1 })
    const list = await calls(from)
    const found = await calls(source(), { extensionNumbers: ['0101'] })
    expect(found.length).toBeGreaterThan(0)
    expect(found.length).toBeLessThan(list.length)
    expect(
      found.some(({ answeredByRef }) => answeredByRef?.kind === 'Extension' && answeredByRef.number !== '0101'),
    ).toBe(true)
  })

  test('reads only the days asked for', async () => {
    const from = await start()
    const list = await calls(from)
    const [late, early] = [list[5]!.startedAt, list[30]!.startedAt]
    const found = await calls(source(), { from: early, until: late })
    expect(found.map(({ id }) => id)).toEqual(
      list.filter(({ startedAt }) => startedAt >= early && startedAt < late).map(({ id }) => id),
    )
  })

  test('rebuilds the way of a call with one request, only when it is asked for', async () => {
    const from = await start()
    const [call] = (await calls(from)).filter(({ groupRefs }) => groupRefs!.length > 0)
    expect(call!.steps).toBeUndefined()
    world.emulator.journal.clear()
    const { steps } = await from.callRecords!.detail!(call!)
    expect(paths()).toEqual([`/calls/${call!.providerResourceId}/detail`])
    expect(steps!.map(({ action }) => action)).toContain('ENTER_GROUP')
    expect(steps!.map(({ sequence }) => sequence)).toEqual(steps!.map((_, index) => index))
  })

  test('finds rows that belong to no call by their own id, and tells their way without a request', async () => {
    const from = await start({ knobs: { optionalFields: false } })
    const list = await calls(from, {}, 'DESC', 20)
    expect(list.length).toBeGreaterThan(0)
    const [call] = list
    expect(await source().callRecords!.byId(call!.providerResourceId)).toMatchObject({
      id: call!.id,
      startedAt: call!.startedAt,
    })
    world.emulator.journal.clear()
    expect((await from.callRecords!.detail!(call!)).steps!.length).toBeGreaterThan(0)
    expect(paths()).toEqual([])
    expect(await source().callRecords!.byId('1412256225.1941')).toBeNull()
    expect(await source().callRecords!.byId('no such call')).toBeNull()
  })

  test.each(['absent', 'zero', 'as asked'] as const)(
    'is read to its end where a page is smaller than was asked for and its totals are %s',
    async (pageTotals) => {
      const now = Date.parse('2026-02-11T09:00:00Z')
      const idsOf = (list: readonly { readonly id: string }[]) => list.map(({ id }) => id)
      const whole = idsOf(await calls(await start({ now }), {}, 'DESC', 1_000))
      await world.close()
      const capped = await start({ now, knobs: { largestPage: 20, pageTotals } })
      expect(idsOf(await calls(capped, {}, 'DESC', 1_000))).toEqual(whole)
      expect(whole.length).toBeGreaterThan(40)
    },
  )

  test('sees a call as soon as it has ended', async () => {
    const from = await start()
    const before = await calls(from, {}, 'DESC', 1)
    const { linkedid } = world.emulator.addCall({})
    const [newest] = await calls(source(), {}, 'DESC', 1)
    expect(newest).toMatchObject({ providerResourceId: linkedid })
    expect(before[0]!.providerResourceId).not.toBe(linkedid)
  })
})
