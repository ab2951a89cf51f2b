import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'

import { ProviderError } from '../../../src/errors.js'
import { ipexWebhook } from '../../../src/providers/ipex/live.js'
import { hear } from '../../live/facts.js'
import { cases } from '../../support/proof.js'
import { callOf } from './told-rows.js'

const ACCOUNT = { key: 'praha', country: 'CZ', timeZone: 'Europe/Prague' }
const read = (body: Record<string, unknown>, keys: Record<string, string> = {}) => ipexWebhook.read(body, ACCOUNT, keys)
const factsOf = (body: Record<string, unknown>) => read(body)!
const factOf = (body: Record<string, unknown>) => {
  const facts = factsOf(body)
  expect(facts).toHaveLength(1)
  return facts[0]!
}

const CALL = '1770798667.501'
const DID = '420222333444'
const CALLER = '777000111'
const extension = (number: string) => ({ kind: 'Extension', number })

/** All documented keys, with the names they have by default. */
const incoming = (EventName: string, more: Record<string, unknown> = {}) => ({
  ...{ EventName, From: CALLER, To: DID, Line: '', Email: '', Login: '', UniqueId: CALL, Queue: '' },
  ...{ Direction: 'incoming', Reason: '', ...more },
})
const at = (Line: unknown, more = {}) => ({ Line, Email: 'novak@example.cz', Login: 'novak', ...more })

describe('the events of IPEX', () => {
  test.each([
    ['NewCall', {}, 'STARTED', null],
    ['Ringing', at('0101'), 'RINGING', extension('0101')],
    ['Answered', at('0101'), 'ANSWERED', extension('0101')],
    ['AttendedTransfer', at('0102'), 'TRANSFERRED', extension('0102')],
    ['AttendedTransfer', { To: '0102' }, 'TRANSFERRED', extension('0102')],
    ['AttendedTransfer', { To: '602111222' }, 'TRANSFERRED', { kind: 'ExternalNumber', number: '+420602111222' }],
    ['Hangup', at('0101', { Reason: 'Normal Clearing' }), 'ENDED', null],
    ['CDR', {}, 'RECORD_WRITTEN', null],
    ['ringing', at('0101'), 'RINGING', extension('0101')],
  ])('%s with %j is %s', (name, more, type, targetRef) => {
    const fact = factOf(incoming(name, more))
    expect(fact).toMatchObject({ callId: CALL, type, nativeType: name, occurredAt: null, direction: 'INBOUND' })
    if (targetRef) expect(fact.targetRef).toMatchObject(targetRef)
    else expect(fact.targetRef).toBeNull()
  })

  test.each(['AgentLogin', 'AgentLogout', 'AgentPaused', 'AgentUnPaused'])('%s is about no call', (EventName) => {
    expect(factsOf({ EventName, Login: 'novak', Email: 'novak@example.cz' })).toEqual([])
  })

  test('may have other names for their keys', () => {
    const keys = { EventName: 'udalost', From: 'caller', To: 'From', Line: 'linka', UniqueId: 'id', Direction: 'smer' }
    const renamed = { udalost: 'Ringing', caller: CALLER, From: DID, linka: '0101', id: CALL, smer: 'incoming' }
    expect(read(renamed, keys)).toEqual(read(incoming('Ringing', at('0101'))))
    expect(read(incoming('Ringing'), keys)).toBeNull()
    expect(ipexWebhook.nameOf(renamed, keys)).toBe('Ringing')
  })

  test('with a numeric line have lost its zeros, unless a side of the call has them', () => {
    expect(factOf(incoming('Ringing', at(101))).targetRef).toEqual({ ...extension('101'), zerosLost: true })
    expect(factOf(incoming('Ringing', at(101, { To: '0101' }))).targetRef).toEqual(extension('0101'))
  })

  test('within the company are one call, told to both of its sides', () => {
    const local = { From: '0101', To: '0102' }
    const { events, call, repeated } = hear([
      factsOf(incoming('NewCall', at('0101', { ...local, Direction: 'outgoingLocal' }))),
      factsOf(incoming('NewCall', at('0102', { ...local, Direction: 'incominglocal' }))),
      factsOf(incoming('Ringing', at('0102', { ...local, Direction: 'incomingLocal' }))),
      factsOf(incoming('Ringing', at('0101', { ...local, Direction: 'outgoingLocal' }))),
      factsOf(incoming('Answered', at('0102', { ...local, Direction: 'incomingLocal' }))),
      factsOf(incoming('Answered', at('0101', { ...local, Direction: 'outgoingLocal' }))),
    ])
    expect(events.map(({ type }) => type)).toEqual(['STARTED', 'RINGING', 'ANSWERED'])
    expect(repeated).toBe(3)
    expect(call).toMatchObject({
      ...{ direction: 'INTERNAL', didRef: null, targetRef: extension('0102') },
      involved: [extension('0101'), extension('0102')],
    })
  })

  test('of an outgoing call lead to the number outside, however short', () => {
    const { call } = hear([
      factsOf(incoming('NewCall', at('0101', { From: '0101', To: '112', Direction: 'outgoing', Queue: 'Prodej' }))),
    ])
    expect(call).toMatchObject({
      ...{ direction: 'OUTBOUND', state: 'RINGING' },
      targetRef: { kind: 'ExternalNumber', number: null, rawNumber: '112' },
      involved: expect.arrayContaining([extension('0101'), { kind: 'Group', name: 'Prodej' }]),
    })
  })

  test('of a queue tell that the call is in it, once', () => {
    const queue = { Queue: 'Podpora' }
    const { events, call } = hear([
      factsOf(incoming('NewCall')),
      factsOf(incoming('Ringing', at('0101', queue))),
      factsOf(incoming('Ringing', at('0102', queue))),
      factsOf(incoming('Answered', at('0102', queue))),
      factsOf(incoming('Hangup', at('0102', queue))),
    ])
    expect(events.map(({ type, inferred, nativeType }) => [type, inferred, nativeType])).toEqual([
      ['STARTED', false, 'NewCall'],
      ['ENTERED_GROUP', true, null],
      ['RINGING', false, 'Ringing'],
      ['RINGING', false, 'Ringing'],
      ['ANSWERED', false, 'Answered'],
      ['ENDED', false, 'Hangup'],
    ])
    expect(events[1]!.call).toMatchObject({ state: 'QUEUED', targetRef: { kind: 'Group', name: 'Podpora' } })
    expect(call.involved).toContainEqual({ kind: 'Group', name: 'Podpora' })
  })

  test('that come again, as they do, make no second event', () => {
    const deliveries = [
      incoming('NewCall'),
      incoming('Ringing', at('0101')),
      incoming('Answered', at('0101')),
      incoming('Hangup', at('0101')),
      incoming('CDR'),
    ].map(factsOf)
    const { events } = hear([...deliveries, ...deliveries, ...deliveries.toReversed()])
    expect(events.map(({ type }) => type)).toEqual(['STARTED', 'RINGING', 'ANSWERED', 'ENDED'])
  })
})

describe('the end of a call', () => {
  test.each([
    ['NO ANSWER', ['MISSED', 'ENDED']],
    ['no-answer', ['MISSED', 'ENDED']],
    ['BUSY', ['MISSED', 'ENDED']],
    ['Normal Clearing', ['ENDED']],
    ['', ['ENDED']],
    ['Answered Elsewhere', []],
  ])('for the reason %j is told as %j', (Reason, told) => {
    const { events } = hear([factsOf(incoming('NewCall')), factsOf(incoming('Hangup', at('0101', { Reason })))])
    expect(events.slice(1).map(({ type }) => type)).toEqual(told)
  })

  test('after an answer is no missed call, whatever its reason', () => {
    const { events } = hear([
      factsOf(incoming('Answered', at('0101'))),
      factsOf(incoming('Hangup', at('0101', { Reason: 'CANCEL' }))),
    ])
    expect(events.map(({ type }) => type)).toEqual(['ANSWERED', 'ENDED'])
  })
})

describe('a call and its record', () => {
  test.each([
    ['incoming', 'In', CALLER, DID],
    ['incoming', 'In', 'anonymous', DID],
    ['incoming', 'In', CALLER, '0101'],
    ['outgoing', 'Out', '0101', CALLER],
    ['outgoing', 'Out', DID, '112'],
    ['outgoingLocal', 'Loc', '0101', '0102'],
    ['incominglocal', 'Loc', '0101', '0102'],
    ['sideways', 'Sideways', '0101', '0102'],
  ])('%s (%s) from %s to %s have the same parties', (Direction, way, src, dst) => {
    const record = callOf({ from: 0, until: 9, way, src, dst, line: '0101' })
    const facts = ipexWebhook.read(
      incoming('NewCall', at('0101', { Direction, From: src, To: dst })),
      { key: 'brno', country: 'CZ', timeZone: 'Europe/Prague' },
      {},
    )!
    const { direction, caller, callee, didRef } = record
    expect(hear([facts]).call).toMatchObject({ direction, caller, callee, didRef })
  })
})

describe('what cannot be read', () => {
  test.each([
    [{}],
    [{ EventName: null }],
    [{ EventName: 'Parked' }],
    [{ EventName: ['NewCall'] }],
    [{ EventName: '__proto__' }],
  ])('%j is an event that nobody knows', (body) => {
    expect(read({ UniqueId: CALL, ...body })).toBeNull()
  })

  test('is named for the log, unless it is too long for a name', () => {
    expect(ipexWebhook.nameOf({ EventName: 'Parked' }, {})).toBe('Parked')
    expect(ipexWebhook.nameOf({ EventName: 'x'.repeat(500) }, {})).toBeNull()
    expect(ipexWebhook.nameOf({}, {})).toBeNull()
  })

  test.each([[undefined], [null], [''], [{}], ['x'.repeat(500)]])('the call %j is a mistake', (UniqueId) => {
    const body = incoming('NewCall', { UniqueId })
    expect(() => read(body)).toThrow(ProviderError)
    expect(() => read(body)).toThrow(/NewCall does not say of which call/)
  })

  test('costs the field that it is in', () => {
    const odd = { From: { a: 1 }, To: ['x'], Line: {}, Queue: 'q'.repeat(5_000), Direction: 'constructor' }
    expect(factOf(incoming('Ringing', odd))).toMatchObject({
      ...{ caller: null, callee: null, targetRef: null, direction: null, didRef: null, involved: [] },
    })
  })

  test('never makes it fail otherwise, whatever JSON it is', () => {
    const names = fc.constantFrom('NewCall', 'Ringing', 'Answered', 'AttendedTransfer', 'Hangup', 'CDR')
    const odd = fc.dictionary(fc.constantFrom(...Object.keys(incoming('NewCall'))), fc.jsonValue())
    fc.assert(
      fc.property(names, odd, (EventName, changes) => {
        const facts = factsOf({ ...incoming(EventName), ...changes, EventName, UniqueId: CALL })
        const events = facts.length > 0 && EventName !== 'CDR' ? hear([facts]).events : []
        expect(JSON.parse(JSON.stringify(events))).toEqual(events)
      }),
      { numRuns: cases(2_000) },
    )
  })
})
