import { afterEach, describe, expect, test } from '@jest/globals'
import fc from 'fast-check'

import { ipex } from '../../../src/providers/ipex/index.js'
import type { IpexEmulator } from '../../../src/providers/ipex/emulator/emulator.js'
import { CHANNEL_STATE, toCurrentCalls } from '../../../src/providers/ipex/map/current-calls.js'
import { cases } from '../../support/proof.js'
import { createWorld, operation, type World } from '../../support/world.js'

const ACCOUNT = { key: 'praha', country: 'CZ', timeZone: 'Europe/Prague' }
const RECEIVED_AT = '2026-02-11T08:40:00.000Z'
const read = (...channels: unknown[]) => toCurrentCalls(ACCOUNT, channels, RECEIVED_AT)

const CALL = '1770798667.501'
/** The caller's own channel, and the phones that ring for it. */
const caller = (state: string, more = {}) => ({
  ...{ callId: CALL, channelId: CALL, src: '777000111', dst: '420222333444', channel: 'PJSIP/trunk-000001f5' },
  ...{ duration: 20, user: null, direction: 'In', state, creationTime: '2026-02-11T09:39:40.000+01:00', ...more },
})
const phone = (line: string, state: string, more = {}) => ({
  ...{ callId: CALL, channelId: `1770798670.5${line}`, src: '777000111', dst: line, channel: `PJSIP/${line}-000001f6` },
  ...{ duration: 10, user: { id: 'u', login: 'novak' }, direction: 'In', state },
  ...{ creationTime: '2026-02-11T09:39:50.000+01:00', ...more },
})
const extension = (number: string) => ({ kind: 'Extension', number })

describe('the current calls of IPEX', () => {
  test('are one for each call, whatever number of channels it has', () => {
    const { calls, unreadable } = read(
      phone('0102', 'Ringing'),
      phone('0101', 'Ringing'),
      caller('Ring'),
      caller('Up', { callId: '1770798700.9', channelId: '1770798700.9', user: { id: 'u', login: 'novak' } }),
    )
    expect(calls.map(({ callId, state }) => [callId, state])).toEqual([
      [CALL, 'RINGING'],
      ['1770798700.9', 'ANSWERED'],
    ])
    expect(unreadable).toBe(0)
    expect(calls[0]).toMatchObject({
      direction: 'INBOUND',
      caller: { number: '+420777000111' },
      callee: { number: '+420222333444' },
      didRef: { kind: 'Did', number: '+420222333444' },
      startedAt: '2026-02-11T08:39:40.000Z',
      nativeState: 'Ringing',
    })
  })

  test.each(['constructor', '__proto__', 'toString', '', 'Sideways', ['In'], null])(
    'have no direction where the provider says %j',
    (direction) => {
      const { calls } = read(caller('Up', { direction }), phone('0101', 'Up', { direction }))
      expect(calls.map((call) => call.direction)).toEqual(['UNKNOWN'])
    },
  )

  test.each([
    ['nobody is up', [caller('Ring'), phone('0101', 'Ringing')], 'RINGING', '0101'],
    ['a queue took the caller, and a phone rings', [caller('Up'), phone('0101', 'Ringing')], 'RINGING', '0101'],
    ['a phone took the call', [caller('Up'), phone('0101', 'Up')], 'ANSWERED', '0101'],
    ['only the phone is listed', [phone('0101', 'Up')], 'ANSWERED', '0101'],
    [
      'one talks while another rings',
      [caller('Up'), phone('0101', 'Up'), phone('0102', 'Ringing')],
      'ANSWERED',
      '0101',
    ],
    ['only a phone is listed, and another rings', [phone('0101', 'Up'), phone('0102', 'Ringing')], 'ANSWERED', '0101'],
    ['two talk, and no user is told', [caller('Up'), phone('0101', 'Up', { user: null })], 'ANSWERED', null],
    ['a menu talks to the caller', [caller('Up')], 'UNKNOWN', null],
    ['nothing is told yet', [caller('Down')], 'UNKNOWN', null],
    ['a word is new', [caller('Parked')], 'UNKNOWN', null],
  ])('where %s', (_, channels, state, target) => {
    for (const listed of [channels, channels.toReversed()])
      expect(read(...listed).calls).toMatchObject([{ state, targetRef: target === null ? null : extension(target) }])
  })

  test('of the company and outwards are with the other side', () => {
    const out = phone('0101', 'Up', { direction: 'Out', src: '0101', dst: '112' })
    expect(read(out).calls).toMatchObject([
      { direction: 'OUTBOUND', targetRef: { kind: 'ExternalNumber', rawNumber: '112' } },
    ])
    const early = [phone('0101', 'Up', { direction: 'Out' }), caller('Ringing', { direction: 'Out' })]
    expect(read(...early).calls).toMatchObject([{ state: 'RINGING' }])
    const local = phone('0101', 'Ringing', { direction: 'Loc', src: '0101', dst: '0102' })
    expect(read(local).calls).toMatchObject([{ direction: 'INTERNAL', targetRef: extension('0102'), didRef: null }])
  })

  test.each(Object.entries(CHANNEL_STATE))('a phone whose channel is %s is %s', (state, expected) => {
    for (const written of [state, state.toUpperCase()])
      expect(read(phone('0101', written)).calls).toMatchObject([{ state: expected, nativeState: written }])
  })

  test.each([
    ['with an offset', { creationTime: '2026-02-11T09:39:40+01:00' }, '2026-02-11T08:39:40.000Z'],
    ['without one', { creationTime: '2026-02-11T09:39:40.000' }, '2026-02-11T08:39:40.000Z'],
    ['only as a duration', { creationTime: null, duration: 12.5 }, '2026-02-11T08:39:47.500Z'],
    ['only as a duration in text', { creationTime: 'now', duration: '12' }, '2026-02-11T08:39:48.000Z'],
    ['not at all', { creationTime: null, duration: null }, null],
    ['not at all, but as nonsense', { creationTime: {}, duration: 1e12 }, null],
  ])('began when it is told %s', (_, told, startedAt) => {
    expect(read(caller('Ring', told)).calls).toMatchObject([{ startedAt }])
  })

  test('of the hour that comes twice began in the later one, unless that is still to come', () => {
    const startOf = (receivedAt: string) =>
      toCurrentCalls(ACCOUNT, [caller('Ring', { creationTime: '2026-10-25T02:30:00' })], receivedAt).calls[0]!.startedAt
    expect(startOf('2026-10-25T00:35:00.000Z')).toBe('2026-10-25T00:30:00.000Z')
    expect(startOf('2026-10-25T01:35:00.000Z')).toBe('2026-10-25T01:30:00.000Z')
  })

  test('that cannot be read are counted, and cost no other', () => {
    const { calls, unreadable } = read(caller('Ring'), null, 'call', [], { ...caller('Up'), callId: null })
    expect(calls).toHaveLength(1)
    expect(unreadable).toBe(4)
  })

  test('never fail, whatever JSON they are', () => {
    const odd = fc.dictionary(fc.constantFrom(...Object.keys(caller('Up'))), fc.jsonValue())
    fc.assert(
      fc.property(
        fc.array(
          fc.oneof(
            fc.jsonValue(),
            odd.map((changes) => caller('Up', changes)),
          ),
        ),
        (channels) => {
          const { calls, unreadable } = read(...channels)
          expect(calls.length + unreadable).toBeLessThanOrEqual(channels.length)
          expect(JSON.parse(JSON.stringify(calls))).toEqual(calls)
        },
      ),
      { numRuns: cases(2_000) },
    )
  })
})

describe('an account of IPEX', () => {
  let world: World<IpexEmulator>
  afterEach(() => world.close())

  test('lists its calls in one request that is never answered from the cache', async () => {
    world = await createWorld<IpexEmulator>(ipex)
    const now = world.emulator.clock.now()
    const { linkedid } = world.emulator.addCall({ startedAt: now - 30_000, endedAt: now + 30_000 })
    const source = () => world.account('impersonating').source(operation())
    const { calls, unreadable } = await source().currentCalls!()
    expect(unreadable).toBe(0)
    expect(calls.find(({ callId }) => callId === linkedid)).toMatchObject({
      ...{ state: 'ANSWERED', nativeState: 'Up', direction: 'INBOUND', targetRef: { kind: 'Extension' } },
      startedAt: new Date(now - 30_000).toISOString(),
    })
    world.clock.advance(31)
    expect((await source().currentCalls!()).calls.map(({ callId }) => callId)).not.toContain(linkedid)
    const asked = world.emulator.journal.apiRequests.filter(({ path }) => path.endsWith('/calls/current'))
    expect(asked).toHaveLength(2)
  })
})
