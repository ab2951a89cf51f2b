import { describe, expect, test } from '@jest/globals'

import { createStory } from '../../../src/emulator/create-story.js'
import type { IpexEmulator } from '../../../src/providers/ipex/emulator/emulator.js'
import { withReceiver } from '../../emulator/receiver.js'
import { login, NOW, read, withEmulator } from './emulated.js'

const office = createStory({ now: NOW, scale: 0.05 }).offices.prague
const queue = office.groups.find(({ kind }) => kind === 'queue')!
const [first, second] = queue.members
  .map((id) => office.extensions.find((extension) => extension.id === id)!)
  .filter(({ person }) => person)
const [one, two] = [first!.number, second!.number]
const CUSTOMER = '+420600005001'
const values = (emulator: IpexEmulator) => emulator.live.deliveries.map((delivery) => delivery.values)
const names = (emulator: IpexEmulator) => values(emulator).map(({ EventName }) => EventName)

/** The calls under way, for whoever has logged in. */
async function currentIn(emulator: IpexEmulator) {
  const token = await login(emulator)
  return async () => (await read(emulator, '/calls/current', token)).body as Record<string, unknown>[]
}

describe('the events of a call', () => {
  test('have the keys of the documentation, in its order, and no times', () =>
    withReceiver(({ url, received }) =>
      withEmulator({ webhook: { url, basic: { username: 'hook', password: 'vltava' } } }, async (emulator) => {
        const call = await emulator.live.call({ outside: CUSTOMER })
        await call.enterGroup(queue.number)
        await call.ring(one, two)
        await emulator.live.advance(5_000)
        await call.answer(two)
        await emulator.live.advance(20_000)
        await call.hangUp()
        await emulator.live.advance(3_000)
        const user = (line: string) => {
          const { email } = office.extensions.find(({ number }) => number === line)!.person!
          return { Line: line, Email: email, Login: expect.stringContaining(email.split('@')[0]!) }
        }
        const common = {
          ...{ From: expect.stringContaining('600005001'), To: expect.any(String), Line: '', Email: '', Login: '' },
          ...{ UniqueId: call.id, Queue: '', Direction: 'incoming', Reason: '' },
        }
        expect(values(emulator)).toEqual([
          { ...common, EventName: 'NewCall' },
          { ...common, ...user(one), EventName: 'Ringing', Queue: queue.name },
          { ...common, ...user(two), EventName: 'Ringing', Queue: queue.name },
          { ...common, ...user(two), EventName: 'Answered', Queue: queue.name },
          { ...common, ...user(two), EventName: 'Hangup', Reason: 'NORMAL_CLEARING' },
          { ...common, ...user(two), EventName: 'CDR', Reason: 'NORMAL_CLEARING' },
        ])
        expect(call.id).toMatch(/^\d{10}\.\d+$/)
        expect(Object.keys(values(emulator)[0]!)).toEqual([
          ...['EventName', 'From', 'To', 'Line', 'Email', 'Login', 'UniqueId', 'Queue', 'Direction', 'Reason'],
        ])
        expect(received[0]).toMatchObject({
          contentType: 'application/json',
          authorization: `Basic ${Buffer.from('hook:vltava').toString('base64')}`,
        })
      }),
    ))

  test('have the names that were chosen, and leave out what is empty where that is set', () =>
    withReceiver(({ url }) =>
      withEmulator(
        { webhook: { url, keys: { From: 'caller', UniqueId: 'call' }, emptyKeys: 'absent' } },
        async (emulator) => {
          const { id } = await emulator.live.call({ outside: CUSTOMER })
          expect(values(emulator)).toEqual([
            {
              EventName: 'NewCall',
              caller: expect.stringContaining('600005001'),
              To: expect.any(String),
              call: id,
              Direction: 'incoming',
            },
          ])
        },
      ),
    ))

  test.each([
    ['camel', 'outgoingLocal', 'incomingLocal'],
    ['lower', 'outgoinglocal', 'incominglocal'],
  ] as const)('within the company go out of one phone and come in at another: %s', (localSpelling, out, into) =>
    withReceiver(({ url }) =>
      withEmulator({ webhook: { url, localSpelling } }, async (emulator) => {
        const call = await emulator.live.call({ direction: 'local', from: one, to: two })
        await call.ring()
        await call.answer()
        await call.hangUp('callee')
        expect(values(emulator)).toMatchObject([
          { EventName: 'NewCall', From: one, To: two, Line: one, Direction: out },
          { EventName: 'Ringing', From: one, To: two, Line: two, Direction: into },
          { EventName: 'Answered', Line: two, Direction: into },
          { EventName: 'Hangup', Line: one, Direction: out },
        ])
      }),
    ),
  )

  test('tell of an attended transfer by itself, of a blind one by its next phone', () =>
    withReceiver(({ url }) =>
      withEmulator({ webhook: { url } }, async (emulator) => {
        const call = await emulator.live.call()
        await call.ring(one)
        await call.answer()
        await call.transfer(two, { attended: true })
        await call.transfer(one)
        await call.answer(one)
        await call.hangUp()
        expect(values(emulator).map(({ EventName, Line }) => [EventName, Line])).toEqual([
          ['NewCall', ''],
          ['Ringing', one],
          ['Answered', one],
          ['AttendedTransfer', two],
          ['Ringing', one],
          ['Answered', one],
          ['Hangup', one],
        ])
      }),
    ))

  test('of phones that another was faster than are told where that is set', () =>
    withReceiver(({ url }) =>
      withEmulator({ webhook: { url, hangups: 'phones' } }, async (emulator) => {
        const call = await emulator.live.call()
        await call.enterGroup(queue.number)
        await call.ring(one, two)
        await call.answer(two)
        expect(values(emulator).slice(3)).toMatchObject([
          { EventName: 'Hangup', Line: one, Reason: 'ANSWERED_ELSEWHERE' },
          { EventName: 'Answered', Line: two },
        ])
      }),
    ))

  test('stand beside those of agents, which are of no call', () =>
    withReceiver(({ url }) =>
      withEmulator({ webhook: { url } }, async (emulator) => {
        for (const name of ['AgentLogin', 'AgentPaused', 'AgentUnPaused', 'AgentLogout'] as const)
          await emulator.agentEvent(name)
        expect(values(emulator)).toMatchObject([
          { EventName: 'AgentLogin', UniqueId: '', Direction: '', Queue: expect.stringMatching(/./) },
          { EventName: 'AgentPaused', Reason: 'Oběd' },
          { EventName: 'AgentUnPaused', Reason: '' },
          { EventName: 'AgentLogout' },
        ])
      }),
    ))
})

describe('/calls/current', () => {
  test('lists the channels of calls under way, in their states', () =>
    withEmulator({ stateInMenu: 'Up' }, async (emulator) => {
      const current = await currentIn(emulator)
      const states = async () => (await current()).map(({ state }) => state)
      const call = await emulator.live.call({ outside: CUSTOMER })
      expect(await states()).toEqual(['Ring'])
      await call.enterMenu()
      expect(await states()).toEqual(['Up'])
      await call.enterGroup(queue.number)
      await emulator.live.advance(2_000)
      await call.ring(one, two)
      expect(await states()).toEqual(['Ringing', 'Ringing'])
      await emulator.live.advance(2_000)
      await call.answer(two)
      await emulator.live.advance(6_000)
      expect(await current()).toEqual([
        {
          ...{ callId: call.id, channelId: expect.stringMatching(/^\d{10}\.\d+$/), src: '600005001', duration: 8 },
          ...{
            dst: queue.number,
            channel: `PJSIP/${two}`,
            user: { id: expect.any(String), login: expect.any(String) },
          },
          ...{ direction: 'In', state: 'Up', creationTime: '2026-02-11T16:00:02.000+01:00' },
        },
      ])
      await call.hangUp()
      expect(await current()).toEqual([])
    }))

  test('has the caller of a queue in it while no phone rings', () =>
    withEmulator({}, async (emulator) => {
      const current = await currentIn(emulator)
      const call = await emulator.live.call()
      await call.enterGroup(queue.number)
      await call.ring(one)
      await call.silence(one)
      expect(await current()).toMatchObject([{ callId: call.id, user: null, state: 'Ringing' }])
    }))

  test('has outgoing calls dialling, then ringing, then up; internal ones begin down', () =>
    withEmulator({}, async (emulator) => {
      const current = await currentIn(emulator)
      const states = async () => (await current()).map(({ direction, state }) => `${direction} ${state}`)
      const out = await emulator.live.call({ direction: 'out', from: one })
      await emulator.live.call({ direction: 'local', from: one, to: two })
      expect(await states()).toEqual(['Out Dialing', 'Loc Down'])
      await out.ring()
      expect(await states()).toEqual(['Out Ringing', 'Loc Down'])
      await out.answer()
      expect(await states()).toEqual(['Out Up', 'Loc Down'])
    }))

  test.each([
    [{ creationTime: 'utc' }, '2026-02-11T15:00:00.000Z'],
    [{ timestampOffset: false }, '2026-02-11T16:00:00.000'],
    [{ creationTime: 'absent' }, undefined],
  ])('writes its times as the knobs say: %j', (knobs, expected) =>
    withEmulator(knobs, async (emulator) => {
      const current = await currentIn(emulator)
      await emulator.live.call()
      expect((await current())[0]!['creationTime']).toBe(expected)
    }),
  )

  test('has entries that nobody can read where a knob says so', () =>
    withEmulator({ unreadableCurrentCalls: 2 }, async (emulator) => {
      const current = await currentIn(emulator)
      await emulator.live.call()
      expect((await current()).slice(1)).toEqual([{ state: 'Up', direction: 'In' }, 'PJSIP/0101'])
    }))
})

describe('the record of a call that was under way', () => {
  test('is in the log some time after its end, with the channels that were listed', () =>
    withEmulator({ recordDelayMs: 5_000, rowIds: 'text' }, async (emulator) => {
      const token = await login(emulator)
      const current = await currentIn(emulator)
      const call = await emulator.live.call({ outside: CUSTOMER, recording: 'yes' })
      await call.enterGroup(queue.number)
      await call.ring(one, two)
      await emulator.live.advance(3_000)
      const channels = new Map((await current()).map(({ channel, channelId }) => [channel, channelId]))
      await call.answer(one)
      await emulator.live.advance(9_000)
      await call.hangUp('callee')
      const rows = async () => (await read(emulator, `/calls?linkedid=${call.id}`, token)).body.items
      await emulator.live.advance(4_999)
      expect(await rows()).toEqual([])
      await emulator.live.advance(1)
      const found = await rows()
      expect(found).toHaveLength(2)
      expect(found.find(({ line }: { line: string }) => line === one)).toMatchObject({
        ...{ disposition: 'ANSWERED', billsec: 9, duration: 12, calldate: '2026-02-11T16:00:00.000+01:00' },
        ...{ uniqueid: channels.get(`PJSIP/${one}`), filename: expect.stringContaining(one) },
      })
      expect(found.find(({ line }: { line: string }) => line === two)).toMatchObject({
        ...{ disposition: 'NO ANSWER', hangupcause: 'ANSWERED_ELSEWHERE', uniqueid: channels.get(`PJSIP/${two}`) },
      })
      const { body } = await read(emulator, `/calls/${call.id}/detail`, token)
      expect(body.map(({ eventtype }: { eventtype: string }) => eventtype)).toContain('QUEUE_ENTER')
    }))

  test('of every made-up call tells what its events and its channels told', () =>
    withReceiver(({ url }) =>
      withEmulator({ webhook: { url, agents: true }, rowIds: 'text' }, async (emulator) => {
        const token = await login(emulator)
        const current = await currentIn(emulator)
        const listed = new Map<unknown, Set<unknown>>()
        emulator.live.start({ callsPerMinute: 20, speed: 2 })
        for (let step = 0; step < 60; step += 1) {
          await emulator.live.advance(5_000)
          for (const { callId, channelId } of await current())
            listed.set(callId, new Set([...(listed.get(callId) ?? []), channelId]))
        }
        emulator.live.stop()
        await emulator.live.advance(1_800_000)
        expect(await current()).toEqual([])
        const told = values(emulator)
        const idsIn = (name: string) =>
          told.filter(({ EventName }) => EventName === name).map(({ UniqueId }) => UniqueId)
        expect(idsIn('NewCall').length).toBeGreaterThan(50)
        expect(idsIn('Hangup').sort()).toEqual(idsIn('NewCall').sort())
        expect(idsIn('CDR').sort()).toEqual(idsIn('NewCall').sort())
        expect(names(emulator)).toContain('AgentPaused')
        expect(names(emulator)).toContain('AgentUnPaused')
        for (const id of idsIn('NewCall')) {
          const rows: Record<string, unknown>[] = (
            await read(emulator, `/calls?linkedid=${String(id)}&startTime=2026-02-11T00:00:00Z`, token)
          ).body.items
          const events = told.filter(({ UniqueId }) => UniqueId === id)
          expect(rows.every(({ src }) => src === events[0]!['From'])).toBe(true)
          const answered = events
            .filter(({ EventName, Line }) => EventName === 'Answered' && Line !== '')
            .map(({ Line }) => Line)
          // A fax machine has no line.
          const talked = rows.filter(({ userAnswered, line }) => userAnswered === true && line !== '')
          expect(answered).toEqual(expect.arrayContaining(talked.map(({ line }) => line)))
          const channels = rows.map(({ uniqueid }) => uniqueid)
          expect(channels).toEqual(expect.arrayContaining([...(listed.get(id) ?? [])]))
        }
      }),
    ))
})
