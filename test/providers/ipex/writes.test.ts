import { afterEach, describe, expect, test } from '@jest/globals'

import type { Did } from '../../../src/model/did.js'
import type { Extension } from '../../../src/model/extension.js'
import type { Group } from '../../../src/model/group.js'
import type { IpexEmulator } from '../../../src/providers/ipex/emulator/emulator.js'
import { ipex } from '../../../src/providers/ipex/index.js'
import type { CurrentCall } from '../../../src/providers/live.js'
import type { Source } from '../../../src/providers/provider.js'
import type { ExtensionInput, ForwardingInput, WriteProblem } from '../../../src/providers/writes.js'
import { createWorld, operation, type World, type WorldOptions } from '../../support/world.js'
import { listOf, naming, written } from '../written.js'

let world: World<IpexEmulator>
afterEach(() => world.close())

interface Office {
  /** A new operation at each look, as each mutation has one. */
  readonly source: Source
  /** Lines of people. */
  readonly lines: readonly Extension[]
  /** A line of an application. */
  readonly nobodys: Extension
  readonly queue: Group
  readonly did: Did
}

async function open(options: WorldOptions = {}): Promise<Office> {
  world = await createWorld<IpexEmulator>(ipex, options)
  const account = world.account('password')
  const source = account.source(operation())
  const lines = await listOf(source.extensions)
  const office = {
    get source() {
      return account.source(operation())
    },
    lines: lines.filter(({ ownerId }) => ownerId != null),
    nobodys: lines.find(({ ownerId }) => ownerId == null)!,
    queue: (await listOf(source.groups))[0]!,
    did: (await listOf(source.dids))[0]!,
  }
  world.emulator.journal.clear()
  return office
}

/** Of the company, as the emulator has it. */
const PBX = 71
const NUMBER = '+420600005001'
const requests = () => world.emulator.journal.lines().map((line) => line.replace('/ipbxapi', ''))
const writes = () => written(world.emulator).map(([line, body]) => [line.replace('/ipbxapi', ''), body])
const queries = () => world.emulator.journal.apiRequests.map(({ query }) => query)
const fieldsOf = (problems: readonly WriteProblem[]) =>
  problems.map(({ code, field }) => `${code} ${field?.join('.') ?? '-'}`)
const answerOnce = (path: RegExp, body: unknown) =>
  world.emulator.faults.next({ method: 'GET', path, status: 200, body: JSON.stringify(body) })

async function queueNumber({ source, queue }: Office): Promise<string> {
  const { internalNumber } = await source.groups!.detail!(queue)
  world.emulator.journal.clear()
  return internalNumber!
}

describe('changing the forwarding of a line', () => {
  const updateOf = ({ source }: Office) => source.writes!.extensions!.update!
  const readyTo = (office: Office, forwarding: ExtensionInput['forwarding'], extension = office.lines[0]!) => ({
    input: { forwarding },
    named: naming(office.queue, office.did, ...office.lines),
    extension,
  })
  const rulesOf = async ({ source, lines }: Office) => (await source.extensions!.detail!(lines[0]!)).forwardingRules

  test.each<[string, (office: Office) => ForwardingInput, (office: Office) => unknown]>([
    ['a line', ({ lines }) => ({ condition: 'ALWAYS', extensionId: lines[1]!.id }), ({ lines }) => lines[1]!.number],
    ['a queue', ({ queue }) => ({ condition: 'UNKNOWN', groupId: queue.id }), queueNumber],
    ['a number outside', () => ({ condition: 'ALWAYS', externalNumber: NUMBER }), () => '420600005001'],
    ['a number abroad', () => ({ condition: 'ALWAYS', externalNumber: '+12025550123' }), () => '12025550123'],
  ])('to %s is one request to the active profile, which says nothing else', async (_to, ruleOf, numberOf) => {
    const office = await open()
    const fwdNum = await numberOf(office)
    const update = updateOf(office)
    const ready = readyTo(office, [ruleOf(office)])
    expect(update.mistakes!(ready.input)).toEqual([])
    expect(await update.check!(ready)).toEqual([])
    expect(await update.look!(ready)).toBeNull()
    world.emulator.journal.clear()
    expect(await update.send(ready)).toEqual({})
    expect(writes()).toEqual([[expect.stringMatching(/^PUT \/profiles\/\d+$/), { fwd: 'another', fwdNum }]])
    expect(requests()).toHaveLength(1)
    expect(await update.look!(ready)).toEqual({})
    expect(await rulesOf(office)).toHaveLength(1)
  })

  test.each([[[]], [null]])('to %j is one request that says none', async (forwarding) => {
    const office = await open()
    const there = readyTo(office, [{ condition: 'ALWAYS', externalNumber: NUMBER }])
    await updateOf(office).send(there)
    const ready = readyTo(office, forwarding)
    const update = updateOf(office)
    expect(await update.check!(ready)).toEqual([])
    expect(await update.look!(ready)).toBeNull()
    world.emulator.journal.clear()
    await update.send(ready)
    expect(writes()).toEqual([[expect.stringMatching(/^PUT \/profiles\//), { fwd: 'none' }]])
    expect(await update.look!(ready)).toEqual({})
    expect(await rulesOf(office)).toEqual([])
    expect(await update.look!(there)).toBeNull()
  })

  test('is checked at the profiles of this moment, whatever was read before', async () => {
    const office = await open()
    const { source } = office
    await source.extensions!.detail!(office.lines[0]!)
    const ready = readyTo(office, [])
    const profile = (active: boolean) => ({ id: 1, name: 'a', active, params: { fwd: 'none', fwdNum: null } })
    for (const [profiles, problems] of [
      [[profile(false)], ['CONFLICT forwarding']],
      [[], ['CONFLICT forwarding']],
      [[profile(true), profile(true)], ['CONFLICT forwarding']],
      [[profile(false), profile(true)], []],
    ] as const) {
      answerOnce(/profiles/, profiles)
      expect(fieldsOf(await source.writes!.extensions!.update!.check!(ready))).toEqual(problems)
    }
  })

  test('is refused for a line of nobody', async () => {
    const office = await open()
    const ready = readyTo(office, [{ condition: 'ALWAYS', externalNumber: NUMBER }], office.nobodys)
    expect(await updateOf(office).check!(ready)).toEqual([
      { code: 'INVALID', field: ['forwarding'], message: expect.stringContaining(office.nobodys.number) },
    ])
    expect(await updateOf(office).look!(ready)).toBeNull()
    expect(requests()).toEqual([])
  })

  test('is refused where IPEX would send the call elsewhere', async () => {
    const office = await open()
    const emergency = { ...office.lines[1]!, number: '112' }
    const numberless = { ...office.queue, internalNumber: null }
    const problemsOf = async (rule: ForwardingInput) => {
      const { named, ...ready } = readyTo(office, [rule])
      const objects = new Map([...named, [emergency.id, emergency], [numberless.id, numberless]])
      return fieldsOf(await updateOf(office).check!({ ...ready, named: objects }))
    }
    expect(await problemsOf({ condition: 'ALWAYS', extensionId: emergency.id })).toEqual([
      'INVALID forwarding.0.extensionId',
    ])
    expect(await problemsOf({ condition: 'ALWAYS', groupId: numberless.id })).toEqual(['INVALID forwarding.0.groupId'])
    expect(await problemsOf({ condition: 'ALWAYS', groupId: office.lines[1]!.id })).toEqual([
      'NOT_FOUND forwarding.0.groupId',
    ])
    expect(writes()).toEqual([])
  })

  test('says everything that is wrong at once, and asks nobody', async () => {
    const update = updateOf(await open())
    expect(fieldsOf(update.mistakes!({}))).toEqual(['INVALID -'])
    const forwarding: ForwardingInput[] = [
      { condition: 'UNREACHABLE', extensionId: 'a', groupId: 'b' },
      { condition: 'BUSY' },
    ]
    expect(fieldsOf(update.mistakes!({ forwarding }))).toEqual([
      'INVALID forwarding.0.condition',
      'INVALID forwarding.0.groupId',
      'INVALID forwarding.1',
      'INVALID forwarding.1.condition',
      'INVALID forwarding.1',
    ])
    expect(requests()).toEqual([])
  })

  test('is seen in the profiles of this moment, whatever was read before', async () => {
    const office = await open()
    const { source } = office
    await source.extensions!.detail!(office.lines[0]!)
    const params = { hasForward: true, fwd: 'another', fwdNum: '00420600005001' }
    answerOnce(/profiles/, [{ id: 1, name: 'a', active: true, params }])
    const ready = readyTo(office, [{ condition: 'ALWAYS', externalNumber: NUMBER }])
    expect(await source.writes!.extensions!.update!.look!(ready)).toEqual({})
  })

  test('whose answer is lost is seen in the profiles', async () => {
    const office = await open()
    const update = updateOf(office)
    const ready = readyTo(office, [{ condition: 'ALWAYS', externalNumber: NUMBER }])
    await update.check!(ready)
    world.emulator.faults.next({ method: 'PUT', reset: 'afterProcessing' })
    await expect(update.send(ready)).rejects.toMatchObject({ reason: 'OUTCOME_UNKNOWN' })
    expect(await update.look!(ready)).toEqual({})
  })
})

describe('placing a call', () => {
  const originateOf = ({ source }: Office) => source.writes!.calls!.originate!
  const readyFrom = (office: Office, more = {}) => ({
    input: { fromExtensionId: office.lines[0]!.id, to: NUMBER, ...more },
    named: naming(office.queue, office.did, ...office.lines),
  })

  test('is one request, and its answer has the call', async () => {
    const office = await open()
    const originate = originateOf(office)
    const ready = readyFrom(office)
    expect(originate.mistakes!(ready.input)).toEqual([])
    expect(await originate.check!(ready)).toEqual([])
    world.emulator.journal.clear()
    const { callId } = await originate.send(ready)
    const fromUser = { identityType: 'line', identityValue: office.lines[0]!.number }
    expect(writes()).toEqual([['POST /calls', { to: '420600005001', fromUser }]])
    expect([requests(), queries()]).toEqual([['POST /calls'], [{}]])
    expect(world.emulator.live.calls.map(({ id }) => id)).toEqual([callId])
  })

  test('shows the number of ours as the list spells it', async () => {
    const office = await open()
    const ready = readyFrom(office, { callerIdDidId: office.did.id })
    await originateOf(office).send(ready)
    expect(writes()[0]![1]).toMatchObject({ callerId: office.did.rawNumber })
    expect(world.emulator.live.calls.map(({ told }) => told.did)).toEqual([office.did.number])
  })

  test('whose answer is lost is found among the calls that were not there before', async () => {
    const office = await open()
    const originate = originateOf(office)
    const ready = readyFrom(office)
    // The same line talks to the same number already.
    await world.emulator.live.call({ direction: 'out', from: office.lines[0]!.number, outside: NUMBER })
    expect(await originate.check!(ready)).toEqual([])
    expect(await originate.look!(ready)).toBeNull()
    await world.emulator.live.call({ direction: 'out', from: office.lines[1]!.number, outside: NUMBER })
    await world.emulator.live.call({ direction: 'out', from: office.lines[0]!.number, outside: '+420600005002' })
    expect(await originate.look!(ready)).toBeNull()
    world.emulator.faults.next({ method: 'POST', path: /calls/, reset: 'afterProcessing' })
    await expect(originate.send(ready)).rejects.toMatchObject({ reason: 'OUTCOME_UNKNOWN' })
    const [, , , placed] = world.emulator.live.calls
    expect(await originate.look!(ready)).toEqual({ callId: placed!.id })
  })

  test('cannot be told from another of the same line to the same number', async () => {
    const office = await open()
    const originate = originateOf(office)
    const ready = readyFrom(office)
    await originate.check!(ready)
    await originate.send(ready)
    await originate.send(ready)
    expect(await originate.look!(ready)).toBeNull()
    // Of this one nobody knows what was there before.
    expect(await originate.look!(readyFrom(office))).toBeNull()
  })

  test('needs no list of the calls under way', async () => {
    const office = await open()
    const originate = originateOf(office)
    const ready = readyFrom(office)
    world.emulator.faults.next({ path: /current/, status: 403 })
    expect(await originate.check!(ready)).toEqual([])
    expect(await originate.send(ready)).toEqual({ callId: expect.any(String) })
    expect(await originate.look!(ready)).toBeNull()
  })

  test('says everything that is missing or wrong at once, and asks nobody', async () => {
    const office = await open()
    const originate = originateOf(office)
    expect(fieldsOf(originate.mistakes!({ to: '600' }))).toEqual(['INVALID -', 'INVALID to'])
    expect(requests()).toEqual([])
    const swapped = readyFrom(office, { fromExtensionId: office.did.id, callerIdDidId: office.queue.id })
    expect(fieldsOf(await originate.check!(swapped))).toEqual(['NOT_FOUND fromExtensionId', 'NOT_FOUND callerIdDidId'])
  })

  test('names the switchboard where one is configured, as no other write does', async () => {
    const office = await open()
    Object.assign(world.emulator.accounts, { chosen: { ...world.emulator.accounts.password, options: { pbxId: PBX } } })
    const ours = { ...office, source: world.account('chosen').source(operation()) }
    const { callId } = await originateOf(ours).send(readyFrom(office))
    await ours.source.writes!.calls!.hangUp!.send({ call: { callId } as CurrentCall })
    expect([writes().map(([line]) => line), queries()]).toEqual([
      ['POST /calls', 'DELETE /calls'],
      [{ pbxId: String(PBX) }, { callId }],
    ])
  })
})

/** An incoming call that a phone has answered, as the list of calls under way has it. */
async function talkOf(office: Office, line = office.lines[0]!): Promise<CurrentCall> {
  const live = await world.emulator.live.call({ outside: '+420777000111' })
  await live.ring(line.number)
  await live.answer(line.number)
  return currentCall(office, live.id)
}

async function currentCall({ source }: Office, id: string): Promise<CurrentCall> {
  const { calls } = await source.currentCalls!()
  world.emulator.journal.clear()
  return calls.find(({ callId }) => callId === id)!
}

describe('moving a call', () => {
  const transferOf = ({ source }: Office) => source.writes!.calls!.transfer!
  const readyTo = (office: Office, call: CurrentCall, input: object) => ({
    input,
    named: naming(office.queue, ...office.lines),
    call,
  })

  test.each<[string, (office: Office) => object, (office: Office) => unknown]>([
    ['a line', ({ lines }) => ({ toExtensionId: lines[1]!.id }), ({ lines }) => lines[1]!.number],
    ['a queue', ({ queue }) => ({ toGroupId: queue.id }), queueNumber],
    ['a number outside', () => ({ toNumber: NUMBER }), () => '420600005001'],
  ])('to %s is one request that names its user', async (_to, inputOf, numberOf) => {
    const office = await open()
    const to = await numberOf(office)
    const call = await talkOf(office)
    const transfer = transferOf(office)
    const ready = readyTo(office, call, inputOf(office))
    expect(transfer.mistakes!(ready.input)).toEqual([])
    expect(await transfer.check!(ready)).toEqual([])
    expect(await transfer.look!(ready)).toBeNull()
    world.emulator.journal.clear()
    expect(await transfer.send(ready)).toEqual({})
    expect(writes()).toEqual([['PUT /calls/transfer', { to, userId: office.lines[0]!.ownerId }]])
    expect(requests()).toHaveLength(1)
    expect(await transfer.look!(ready)).toEqual({})
  })

  test('is refused where the user has another call, which would be moved instead', async () => {
    const office = await open()
    const call = await talkOf(office)
    await talkOf(office)
    const ready = readyTo(office, call, { toNumber: NUMBER })
    expect(await transferOf(office).check!(ready)).toEqual([
      { code: 'CONFLICT', field: null, message: expect.stringContaining('several') },
    ])
    expect(writes()).toEqual([])
  })

  test('is refused for a call that is over, that no user is in, or that several are', async () => {
    const office = await open()
    const over = await talkOf(office)
    await world.emulator.live.calls[0]!.hangUp()
    const fresh = await world.emulator.live.call({ outside: '+420777000111' })
    const nobodys = await currentCall(office, fresh.id)
    const ringing = await world.emulator.live.call({ outside: '+420777000112' })
    await ringing.enterGroup()
    await ringing.ring(office.lines[0]!.number, office.lines[1]!.number)
    const two = await currentCall(office, ringing.id)
    for (const call of [over, nobodys, two]) {
      const problems = await transferOf(office).check!(readyTo(office, call, { toNumber: NUMBER }))
      expect(fieldsOf(problems)).toEqual(['CONFLICT -'])
    }
    expect(writes()).toEqual([])
  })

  test('is that of the user who talks, whatever other phones ring', async () => {
    const office = await open()
    const call = await talkOf(office)
    const channel = { callId: call.callId, src: '777000111', direction: 'In' }
    const [talks, rings] = office.lines.map(({ ownerId }) => ({ id: ownerId, login: 'x' }))
    answerOnce(/current/, [
      { ...channel, state: 'Ringing', user: rings },
      { ...channel, state: 'Up', user: talks },
    ])
    const transfer = transferOf(office)
    const ready = readyTo(office, call, { toNumber: NUMBER })
    expect(await transfer.check!(ready)).toEqual([])
    await transfer.send(ready)
    expect(writes()).toEqual([['PUT /calls/transfer', { to: '420600005001', userId: talks!.id }]])
  })

  test('is checked at the calls of this moment, whatever was read before', async () => {
    const office = await open()
    const call = await talkOf(office)
    const { source } = office
    await source.currentCalls!()
    await world.emulator.live.calls[0]!.hangUp()
    const problems = await source.writes!.calls!.transfer!.check!(readyTo(office, call, { toNumber: NUMBER }))
    expect(fieldsOf(problems)).toEqual(['CONFLICT -'])
  })

  test('says everything that is wrong at once, the target and the call', async () => {
    const office = await open()
    const transfer = transferOf(office)
    expect(fieldsOf(transfer.mistakes!({}))).toEqual(['INVALID -'])
    expect(fieldsOf(transfer.mistakes!({ toExtensionId: 'a', toGroupId: 'b', toNumber: '0600' }))).toEqual([
      'INVALID toGroupId',
      'INVALID toNumber',
      'INVALID toNumber',
    ])
    expect(requests()).toEqual([])
    const call = await talkOf(office)
    await world.emulator.live.calls[0]!.hangUp()
    const ready = readyTo(office, call, { toGroupId: office.lines[1]!.id })
    expect(fieldsOf(await transferOf(office).check!(ready))).toEqual(['NOT_FOUND toGroupId', 'CONFLICT -'])
    expect(await transferOf(office).look!(ready)).toBeNull()
  })
})

describe('ending a call', () => {
  const hangUpOf = ({ source }: Office) => source.writes!.calls!.hangUp!

  test('is one request that names the call, after which it is gone', async () => {
    const office = await open()
    const call = await talkOf(office)
    const other = await talkOf(office, office.lines[1])
    expect(await hangUpOf(office).look!({ call })).toBeNull()
    world.emulator.journal.clear()
    expect(await hangUpOf(office).send({ call })).toEqual({})
    expect(writes()).toEqual([['DELETE /calls', null]])
    expect([requests().length, queries()]).toEqual([1, [{ callId: call.callId }]])
    expect(await hangUpOf(office).look!({ call })).toEqual({})
    expect(await hangUpOf(office).look!({ call: other })).toBeNull()
  })

  test('is not believed where an entry that cannot be read may be it', async () => {
    const office = await open()
    const call = await talkOf(office)
    answerOnce(/current/, [{ state: 'Up' }])
    expect(await hangUpOf(office).look!({ call })).toBeNull()
    answerOnce(/current/, [])
    expect(await hangUpOf(office).look!({ call })).toEqual({})
  })
})

test('lines are not made or removed', async () => {
  const { extensions } = (await open()).source.writes!
  expect([extensions!.create, extensions!.delete]).toEqual([undefined, undefined])
})

test.each([
  [{ statusCode: 400, error: 'Bad Request', message: 'Call is not answered' }, 'Call is not answered'],
  [
    { message: 'child "to" fails', validation: { source: 'payload', keys: ['to', 'userId'] } },
    'child "to" fails (to, userId)',
  ],
  [{ validation: { keys: ['to'] } }, 'to'],
  [{ error: 'Forbidden' }, null],
  ['<html>', null],
])('a refusal with the body %j says %j', async (answer, said) => {
  expect((await open()).source.writes!.said(answer)).toBe(said)
})
