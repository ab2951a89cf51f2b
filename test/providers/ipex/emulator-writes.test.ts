import { describe, expect, test } from '@jest/globals'

import { createStory } from '../../../src/emulator/create-story.js'
import { withReceiver } from '../../emulator/receiver.js'
import { exchange, login, NOW, read, withAccess, write } from './emulated.js'

const office = createStory({ now: NOW, scale: 0.05 }).offices.prague
const [first, second] = office.extensions.filter(({ person }) => person)
const [one, two] = [first!.number, second!.number]
const queue = office.groups.find(({ kind }) => kind === 'queue')!
const menu = office.menus[0]!
const did = office.dids.find(({ state }) => state === 'active')!
const CUSTOMER = '+420600005001'

const fromLine = (line: string) => ({ fromUser: { identityType: 'line', identityValue: line } })
const invalid = (key: string, complaint: string, source = 'payload') => ({
  status: 400,
  body: {
    ...{ statusCode: 400, error: 'Bad Request', message: `child "${key}" fails because ["${key}" ${complaint}]` },
    validation: { source, keys: [key] },
  },
})

describe('POST /calls', () => {
  test('rings the phone of the user, calls the number, joins both, and leaves a record', () =>
    withReceiver(({ url }) =>
      withAccess(
        async ({ emulator, write, current }) => {
          const to = '600005001'
          const placed = await write('POST', '/calls', { to, callerId: did.number, ...fromLine(one) })
          expect(placed).toMatchObject({ status: 200, body: { callId: expect.stringMatching(/^\d{10}\.\d+$/) } })
          const { callId, channelId } = placed.body
          const states = async () => (await current()).map(({ state }) => state)
          expect(await current()).toMatchObject([
            { callId, channelId, direction: 'Out', channel: `PJSIP/${one}`, state: 'Ringing', dst: '600005001' },
          ])
          await emulator.live.advance(4_000)
          expect(await states()).toEqual(['Dialing'])
          await emulator.live.advance(2_000)
          expect(await states()).toEqual(['Ringing'])
          await emulator.live.advance(8_000)
          expect(await states()).toEqual(['Up'])
          await emulator.live.advance(63_000)
          expect(await current()).toEqual([])
          expect(emulator.live.deliveries.map(({ values }) => [values['EventName'], values['Line']])).toEqual(
            ['NewCall', 'Ringing', 'Ringing', 'Answered', 'Hangup', 'CDR'].map((name) => [name, one]),
          )
          expect(emulator.live.deliveries.every(({ values }) => values['UniqueId'] === callId)).toBe(true)
          const { body } = await read(emulator, `/calls?linkedid=${callId}`, await login(emulator))
          expect(body.items).toMatchObject([
            { line: one, way: 'Out', disposition: 'ANSWERED', duration: 74, billsec: 60, uniqueid: channelId },
          ])
        },
        { webhook: { url } },
      ),
    ))

  test('is told in full when the clock is moved at once: each thing has its own time', () =>
    withAccess(async ({ emulator, write }) => {
      const { callId } = (await write('POST', '/calls', { to: CUSTOMER, ...fromLine(one) })).body
      await emulator.live.advance(3_600_000)
      const { body } = await read(emulator, `/calls?linkedid=${callId}`, await login(emulator))
      expect(body.items).toMatchObject([{ duration: 74, billsec: 60 }])
    }))

  test('calls another line of the company, by login, and from an application that has no phone', () =>
    withAccess(async ({ emulator, write, current }) => {
      const { login: name } = (await read(emulator, `/pbx/users?exten=${Number(one)}`, await login(emulator))).body[0]
      const fromUser = { identityType: 'login', identityValue: name, outgoingQueue: queue.name }
      await write('POST', '/calls', { to: two, callerIdName: 'Plachty', fromUser })
      await write('POST', '/calls', {
        to: '00420600005001',
        fromApplication: { extenId: Number(queue.number), outRouteId: 1 },
      })
      await emulator.live.advance(7_000)
      expect(await current()).toMatchObject([
        { direction: 'Loc', src: one, dst: two, channel: `PJSIP/${two}`, state: 'Ringing' },
        { direction: 'Out', user: null, state: 'Ringing' },
      ])
    }))

  test('goes on as whoever takes it over wants', () =>
    withAccess(async ({ emulator, write, current }) => {
      await write('POST', '/calls', { to: CUSTOMER, ...fromLine(one) })
      const [call] = emulator.live.calls
      await call!.ring()
      await call!.answer()
      await emulator.live.advance(600_000)
      expect(await current()).toMatchObject([{ state: 'Up', duration: 600 }])
    }))

  test.each<[string, object, key: string, complaint: string]>([
    ['no number', fromLine(one), 'to', 'is required'],
    ['a number that is none', { to: 'Praha', ...fromLine(one) }, 'to', 'must be a phone number'],
    ['a number as a number', { to: 600005001, ...fromLine(one) }, 'to', 'must be a string'],
    ['no caller', { to: CUSTOMER }, 'fromUser', 'is required'],
    ['an unknown line', { to: CUSTOMER, ...fromLine('0999') }, 'fromUser.identityValue', 'is not known'],
    [
      'an unknown login',
      { to: CUSTOMER, fromUser: { identityType: 'login', identityValue: one } },
      ...(['fromUser.identityValue', 'is not known'] as const),
    ],
    [
      'another kind of identity',
      { to: CUSTOMER, fromUser: { identityType: 'id', identityValue: one } },
      ...(['fromUser.identityType', 'must be one of [login, line]'] as const),
    ],
    [
      "somebody else's caller id",
      { to: CUSTOMER, callerId: '910000801', ...fromLine(one) },
      'callerId',
      'is not one of the numbers',
    ],
    ['an unknown key', { to: CUSTOMER, timeout: 30, ...fromLine(one) }, 'timeout', 'is not allowed'],
    [
      'an unknown key within',
      { to: CUSTOMER, fromUser: { identityType: 'line', identityValue: one, line: one } },
      ...(['fromUser.line', 'is not allowed'] as const),
    ],
    [
      'two callers',
      { to: CUSTOMER, ...fromLine(one), fromApplication: { extenId: Number(queue.number), outRouteId: 1 } },
      ...(['fromApplication', 'conflicts with fromUser'] as const),
    ],
  ])('refuses %s, and calls nobody', (_, body, key, complaint) =>
    withAccess(async ({ emulator, write }) => {
      expect(await write('POST', '/calls', body)).toMatchObject(invalid(key, complaint))
      expect(emulator.live.calls).toEqual([])
    }),
  )
})

describe('DELETE /calls', () => {
  test.each(['callId', 'channelId', 'userId'])('ends the call that %s names, and says so in a JSON string', (key) =>
    withReceiver(({ url }) =>
      withAccess(
        async ({ emulator, write, current, userId }) => {
          const other = await emulator.live.call({ direction: 'out', from: two })
          const call = await emulator.live.call({ outside: CUSTOMER })
          await call.ring(one)
          await call.answer(one)
          const mine = (await current()).find(({ callId }) => callId === call.id)!
          const value = key === 'userId' ? await userId(one) : String(mine[key])
          expect(await write('DELETE', `/calls?${key}=${value}`)).toMatchObject({ status: 200, body: 'Call hung up' })
          expect((await current()).map(({ callId }) => callId)).toEqual([other.id])
          await emulator.live.settled()
          expect(emulator.live.deliveries.at(-1)!.values).toMatchObject({
            ...{ EventName: 'Hangup', UniqueId: call.id, Reason: 'NORMAL_CLEARING' },
          })
          await emulator.live.advance(3_000)
          const { body } = await read(emulator, `/calls?linkedid=${call.id}`, await login(emulator))
          expect(body.items).toMatchObject([{ disposition: 'ANSWERED', line: one }])
          expect(await write('DELETE', `/calls?${key}=${value}`)).toMatchObject({
            status: 404,
            body: { statusCode: 404, error: 'Not Found', message: 'Call not found' },
          })
        },
        { webhook: { url } },
      ),
    ),
  )

  test('lets the other phones of a queue ring on when one of them is named', () =>
    withAccess(async ({ emulator, write, current }) => {
      const members = queue.members.map((id) => office.extensions.find((extension) => extension.id === id)!.number)
      const call = await emulator.live.call()
      await call.enterGroup(queue.number)
      await call.ring(members[0]!, members[1]!)
      const channel = (await current()).find((entry) => entry['channel'] === `PJSIP/${members[0]}`)!
      expect((await write('DELETE', `/calls?channelId=${String(channel['channelId'])}`)).status).toBe(200)
      expect(await current()).toMatchObject([{ callId: call.id, channel: `PJSIP/${members[1]}`, state: 'Ringing' }])
    }))

  test('is the call of the user that the token acts as, when nothing is named', () =>
    withAccess(async ({ emulator, write: asCompany, current }) => {
      const call = await emulator.live.call({ outside: CUSTOMER })
      await call.ring(one)
      expect(await asCompany('DELETE', '/calls')).toMatchObject(invalid('callId', 'is required', 'query'))
      const token = (await exchange(emulator, await login(emulator), first!.person!.email)).body.access_token as string
      expect((await write(emulator, token, 'DELETE', '/calls')).status).toBe(200)
      expect(await current()).toEqual([])
    }))
})

describe('PUT /calls/transfer', () => {
  test.each([
    [{ type: 'blind' }, ['NewCall', 'Ringing', 'Answered', 'Ringing', 'Answered', 'Hangup', 'CDR'], 'Ringing'],
    [{ type: 'attended' }, ['NewCall', 'Ringing', 'Answered', 'AttendedTransfer', 'Hangup', 'CDR'], 'Up'],
    [
      { customData: 'order 4711' },
      ['NewCall', 'Ringing', 'Answered', 'Ringing', 'Answered', 'Hangup', 'CDR'],
      'Ringing',
    ],
  ])('moves the call of a user to another line: %j', (how, names, state) =>
    withReceiver(({ url }) =>
      withAccess(
        async ({ emulator, write, current, userId }) => {
          const call = await emulator.live.call({ outside: CUSTOMER })
          await call.ring(one)
          await call.answer(one)
          await emulator.live.advance(5_000)
          const moved = await write('PUT', '/calls/transfer', { to: two, userId: await userId(one), ...how })
          expect(moved).toMatchObject({ status: 200, body: 'Call transferred' })
          expect(await current()).toMatchObject([{ callId: call.id, dst: two, channel: `PJSIP/${two}`, state }])
          await emulator.live.advance(60_000)
          expect(emulator.live.deliveries.map(({ values }) => values['EventName'])).toEqual(names)
        },
        { webhook: { url } },
      ),
    ),
  )

  test.each([
    ['a queue', queue.number, queue.number],
    ['a menu', menu.number, menu.number],
    ['outside', '+420600005002', expect.stringMatching(/600005002$/)],
  ])('moves an outgoing call, too: to %s', (_, to, dst) =>
    withAccess(async ({ emulator, write, current, userId }) => {
      const call = await emulator.live.call({ direction: 'out', from: one, outside: CUSTOMER })
      await call.ring()
      await call.answer()
      expect((await write('PUT', '/calls/transfer', { to, userId: await userId(one) })).status).toBe(200)
      expect(await current()).toMatchObject([{ callId: call.id, dst }])
      await emulator.live.advance(120_000)
      const token = await login(emulator)
      const { items } = (await read(emulator, `/calls?linkedid=${call.id}`, token)).body
      expect(items[0]).toMatchObject({ line: one, way: 'Out', disposition: 'ANSWERED' })
      expect(items.length).toBeGreaterThan(1)
      const { body } = await read(emulator, `/calls/${call.id}/detail`, token)
      expect(body.map(({ eventtype }: { eventtype: string }) => eventtype)).toContain('BLINDTRANSFER')
    }),
  )

  test('takes the newest of two calls of a user, and refuses neither', () =>
    withAccess(async ({ emulator, write, current, userId }) => {
      const calls = []
      for (let count = 0; count < 2; count += 1) {
        const call = await emulator.live.call({ outside: CUSTOMER })
        await call.ring(one)
        await call.answer(one)
        calls.push(call.id)
      }
      expect((await write('PUT', '/calls/transfer', { to: two, userId: await userId(one) })).status).toBe(200)
      expect((await current()).map(({ callId, channel }) => [callId, channel])).toEqual([
        [calls[0], `PJSIP/${one}`],
        [calls[1], `PJSIP/${two}`],
      ])
    }))

  test('refuses what it cannot move, and moves nothing', () =>
    withAccess(async ({ emulator, write, current, userId }) => {
      const id = await userId(one)
      const transfer = (body: object) => write('PUT', '/calls/transfer', body)
      expect(await transfer({ to: two, userId: id })).toMatchObject({
        status: 404,
        body: { message: 'Call not found' },
      })
      const call = await emulator.live.call()
      await call.ring(one)
      expect(await transfer({ to: two, userId: id })).toMatchObject({
        status: 400,
        body: { message: 'Call is not answered' },
      })
      await call.answer(one)
      expect(await transfer({ userId: id })).toMatchObject(invalid('to', 'is required'))
      expect(await transfer({ to: '0999', userId: id })).toMatchObject(invalid('to', 'must be a phone number'))
      expect(await transfer({ to: two })).toMatchObject(invalid('userId', 'is required'))
      expect(await transfer({ to: two, userId: 'nobody' })).toMatchObject(invalid('userId', 'is not known'))
      expect(await transfer({ to: two, userId: id, callId: call.id })).toMatchObject(
        invalid('callId', 'is not allowed'),
      )
      expect(await current()).toMatchObject([{ channel: `PJSIP/${one}`, state: 'Up' }])
    }))
})
