import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'

import { ProviderError } from '../../../src/errors.js'
import { toCallRecord } from '../../../src/providers/bulutfon/map/call-record.js'
import { bulutfonWebhook } from '../../../src/providers/bulutfon/live.js'
import { hear } from '../../live/facts.js'
import { cases } from '../../support/proof.js'

const ACCOUNT = { key: 'istanbul', country: 'TR', timeZone: 'Europe/Istanbul' }
const read = (body: Record<string, unknown>) => bulutfonWebhook.read(body, ACCOUNT, {})
/** The only fact of a delivery. */
const factOf = (body: Record<string, unknown>) => {
  const facts = read(body)!
  expect(facts).toHaveLength(1)
  return facts[0]!
}

const UUID = 'f615986c-2001-11e5-bdee-6599352d46ce'
/** What the documentation's samples have in common; all its events happen at one moment. */
const COMMON = {
  domain_id: 1234,
  account_id: 5678,
  caller: 905320000000,
  callee: 908508850000,
  uuid: UUID,
  direction: 'IN',
  timestamp: 1435762851086820,
}
const HANGUP = {
  event_type: 'call_hangup',
  caller: 905320000000,
  callee: 908508850000,
  uuid: UUID,
  timestamp: 1614261582000000,
  direction: 'IN',
  talk_duration: 35,
  hangup_cause: 'NORMAL_CLEARING',
  hangup_detail: 'send_bye',
  result_disposition: 'SUCCESS',
  cdr_url: 'https://oim.bulutfon.com/account/pbx/call-records/2021/02/25/' + UUID,
  cdr_api_url: 'https://api.bulutfon.com/v2/cdr/2021/02/25/' + UUID,
}
const RECORD = {
  uuid: UUID,
  bf_calltype: 'voice',
  bf_direction: 'IN',
  bf_caller: 905320000000,
  bf_callee: 908508850000,
  call_time: '2015-07-01T18:00:51+03:00',
  answer_time: '2015-07-01T18:00:52+03:00',
  hangup_time: '2015-07-01T18:00:55+03:00',
  call_record: false,
  hangup_cause: 'NORMAL_CLEARING',
  sip_hangup_disposition: 'recv_bye',
  callflow: [{ callee: 908508850000, start_time: '2015-07-01T18:00:51+03:00', redirection: 'REDIRECTED_TO_MENU' }],
}
/** Until July 2020, with the whole record. */
const OLD_HANGUP = {
  event_type: 'call_hangup',
  uuid: UUID,
  timestamp: 1435762855286302,
  hangup_cause: 'NORMAL_CLEARING',
  direction: 'IN',
  cdr: RECORD,
}

describe('the events of Bulutfon', () => {
  test.each([
    [{ event_type: 'call_init' }, 'STARTED', null],
    [{ event_type: 'fax_init' }, 'STARTED', null],
    [{ event_type: 'missing_call' }, 'MISSED', null],
    [{ event_type: 'incoming_call_extension', destination: 1000 }, 'RINGING', { kind: 'Extension', number: '1000' }],
    [{ event_type: 'call_init_extension', destination: '1000' }, 'RINGING', { kind: 'Extension', number: '1000' }],
    [{ event_type: 'incoming_call_group', destination: 111 }, 'ENTERED_GROUP', { kind: 'Group', number: '111' }],
    [{ event_type: 'call_init_group', destination: 111 }, 'ENTERED_GROUP', { kind: 'Group', number: '111' }],
    [
      { event_type: 'call_init_menu', destination: 10 },
      'ENTERED_MENU',
      { kind: 'AutoAttendant', id: '10', number: '10', name: null },
    ],
    [
      { event_type: 'call_init_manu', destination: '10' },
      'ENTERED_MENU',
      { kind: 'AutoAttendant', id: '10', number: '10', name: null },
    ],
  ])('%j is %s', (event, type, targetRef) => {
    expect(factOf({ ...COMMON, ...event })).toMatchObject({
      callId: UUID,
      type,
      targetRef,
      occurredAt: '2015-07-01T15:00:51.086Z',
      nativeType: event.event_type,
      direction: 'INBOUND',
      caller: { number: '+905320000000', rawNumber: '905320000000', endpointRef: null },
      didRef: { kind: 'Did', rawNumber: '908508850000' },
    })
  })

  test('are the same as a form, whose fields are all text', () => {
    for (const body of [{ ...COMMON, event_type: 'incoming_call_extension', destination: 1000 }, HANGUP]) {
      const form = Object.fromEntries(
        new URLSearchParams(Object.entries(body).map(([key, value]) => [key, `${value}`])),
      )
      expect(read(form)).toEqual(read(body))
    }
  })

  test.each([
    ['call_init_extension', 'incoming_call_extension'],
    ['call_init_group', 'incoming_call_group'],
    ['call_init_manu', 'call_init_menu'],
    ['CALL_INIT', 'call_init'],
  ])('%s and %s are one event', (one, other) => {
    const [first, second] = [one, other].map((event_type) => factOf({ ...COMMON, event_type, destination: 1000 }))
    expect(first!.key).toBe(second!.key)
    expect(hear([[first!], [second!]])).toMatchObject({ repeated: 1, events: [{}] })
  })

  test('at one moment, as the samples have them, are one call in its order', () => {
    const { events, call } = hear([
      ['missing_call', 'incoming_call_extension', 'incoming_call_group', 'call_init_menu', 'call_init'].flatMap(
        (event_type, index) => read({ ...COMMON, event_type, destination: [0, 1000, 111, 10, 0][index] })!,
      ),
    ])
    expect(events.map(({ type }) => type)).toEqual(['STARTED', 'ENTERED_MENU', 'ENTERED_GROUP', 'RINGING', 'MISSED'])
    expect(call).toMatchObject({ state: 'RINGING', targetRef: { kind: 'Extension', number: '1000' } })
  })

  test('that an API started are read like any other, and nothing of their data is kept', () => {
    const started = { autodial: true, additional_data: 'order 4711', callback_url: 'https://shop.example/hook' }
    const plain = { ...COMMON, direction: 'OUT', event_type: 'call_init' }
    expect(read({ ...plain, ...started })).toEqual(read(plain))
    expect(read({ ...plain, autodial: 'true', additional_data: null, callback_url: null })).toEqual(read(plain))
  })

  test('of outgoing and internal calls tell whom they ring', () => {
    const out = factOf({ ...COMMON, event_type: 'call_init', direction: 'OUT', caller: 908508850000, callee: 112 })
    expect(out).toMatchObject({
      direction: 'OUTBOUND',
      targetRef: { kind: 'ExternalNumber', number: null, rawNumber: '112' },
      didRef: { kind: 'Did', rawNumber: '908508850000' },
    })
    const local = factOf({ ...COMMON, event_type: 'call_init', direction: 'LOCAL', caller: 1001, callee: 1002 })
    expect(local).toMatchObject({
      direction: 'INTERNAL',
      targetRef: { kind: 'Extension', number: '1002' },
      didRef: null,
    })
  })
})

describe('the time of an event', () => {
  test.each([
    [1435762851, '2015-07-01T15:00:51.000Z'],
    ['1435762851', '2015-07-01T15:00:51.000Z'],
    [1435762851086, '2015-07-01T15:00:51.086Z'],
    ['1435762851086820', '2015-07-01T15:00:51.086Z'],
    ['2015-07-01T18:00:51+03:00', '2015-07-01T15:00:51.000Z'],
    ['2015-07-01 18:00:51', '2015-07-01T15:00:51.000Z'],
    ['143576285108', null],
    ['0000000000', null],
    [-1, null],
    ['yesterday', null],
    [null, null],
    [{}, null],
  ])('%j is %s', (timestamp, occurredAt) => {
    expect(factOf({ ...COMMON, event_type: 'call_init', timestamp }).occurredAt).toBe(occurredAt)
  })
})

describe('the end of a call', () => {
  test.each([
    ['so long before it as was talked', {}, '2021-02-25T13:59:07.000Z'],
    ['by a menu alone, which is talk as well', { result_disposition: '' }, '2021-02-25T13:59:07.000Z'],
    ['right before it', { talk_duration: 0 }, '2021-02-25T13:59:42.000Z'],
    ['by nobody', { talk_duration: 0, result_disposition: '' }, null],
    ['by nobody, in a form', { talk_duration: '0', result_disposition: '' }, null],
    ['some time, which is not told', { talk_duration: 'long', result_disposition: '' }, undefined],
    ['some time, where the end has none', { timestamp: null }, undefined],
    ['some time, for what is no length of a call', { talk_duration: '9'.repeat(20) }, undefined],
    ['at its end, where only that is told', { talk_duration: null }, '2021-02-25T13:59:42.000Z'],
  ])('tells that it was answered %s', (_, changes, answeredAt) => {
    const fact = factOf({ ...HANGUP, ...changes })
    expect(fact).toMatchObject({ type: 'ENDED', callId: UUID, targetRef: null })
    expect(fact.answeredAt).toBe(answeredAt)
  })

  test('has the record in it before July 2020', () => {
    const fact = factOf(OLD_HANGUP)
    expect(fact).toMatchObject({
      occurredAt: '2015-07-01T15:00:55.286Z',
      answeredAt: '2015-07-01T15:00:52.000Z',
      caller: { rawNumber: '905320000000' },
      callee: { rawNumber: '908508850000' },
    })
    expect(factOf({ ...OLD_HANGUP, cdr: { ...RECORD, answer_time: null } }).answeredAt).toBeNull()
    const form = Object.fromEntries(
      Object.entries(RECORD).flatMap(([field, value]) => (Array.isArray(value) ? [] : [[`cdr[${field}]`, `${value}`]])),
    )
    expect(factOf({ event_type: 'call_hangup', timestamp: '1435762855286302', ...form })).toEqual(fact)
    expect(factOf({ ...OLD_HANGUP, cdr: 'none' }).answeredAt).toBeUndefined()
  })

  test('makes an inferred answer, and then the end', () => {
    const { events } = hear([read({ ...COMMON, event_type: 'call_init', timestamp: 1614261540 })!, read(HANGUP)!])
    expect(events.map(({ type, inferred, occurredAt }) => [type, inferred, occurredAt])).toEqual([
      ['STARTED', false, '2021-02-25T13:59:00.000Z'],
      ['ANSWERED', true, '2021-02-25T13:59:07.000Z'],
      ['ENDED', false, '2021-02-25T13:59:42.000Z'],
    ])
  })
})

describe('a call and its record', () => {
  test.each([
    ['IN', 905320000000, 908508850000],
    ['OUT', 908508850000, 905320000000],
    ['OUT', '908508850000', '112'],
    ['LOCAL', 1001, 1002],
    ['LOCAL', '1001', '200'],
    ['IN', 'anonymous', 908508850000],
    ['SIDEWAYS', 1001, 1002],
  ])('%s from %s to %s have the same parties', (direction, caller, callee) => {
    const record = toCallRecord(
      ACCOUNT,
      { uuid: UUID, direction, caller, callee, call_time: '2015-07-01T18:00:51+03:00' },
      '2026-01-01T00:00:00.000Z',
    )!
    const { call } = hear([read({ ...COMMON, event_type: 'call_init', direction, caller, callee })!])
    expect(call).toMatchObject({
      providerCallId: record.providerResourceId,
      direction: record.direction,
      caller: record.caller,
      callee: record.callee,
      didRef: record.didRef,
      startedAt: '2015-07-01T15:00:51.086Z',
    })
  })
})

describe('what cannot be read', () => {
  test.each([[{}], [{ event_type: null }], [{ event_type: 'call_parked' }], [{ event_type: ['call_init'] }]])(
    '%j is an event that nobody knows',
    (body) => {
      expect(read({ ...COMMON, ...body })).toBeNull()
    },
  )

  test('is named for the log, unless it is too long for a name', () => {
    expect(bulutfonWebhook.nameOf({ event_type: 'call_parked' }, {})).toBe('call_parked')
    expect(bulutfonWebhook.nameOf({ event_type: 'x'.repeat(500) }, {})).toBeNull()
    expect(bulutfonWebhook.nameOf({}, {})).toBeNull()
  })

  test.each([[undefined], [null], [''], [{}], ['x'.repeat(500)]])('the call %j is a mistake', (uuid) => {
    expect(() => read({ ...COMMON, event_type: 'call_init', uuid })).toThrow(ProviderError)
    expect(() => read({ ...COMMON, event_type: 'call_init', uuid })).toThrow(/call_init does not say of which call/)
  })

  test('costs the field that it is in', () => {
    const odd = { caller: { a: 1 }, callee: ['x'], direction: 7, timestamp: [], destination: {} }
    expect(factOf({ ...COMMON, event_type: 'incoming_call_extension', ...odd })).toMatchObject({
      ...{ caller: null, callee: null, direction: null, occurredAt: null, targetRef: null, didRef: null },
    })
    expect(factOf({ ...COMMON, event_type: 'call_init', caller: '9'.repeat(5_000) }).caller).toBeNull()
  })

  test('never makes it fail otherwise, whatever JSON it is', () => {
    const names = fc.constantFrom('call_init', 'call_hangup', 'incoming_call_group', 'missing_call')
    fc.assert(
      fc.property(
        names,
        fc.dictionary(fc.constantFrom(...Object.keys(HANGUP), 'cdr'), fc.jsonValue()),
        (event, odd) => {
          const facts = read({ ...odd, event_type: event, uuid: UUID })!
          const { events } = hear([facts])
          expect(JSON.parse(JSON.stringify(events))).toEqual(events)
        },
      ),
      { numRuns: cases(2_000) },
    )
  })
})
