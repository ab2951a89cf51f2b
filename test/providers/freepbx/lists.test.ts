import { afterEach, describe, expect, test } from '@jest/globals'

import type { FreepbxEmulator } from '../../../src/providers/freepbx/emulator/emulator.js'
import { freepbx } from '../../../src/providers/freepbx/index.js'
import type { Collection, Page } from '../../../src/providers/provider.js'
import { createWorld, newOperation, type World } from '../../../src/testing/world.js'

let world: World<FreepbxEmulator>
afterEach(() => world.close())

const start = async (knobs: object = {}) =>
  (world = await createWorld<FreepbxEmulator>(freepbx, { scale: 0.02, knobs: { ...knobs } }))
const source = () => world.account('machine').source(newOperation())
const first = async <T>(collection: Collection<T>): Promise<Page<T>> => {
  for await (const page of collection.pages({})) return page
  throw new Error('no page')
}
const codeOf = (work: Promise<unknown>) =>
  work.then(
    () => 'none',
    (error: { code: string; reason?: string }) => `${error.code} ${error.reason ?? ''}`.trim(),
  )

describe.each(['16', '17', '17fixed'])('lists of a FreePBX %s', (profile) => {
  test('are one request each, and none asks for what is an error there', async () => {
    await start({ profile, rest: 'works' })
    const { items } = await first(source().extensions!)
    expect(items.map(({ number }) => number)).toEqual([...world.emulator.tables.users.keys()].sort())
    expect((await first(source().dids!)).items).toHaveLength(world.emulator.tables.routes.length)
    const groups = await first(source().groups!)
    expect(groups.items.map(({ providerResourceId }) => providerResourceId)).toEqual([
      'ringgroup:600',
      'ringgroup:0602',
      'queue:701',
    ])
    const statuses = world.emulator.journal.apiRequests.map(({ status }) => status)
    expect(statuses).toEqual([200, 200, 200, 200])
  })

  test('take extensions by their numbers, as their ids are all the same, and keep leading zeros', async () => {
    await start({ profile })
    const { items } = await first(source().extensions!)
    expect(new Set(items.map(({ id }) => id)).size).toBe(items.length)
    expect(items[0]).toMatchObject({ number: '0101', providerResourceId: '0101' })
    const detail = await source().extensions!.detail!(items[1]!)
    expect(detail.callerIdRef).toMatchObject({ kind: 'Did', number: '+903120000061' })
  })
})

test('destinations are labels: each is what its category says, and the number before the name', async () => {
  await start()
  const { tables } = world.emulator
  const shown = [
    ['from-did-direct,0101,1', { kind: 'Extension', number: '0101', nativeType: 'Extensions' }],
    ['ext-local,vmb100,1', { kind: 'VoicemailBox', number: '100' }],
    ['ext-group,0602,1', { kind: 'Group', id: 'ringgroup:0602', number: '0602', nativeType: 'Ring Groups' }],
    ['ext-queues,701,1', { kind: 'Group', id: 'queue:701', number: '701', nativeType: 'Queues' }],
    ['ivr-1,s,1', { kind: 'AutoAttendant', id: 'ivr:Karşılama', number: null, name: 'Karşılama' }],
    [
      'app-blackhole,hangup,1',
      { kind: 'Unresolved', reason: 'UNKNOWN_TYPE', nativeType: 'Terminate Call', rawNumber: 'Hangup' },
    ],
    ['timeconditions,1,1', { kind: 'Unresolved', nativeType: 'Time Conditions', rawNumber: 'Mesai: hafta içi' }],
    ['ext-group,699,1', { kind: 'Unresolved', reason: 'NOT_FOUND', nativeType: null }],
    ['', { kind: 'Unresolved', reason: 'NOT_FOUND', nativeType: null }],
  ] as const
  tables.routes.splice(
    0,
    Infinity,
    ...shown.map(([destination], at) => ({ extension: `90312000010${at}`, cidnum: '', description: '', destination })),
  )
  const { items } = await first(source().dids!)
  expect(items.map(({ destinationRef }) => destinationRef)).toMatchObject(shown.map(([, reference]) => reference))
})

test('a pattern and the route for any number have no number; a condition for the caller is a row of its own', async () => {
  await start()
  const { items } = await first(source().dids!)
  const told = items.map(({ providerResourceId, number, rawNumber }) => [providerResourceId, number, rawNumber])
  expect(told).toContainEqual(['/', null, ''])
  expect(told).toContainEqual(['_90312000XX99/', null, '_90312000XX99'])
  expect(told).toContainEqual(['903120000061/', '+903120000061', '903120000061'])
  expect(told).toContainEqual(['903120000061/05550005001', '+903120000061', '903120000061'])
})

test('members of a ring group are extensions, and numbers outside where a # says so; commas separate as well', async () => {
  await start({ groupList: '100,0101-05551234567#-100#- 999' })
  const [group] = (await first(source().groups!)).items
  expect(group!.memberships!.map(({ member, priority }) => [priority, member])).toMatchObject([
    [1, { kind: 'Extension', number: '100' }],
    [2, { kind: 'Extension', number: '0101' }],
    [3, { kind: 'Extension', number: '05551234567', otherwise: { kind: 'ExternalNumber', number: '+905551234567' } }],
    [4, { kind: 'Extension', number: '100' }],
    [5, { kind: 'Extension', number: '999' }],
  ])
  expect(group!.memberships![4]!.member).not.toHaveProperty('otherwise')
})

test('a queue’s members are read for all queues at once, the dynamic ones too', async () => {
  await start()
  const queue = (await first(source().groups!)).items.at(-1)!
  const { memberships, countedMembers } = await source().groups!.detail!(queue)
  const { members, dynamicMembers } = world.emulator.tables.queues[0]!
  expect(memberships!.map(({ member }) => (member as { number: string }).number)).toEqual([
    ...members,
    ...dynamicMembers,
  ])
  expect(countedMembers).toBe(members.length + dynamicMembers.length)
})

test('without queues an empty answer is false, and means none', async () => {
  await start()
  ;(world.emulator.tables.queues as unknown[]).length = 0
  expect(await first(source().groups!)).toMatchObject({ unreadable: 0, totalCount: 2 })
})

test('REST that does not answer costs the queues alone, is told, and is left alone for ten minutes', async () => {
  await start({ profile: '17' })
  for (let turn = 0; turn < 20; turn += 1) {
    expect(await first(source().groups!)).toMatchObject({ unreadable: 1, items: { length: 2 } })
  }
  const rest = world.emulator.journal.apiRequests.filter(({ path }) => path.includes('/rest/'))
  expect(rest.length).toBeLessThanOrEqual(3)
  expect(world.account('machine').health().circuit).toBe('CLOSED')
})

test('a missing scope of REST is no dead token: the queues are missing, and nobody logs in again', async () => {
  await start({ allowedScopes: ['gql'] })
  await first(source().extensions!)
  const logins = world.emulator.journal.tokenRequests.length
  expect(await first(source().groups!)).toMatchObject({ unreadable: 1 })
  expect(world.emulator.journal.tokenRequests).toHaveLength(logins)
})

test.each(['16', '17'])(
  'a manager interface of %s that does not answer costs what it is needed for, and no list',
  async (profile) => {
    await start({ profile, managerInterface: false })
    const { items } = await first(source().extensions!)
    expect(items.length).toBeGreaterThan(0)
    expect(await codeOf(source().extensions!.detail!(items[0]!))).toBe('PROVIDER_BAD_RESPONSE GRAPHQL_ERROR')
  },
)

test('forwarding is where calls go that nobody takes; one costly list tells it for all', async () => {
  await start()
  const user = world.emulator.tables.users.get('100')!
  Object.assign(user, {
    noanswerDestination: 'ext-local,vmu100,1',
    busyDestination: 'ext-queues,701,1',
    chanunavailDestination: 'ivr-2,s,1',
  })
  const { items } = await first(source().extensions!)
  const here = source()
  const details = await Promise.all(items.map((item) => here.extensions!.detail!(item)))
  const at = items.findIndex(({ number }) => number === '100')
  expect(details[at]!.forwardingRules).toMatchObject([
    { condition: 'NO_ANSWER', destinationRef: { kind: 'VoicemailBox', number: '100' } },
    { condition: 'BUSY', destinationRef: { kind: 'Group', number: '701' } },
    { condition: 'UNREACHABLE', destinationRef: { kind: 'AutoAttendant', id: '2' } },
  ])
  const asked = world.emulator.journal.apiRequests.filter(({ body }) => body.includes('fetchAllExtensions'))
  expect(asked).toHaveLength(1)
})

test('no question asks for a secret, all that is read is asked by itself, and no raw has one', async () => {
  await start()
  const here = source()
  const [dids, extensions, groups] = [await first(here.dids!), await first(here.extensions!), await first(here.groups!)]
  await here.extensions!.detail!(extensions.items[0]!)
  await here.groups!.detail!(groups.items.at(-1)!)
  await here.profile()
  const calls: unknown[] = []
  for await (const page of here.callRecords!.pages({
    ...{ order: 'DESC', after: null, hint: null, expected: 50 },
    filter: {
      from: null,
      until: null,
      directions: null,
      dispositions: null,
      kinds: null,
      numbers: null,
      callerNumbers: null,
      calleeNumbers: null,
      extensionNumbers: null,
    },
  }))
    calls.push(...page.calls)
  const bodies = world.emulator.journal.apiRequests.map(({ body }) => body).filter((body) => body !== '')
  for (const body of bodies) {
    expect(body).not.toMatch(/pass|secret|pwd|\bpin\b|\bvm\b|lastdata/i)
    const { query } = JSON.parse(body) as { query: string }
    expect(query.match(/\{ \w+(\([^)]*\))? \{/g)).toHaveLength(1)
  }
  expect(bodies.length).toBeGreaterThan(5)
  expect(JSON.stringify([dids, extensions, groups, calls])).not.toMatch(/5ec2e7ca9a4f|"(password|extPassword|secret)"/)
})
