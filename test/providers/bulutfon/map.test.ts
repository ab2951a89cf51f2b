import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'

import { CallDisposition } from '../../../src/model/call-record.js'
import { callOfLeg, globalId, parseGlobalId } from '../../../src/model/id.js'
import { toProfile } from '../../../src/providers/bulutfon/map/account.js'
import { readBusinessHours } from '../../../src/providers/bulutfon/map/business-hours.js'
import { toCallDetail, toCallRecord } from '../../../src/providers/bulutfon/map/call-record.js'
import { toDid } from '../../../src/providers/bulutfon/map/did.js'
import { toExtension, toExtensionDetail } from '../../../src/providers/bulutfon/map/extension.js'
import { toGroup, toMemberships } from '../../../src/providers/bulutfon/map/group.js'
import { publicNumber, spellings } from '../../../src/providers/bulutfon/map/phone.js'
import { byPlace } from '../leg-places.js'
import { cases } from '../../support/proof.js'

const account = { key: 'istanbul', country: 'TR', timeZone: 'Europe/Istanbul' }
const FETCHED = '2026-02-11T08:31:07.000Z'

describe('numbers', () => {
  test.each([
    ['902120000041', '+902120000041'],
    ['02120000041', '+902120000041'],
    ['2120000041', '+902120000041'],
    ['8508850000', '+908508850000'],
    // Ten digits from 2 to 5 or 8 are Turkish here, though Germany could have them too.
    ['4930123456', '+904930123456'],
    ['420222333444', '+420222333444'],
    ['12025550100', '+12025550100'],
    ['4440332', '+904440332'],
    // A documented sample that lacks a digit.
    ['90555000000', null],
    ['112', null],
    ['1001', null],
    ['anonymous', null],
    [null, null],
  ])('%s is %s', (raw, expected) => {
    expect(publicNumber(raw, 'TR')).toBe(expected)
  })

  test('a filter asks for every spelling, and every spelling is read as the number', () => {
    expect(spellings('+902120000041', 'TR')).toEqual(['902120000041', '00902120000041', '2120000041', '02120000041'])
    expect(spellings('+420222333444', 'TR')).toEqual(['420222333444', '00420222333444'])
    for (const number of ['+902120000041', '+905321234567', '+420222333444', '+904440332']) {
      for (const spelling of spellings(number, 'TR')) expect(publicNumber(spelling, 'TR')).toBe(number)
    }
  })
})

describe('/me', () => {
  const me = {
    user: { email: 'ops@ornek.example', name: 'Deniz Kaya', gsm: '905550000001' },
    pbx: {
      name: 'ornek',
      url: 'ornek.bulutfon.net',
      state: 'CONFIRMED',
      package: 'ENTERPRISE',
      customer_type: 'CORPORATE',
    },
    credit: { balance: '118.40', sms_credit: 12 },
  }

  test('becomes a profile', () => {
    expect(toProfile(account, me)).toEqual({
      name: 'ornek',
      host: 'ornek.bulutfon.net',
      contactName: 'Deniz Kaya',
      email: 'ops@ornek.example',
      phone: '+905550000001',
      role: null,
      status: 'ACTIVE',
      nativeStatus: 'CONFIRMED',
      plan: 'ENTERPRISE',
      customerType: 'COMPANY',
      balance: { amount: '118.40', currencyCode: 'TRY' },
      messageCredits: 12,
      createdAt: null,
      updatedAt: null,
    })
  })

  test.each([
    ['CONFIRMED', 'ACTIVE'],
    ['DRAFT', 'PENDING'],
    ['SUSPENDED', 'INBOUND_SUSPENDED'],
    ['PRETERMINATED', 'SUSPENDED'],
    ['TERMINATED', 'TERMINATED'],
    ['CANCEL', 'TERMINATED'],
    ['RECANTED', 'TERMINATED'],
    ['Confirmed', 'ACTIVE'],
    ['MOVED-TO-MARS', 'UNKNOWN'],
  ])('state %s is %s', (state, status) => {
    expect(toProfile(account, { ...me, pbx: { ...me.pbx, state } })).toMatchObject({ status, nativeStatus: state })
  })

  test.each([
    ['INVIDUAL', 'INDIVIDUAL'],
    ['CORPORATE', 'COMPANY'],
    ['COMPANY', 'COMPANY'],
    ['CUSTOMER', 'COMPANY'],
    ['Company', 'COMPANY'],
    ['SHIP', 'UNKNOWN'],
    [undefined, null],
  ])('customer type %s is %s', (customer_type, customerType) => {
    expect(toProfile(account, { ...me, pbx: { ...me.pbx, customer_type } })).toMatchObject({ customerType })
  })

  test('reads the other name of the message credits, does without them, and keeps a mobile number of nine digits out', () => {
    expect(toProfile(account, { ...me, credit: { balance: '0.00', sms_credits: 7 } })).toMatchObject({
      messageCredits: 7,
    })
    expect(toProfile(account, { ...me, credit: { balance: 3.5 } })).toMatchObject({
      messageCredits: null,
      balance: { amount: '3.5' },
    })
    expect(toProfile(account, { ...me, user: { ...me.user, gsm: '905550000' } })).toMatchObject({ phone: null })
    expect(toProfile(account, { error: 'x' })).toBeNull()
  })
})

describe('a DID', () => {
  const row = {
    id: 41,
    number: '902120000041',
    state: 'CONFIRMED',
    destination_type: 'Group',
    destination_id: 7,
    destination_number: 102,
    working_hour: true,
  }

  test('of the list', () => {
    expect(toDid(account, row, FETCHED)).toEqual({
      __typename: 'Did',
      id: globalId('Did', 'istanbul', '41'),
      accountKey: 'istanbul',
      providerResourceId: '41',
      fetchedAt: FETCHED,
      payload: row,
      number: '+902120000041',
      rawNumber: '902120000041',
      status: 'ACTIVE',
      nativeStatus: 'CONFIRMED',
      destinationRef: { kind: 'Group', id: '7', number: '102', nativeType: 'Group' },
      hours: undefined,
    })
  })

  test.each([
    ['CONFIRMED', 'ACTIVE'],
    ['DRAFT', 'PENDING'],
    ['IN-PROGRESS', 'PENDING'],
    ['NTS-DRAFT', 'PORTING'],
    ['NTS-IN-PROGRESS', 'PORTING'],
    ['NTS-CANCEL', 'CANCELLED'],
    ['nts-draft', 'PORTING'],
    ['CANCELED', 'CANCELLED'],
    ['TERMINATED', 'TERMINATED'],
    ['PARKED', 'UNKNOWN'],
  ])('in state %s is %s', (state, status) => {
    expect(toDid(account, { ...row, state }, FETCHED)).toMatchObject({ status, nativeStatus: state })
  })

  test.each([
    [
      { destination_type: 'Extension', destination_id: 3, destination_number: '1001' },
      { kind: 'Extension', id: '3', number: '1001', nativeType: 'Extension' },
    ],
    [
      { destination_type: 'EXTENSION', destination_id: null, destination_number: 1001 },
      { kind: 'Extension', id: null, number: '1001', nativeType: 'EXTENSION' },
    ],
    [
      { destination_type: 'Auto attendant', destination_id: 5, destination_number: 10 },
      { kind: 'AutoAttendant', id: '10', number: '10', name: null },
    ],
    [
      { destination_type: 'AUTOATTENDANT', destination_id: 5, destination_number: 10 },
      { kind: 'AutoAttendant', id: '10', number: '10', name: null },
    ],
    [
      { destination_type: 'Auto attendant', destination_id: 5, destination_number: null },
      { kind: 'AutoAttendant', id: '5', number: null, name: null },
    ],
    [
      { destination_type: 'Fax machine', destination_id: 9, destination_number: 77 },
      { kind: 'Unresolved', nativeType: 'Fax machine', nativeId: '9', rawNumber: '77', reason: 'UNKNOWN_TYPE' },
    ],
    [
      { destination_type: 'Group', destination_id: null, destination_number: null },
      { kind: 'Unresolved', nativeType: 'Group', nativeId: null, rawNumber: null, reason: 'NOT_FOUND' },
    ],
    [{ destination_type: null, destination_id: null, destination_number: null }, null],
    [{ destination_type: null, destination_id: 4, destination_number: 102 }, null],
    // Until May 2015.
    [
      { destination_type: undefined, destination: '101 - Group' },
      { kind: 'Group', id: null, number: '101', nativeType: 'Group' },
    ],
    [
      { destination_type: undefined, destination: '10 - Auto attendant' },
      { kind: 'AutoAttendant', id: '10', number: '10', name: null },
    ],
    [
      { destination_type: undefined, destination: 'somewhere' },
      { kind: 'Unresolved', nativeType: 'somewhere', nativeId: null, rawNumber: null, reason: 'UNKNOWN_TYPE' },
    ],
    [{ destination_type: undefined, destination: null }, null],
  ])('with %j goes to %j', (destination, destinationRef) => {
    expect(toDid(account, { ...row, ...destination }, FETCHED)?.destinationRef).toEqual(destinationRef)
  })

  test('without business hours needs no detail, and one that does not tell has none', () => {
    expect(toDid(account, { ...row, working_hour: false }, FETCHED)?.hours).toEqual({
      enabled: false,
      timeZone: null,
      days: [],
    })
    expect(toDid(account, { ...row, working_hour: undefined }, FETCHED)?.hours).toBeNull()
  })

  test.each([{ ...row, id: null }, { ...row, number: '' }, null, 'text', [], 7])('is not made of %j', (wrong) => {
    expect(toDid(account, wrong, FETCHED)).toBeNull()
  })
})

describe('business hours', () => {
  const day = {
    open: true,
    shift_start: '09:00',
    lunch_break_start: '12:30',
    lunch_break_finish: '13:30',
    shift_finish: '18:00',
  }
  const closed = { open: false, shift_start: '09:00', shift_finish: '18:00' }
  const hours = (monday: unknown) =>
    readBusinessHours(account, { working_hour: true, working_hours: { monday } }).hours?.days[0]?.intervals

  test('of a week, in the zone of the account, Monday first, the lunch break left out', () => {
    const working_hours = {
      sunday: closed,
      monday: day,
      tuesday: { ...day, lunch_break_start: null },
      saturday: { ...day, lunch_break_finish: undefined },
    }
    const twoIntervals = [
      { start: '09:00', end: '12:30' },
      { start: '13:30', end: '18:00' },
    ]
    expect(readBusinessHours(account, { working_hour: true, working_hours }).hours).toEqual({
      enabled: true,
      timeZone: 'Europe/Istanbul',
      days: [
        { day: 'MONDAY', open: true, intervals: twoIntervals },
        { day: 'TUESDAY', open: true, intervals: [{ start: '09:00', end: '18:00' }] },
        { day: 'SATURDAY', open: true, intervals: [{ start: '09:00', end: '18:00' }] },
        { day: 'SUNDAY', open: false, intervals: [] },
      ],
    })
  })

  test.each([
    [
      'a night shift keeps its break',
      { ...day, shift_start: '22:00', lunch_break_start: '02:00', lunch_break_finish: '02:30', shift_finish: '06:00' },
      [
        { start: '22:00', end: '02:00' },
        { start: '02:30', end: '06:00' },
      ],
    ],
    [
      'a break outside the shift is none',
      { ...day, lunch_break_start: '19:00', lunch_break_finish: '20:00' },
      [{ start: '09:00', end: '18:00' }],
    ],
    [
      'a break of no length is none',
      { ...day, lunch_break_start: '12:30', lunch_break_finish: '12:30' },
      [{ start: '09:00', end: '18:00' }],
    ],
    [
      'midnight may be written 24:00',
      { ...day, lunch_break_start: null, shift_finish: '24:00' },
      [{ start: '09:00', end: '00:00' }],
    ],
    [
      'one digit is an hour too',
      { ...day, lunch_break_start: null, shift_start: '9:00' },
      [{ start: '09:00', end: '18:00' }],
    ],
    // Around the clock, as systems write it (zammad/zammad #3180, Yelp/yelp-fusion #158): as sent, and not closed.
    [
      'a minute is not added',
      { open: true, shift_start: '00:00', shift_finish: '23:59' },
      [{ start: '00:00', end: '23:59' }],
    ],
    ['a whole day', { open: true, shift_start: '06:00', shift_finish: '06:00' }, [{ start: '06:00', end: '06:00' }]],
    // As times are written in Turkey (dateutil/dateutil PR 1568).
    ['a dot', { open: true, shift_start: '09.00', shift_finish: '18.30' }, [{ start: '09:00', end: '18:30' }]],
    ['a day that does not say whether it opens is left out', { ...day, open: 'yes' }, undefined],
    ['a shift that cannot be read leaves no interval', { ...day, shift_start: 'soon' }, []],
  ])('%s', (_, monday, intervals) => {
    expect(hours(monday)).toEqual(intervals)
  })

  test('are null when the detail does not tell them', () => {
    expect(readBusinessHours(account, { working_hour: true }).hours).toBeNull()
    expect(readBusinessHours(account, { working_hour: true, working_hours: null }).hours).toBeNull()
    expect(readBusinessHours(account, { working_hour: false, working_hours: { monday: day } }).hours).toEqual({
      enabled: false,
      timeZone: null,
      days: [],
    })
  })
})

describe('an extension', () => {
  const row = { id: 11, number: 1001, registered: true, caller_name: 'Gülşah Öztürk', email: 'gulsah@ornek.example' }

  test('of the list leaves to the detail what only that has', () => {
    expect(toExtension(account, row, FETCHED)).toEqual({
      __typename: 'Extension',
      id: globalId('Extension', 'istanbul', '11'),
      accountKey: 'istanbul',
      providerResourceId: '11',
      fetchedAt: FETCHED,
      payload: row,
      number: '1001',
      displayName: 'Gülşah Öztürk',
      email: 'gulsah@ornek.example',
      registration: 'REGISTERED',
      callerIdRef: undefined,
      voicemail: undefined,
      forwardingRules: undefined,
      permissions: undefined,
      groupIds: undefined,
      didIds: undefined,
    })
    expect(toExtension(account, { ...row, registered: false }, FETCHED)?.registration).toBe('UNREGISTERED')
    expect(toExtension(account, { id: 11, number: '0101' }, FETCHED)).toMatchObject({
      number: '0101',
      registration: 'UNKNOWN',
      displayName: null,
    })
    expect(toExtension(account, { id: 11 }, FETCHED)).toBeNull()
  })

  const detail = {
    ...row,
    did: '902120000041',
    voice_mail: true,
    redirection_type: 'NONE',
    destination_type: null,
    destination_number: null,
    external_number: null,
    acl: ['domestic', 'gsm'],
  }

  test('of the detail', () => {
    expect(toExtensionDetail(account, detail)).toEqual({
      callerIdRef: { kind: 'Did', number: '+902120000041', rawNumber: '902120000041' },
      voicemail: true,
      forwardingRules: [],
      permissions: ['domestic', 'gsm'],
    })
    // Until May 2015 there was only this much of it.
    expect(toExtensionDetail(account, { ...row, did: '902120000041', acl: [] })).toMatchObject({
      voicemail: null,
      forwardingRules: null,
      permissions: [],
    })
  })

  test.each([
    [
      { redirection_type: 'Always', destination_type: 'Extension ', destination_number: '1002 ' },
      'ALWAYS',
      { kind: 'Extension', number: '1002', id: null, nativeType: 'Extension' },
    ],
    [
      { redirection_type: 'ALWAYS', destination_type: 'EXTENSION', destination_number: 1002 },
      'ALWAYS',
      { kind: 'Extension', number: '1002', id: null, nativeType: 'EXTENSION' },
    ],
    [
      { redirection_type: 'UNREACHABLE', destination_type: 'GROUP', destination_number: 101 },
      'UNREACHABLE',
      { kind: 'Group', number: '101', id: null, nativeType: 'GROUP' },
    ],
    [
      { redirection_type: 'ALWAYS', destination_type: 'AUTOATTENDANT', destination_number: 10 },
      'ALWAYS',
      { kind: 'AutoAttendant', id: '10', number: '10', name: null },
    ],
    [
      { redirection_type: 'ALWAYS', destination_type: 'Auto attendant', destination_number: 10 },
      'ALWAYS',
      { kind: 'AutoAttendant', id: '10', number: '10', name: null },
    ],
    [
      { redirection_type: 'ALWAYS', destination_type: 'EXTERNAL', external_number: 905321234567 },
      'ALWAYS',
      { kind: 'ExternalNumber', number: '+905321234567', rawNumber: '905321234567' },
    ],
    [
      { redirection_type: 'ALWAYS', destination_type: 'EXTERNAL', external_number: '112' },
      'ALWAYS',
      { kind: 'ExternalNumber', number: null, rawNumber: '112' },
    ],
    [
      { redirection_type: 'AT_NIGHT', destination_type: 'EXTENSION', destination_number: 1002 },
      'UNKNOWN',
      { kind: 'Extension', number: '1002', id: null, nativeType: 'EXTENSION' },
    ],
    [
      { redirection_type: 'ALWAYS', destination_type: 'PAGER', destination_number: 5 },
      'ALWAYS',
      { kind: 'Unresolved', nativeType: 'PAGER', nativeId: null, rawNumber: '5', reason: 'UNKNOWN_TYPE' },
    ],
    [{ redirection_type: 'ALWAYS' }, 'ALWAYS', null],
  ])('forwarded by %j', (redirection, condition, destinationRef) => {
    expect(toExtensionDetail(account, { ...detail, ...redirection }).forwardingRules).toEqual([
      { condition, destinationRef, accountKey: 'istanbul' },
    ])
  })
})

describe('a group', () => {
  const row = { id: 7, number: 102, name: 'Müşteri Hizmetleri', timeout: 30, delay_time: 5, ring_duration: 20 }
  const detail = {
    id: 7,
    number: 102,
    name: 'Müşteri Hizmetleri',
    timeout: 30,
    extensions: [{ id: 900, number: 1001, caller_name: 'A', email: 'a@b.example' }, { id: 901 }, 'nonsense'],
  }

  test('of the list', () => {
    expect(toGroup(account, row, FETCHED)).toMatchObject({
      __typename: 'Group',
      providerResourceId: '7',
      kind: 'RING_GROUP',
      name: 'Müşteri Hizmetleri',
      ringTimeoutSeconds: 30,
      internalNumber: '102',
      memberships: undefined,
      countedMembers: undefined,
    })
  })

  test('has its members from the detail by number, and their delay from the list', () => {
    expect(toMemberships(detail, row)).toEqual([
      {
        member: { kind: 'Extension', id: null, number: '1001', preferredId: '900' },
        priority: null,
        delaySeconds: 5,
      },
      { member: { kind: 'Extension', id: '901', number: null }, priority: null, delaySeconds: 5 },
      // Somebody is there, and nothing says who.
      expect.objectContaining({ member: expect.objectContaining({ kind: 'Unresolved', reason: 'NOT_FOUND' }) }),
    ])
    expect(toMemberships({ ...detail, extensions: [] }, detail)).toEqual([])
    expect(toMemberships(row, row)).toBeNull()
  })
})

describe('a call', () => {
  const incoming = {
    uuid: '3c9e1a70-0000-4000-8000-00000000abcd',
    bf_calltype: 'voice',
    direction: 'IN',
    caller: 905550000002,
    callee: 902120000041,
    call_time: '2019-02-04T10:15:00+03:00',
    answer_time: '2019-02-04T10:15:01+03:00',
    hangup_time: '2019-02-04T10:17:30+03:00',
    missing_call: false,
    call_record: 'YES',
    hangup_cause: 'NORMAL_CLEARING',
    hangup_state: 'recv_bye',
  }
  const outgoing = {
    ...incoming,
    direction: 'OUT',
    caller: 908508850000,
    callee: 905323440000,
    extension: '908508850249',
    call_price: '0.01143',
    call_record: 'NO',
    hangup_state: 'send_bye',
  }
  const internal = { ...incoming, direction: 'LOCAL', caller: 1001, callee: 1002, call_record: 'NO' }
  const call = (row: object) => toCallRecord(account, row, FETCHED)!

  test('that came in', () => {
    expect(call(incoming)).toEqual({
      __typename: 'CallRecord',
      id: globalId('CallRecord', 'istanbul', incoming.uuid),
      accountKey: 'istanbul',
      providerResourceId: incoming.uuid,
      fetchedAt: FETCHED,
      payload: incoming,
      kind: 'VOICE',
      direction: 'INBOUND',
      caller: {
        number: '+905550000002',
        rawNumber: '905550000002',
        displayName: null,
        endpointRef: null,
        accountKey: 'istanbul',
      },
      callee: {
        number: '+902120000041',
        rawNumber: '902120000041',
        displayName: null,
        endpointRef: { kind: 'Did', number: '+902120000041', rawNumber: '902120000041' },
        accountKey: 'istanbul',
      },
      startedAt: '2019-02-04T07:15:00.000Z',
      answeredAt: '2019-02-04T07:15:01.000Z',
      endedAt: '2019-02-04T07:17:30.000Z',
      durationSeconds: 150,
      waitSeconds: 1,
      talkSeconds: 149,
      disposition: 'ANSWERED',
      nativeDisposition: 'recv_bye',
      nativeHangupCause: 'NORMAL_CLEARING',
      hangupParty: 'CALLER',
      recordings: [
        {
          __typename: 'Recording',
          id: globalId('Recording', 'istanbul', incoming.uuid),
          accountKey: 'istanbul',
          nativeName: incoming.uuid,
          status: 'AVAILABLE',
          mimeType: null,
        },
      ],
      cost: null,
      didRef: { kind: 'Did', number: '+902120000041', rawNumber: '902120000041' },
      answeredByRef: undefined,
      groupRefs: undefined,
      steps: undefined,
    })
  })

  test('that went out was answered by whom it called, and has no way to ask for', () => {
    expect(call(outgoing)).toMatchObject({
      direction: 'OUTBOUND',
      caller: { number: '+908508850000', endpointRef: { kind: 'Did', number: '+908508850000' } },
      callee: { number: '+905323440000', endpointRef: null },
      didRef: { kind: 'Did', number: '+908508850000' },
      cost: { amount: '0.01143', currencyCode: 'TRY' },
      hangupParty: 'CALLEE',
      recordings: [],
      answeredByRef: { kind: 'ExternalNumber', number: '+905323440000', rawNumber: '905323440000' },
      groupRefs: [],
      steps: null,
    })
    expect(call({ ...outgoing, answer_time: null }).answeredByRef).toBeNull()
  })

  test('to a short code outside is never one to an extension', () => {
    expect(call({ ...outgoing, callee: 112 }).callee).toEqual({
      number: null,
      rawNumber: '112',
      displayName: null,
      endpointRef: null,
      accountKey: 'istanbul',
    })
    expect(call({ ...incoming, caller: 1001 }).caller).toMatchObject({
      number: null,
      rawNumber: '1001',
      endpointRef: null,
    })
  })

  test('inside the house takes its two sides for what the length of their numbers says, until a list says otherwise', () => {
    expect(call(internal)).toMatchObject({
      direction: 'INTERNAL',
      caller: { number: null, rawNumber: '1001', endpointRef: { kind: 'Extension', number: '1001' } },
      callee: { number: null, rawNumber: '1002', endpointRef: { kind: 'Extension', number: '1002' } },
      didRef: null,
      answeredByRef: { kind: 'Extension', number: '1002' },
      groupRefs: [],
      steps: null,
    })
    expect(call({ ...internal, callee: 101 })).toMatchObject({
      callee: { endpointRef: { kind: 'Group', number: '101', otherwise: { kind: 'Extension', number: '101' } } },
      answeredByRef: { kind: 'Extension', number: '101' },
      groupRefs: [{ kind: 'Group', number: '101' }],
    })
    expect(call({ ...internal, callee: 10 }).callee.endpointRef).toEqual({
      ...{ kind: 'Extension', number: '10' },
      otherwise: { kind: 'AutoAttendant', id: '10', number: '10', name: null },
    })
    expect(call({ ...internal, callee: 7 }).callee.endpointRef).toMatchObject({ kind: 'Extension', number: '7' })
    expect(call({ ...internal, callee: 6001 }).callee.endpointRef).toEqual({
      ...{ kind: 'Extension', number: '6001' },
      otherwise: { kind: 'Group', number: '6001' },
    })
    for (const number of ['12345', '123456'])
      expect(call({ ...internal, callee: Number(number) })).toMatchObject({
        callee: { number: null, endpointRef: { kind: 'Extension', number } },
        answeredByRef: { kind: 'Extension', number },
      })
    // Long enough to be one of our public numbers.
    expect(call({ ...internal, callee: '2120000041' })).toMatchObject({
      callee: {
        endpointRef: { kind: 'Did', number: '+902120000041', otherwise: { kind: 'Extension', number: '2120000041' } },
      },
      answeredByRef: { kind: 'Extension', number: '2120000041' },
    })
    expect(call({ ...internal, callee: 'unknown' })).toMatchObject({
      callee: { endpointRef: null },
      answeredByRef: null,
    })
  })

  test('of an anonymous caller, a fax, and words nobody knows', () => {
    expect(call({ ...incoming, caller: 'anonymous' }).caller).toMatchObject({ number: null, rawNumber: 'anonymous' })
    expect(call({ ...incoming, caller: null }).caller).toMatchObject({ number: null, rawNumber: null })
    expect(call({ ...incoming, bf_calltype: 'fax' }).kind).toBe('FAX')
    expect(call({ ...incoming, bf_calltype: 'video', direction: 'SIDEWAYS' })).toMatchObject({
      kind: 'UNKNOWN',
      direction: 'UNKNOWN',
      didRef: null,
    })
  })

  test.each([
    ['YES', 'AVAILABLE'],
    ['Var', 'AVAILABLE'],
    [true, 'AVAILABLE'],
    ['REMOVED', 'DELETED'],
  ])('with the recording %j is %s', (call_record, status) => {
    expect(call({ ...incoming, call_record }).recordings).toMatchObject([{ status }])
  })

  test.each(['NO', 'Yok', false, undefined, null])('with the recording %j has none', (call_record) => {
    expect(call({ ...incoming, call_record }).recordings).toEqual([])
  })

  test.each([
    ['0.01143', '0.01143'],
    [0.00429, '0.00429'],
    [0.0000001, '0.0000001'],
    [null, null],
    [undefined, null],
    ['free', null],
  ])('that costs %j costs %s', (call_price, amount) => {
    expect(call({ ...outgoing, call_price }).cost?.amount ?? null).toBe(amount)
  })

  test.each([
    ['recv_bye', 'CALLER'],
    ['recv_cancel', 'CALLER'],
    ['send_bye', 'CALLEE'],
    ['send_cancel', 'UNKNOWN'],
    ['recv_refuse', 'UNKNOWN'],
    ['send_refuse', 'UNKNOWN'],
    [null, 'UNKNOWN'],
  ])('with the hang-up %s was ended by %s', (hangup_state, hangupParty) => {
    expect(call({ ...incoming, hangup_state })).toMatchObject({ hangupParty, nativeDisposition: hangup_state })
  })

  const unanswered = { answer_time: null, hangup_state: null }
  test.each([
    // In the order of the rules; the first that fits decides.
    [1, incoming, { hangup_time: null, missing_call: true }, CallDisposition.IN_PROGRESS],
    [2, incoming, { missing_call: true }, CallDisposition.MISSED],
    [2, incoming, { ...unanswered, missing_call: true, hangup_cause: 'USER_BUSY' }, CallDisposition.MISSED],
    [3, incoming, { hangup_cause: 'USER_BUSY' }, CallDisposition.ANSWERED],
    [4, outgoing, { ...unanswered, hangup_cause: 'USER_BUSY', hangup_state: 'recv_refuse' }, CallDisposition.BUSY],
    [5, outgoing, { ...unanswered, hangup_cause: 'CALL_REJECTED' }, CallDisposition.REJECTED],
    [5, outgoing, { ...unanswered, hangup_state: 'recv_refuse' }, CallDisposition.REJECTED],
    [5, outgoing, { ...unanswered, hangup_state: 'send_refuse' }, CallDisposition.REJECTED],
    [6, outgoing, { ...unanswered, hangup_cause: 'ORIGINATOR_CANCEL' }, CallDisposition.CANCELLED],
    [6, outgoing, { ...unanswered, hangup_state: 'recv_cancel' }, CallDisposition.CANCELLED],
    [6, incoming, { ...unanswered, hangup_state: 'send_cancel' }, CallDisposition.MISSED],
    [6, incoming, { ...unanswered, hangup_cause: 'ORIGINATOR_CANCEL' }, CallDisposition.MISSED],
    ...['NO_ANSWER', 'NO_USER_RESPONSE', 'PROGRESS_TIMEOUT', 'ALLOTTED_TIMEOUT', 'NORMAL_CLEARING'].flatMap(
      (hangup_cause) => [
        [7, outgoing, { ...unanswered, hangup_cause }, CallDisposition.NO_ANSWER] as const,
        [7, internal, { ...unanswered, hangup_cause }, CallDisposition.NO_ANSWER] as const,
        [7, incoming, { ...unanswered, hangup_cause }, CallDisposition.MISSED] as const,
      ],
    ),
    [8, outgoing, { ...unanswered, hangup_cause: 'INVALID_NUMBER_FORMAT' }, CallDisposition.FAILED],
    [8, outgoing, { ...unanswered, hangup_cause: 'GATEWAY_DOWN' }, CallDisposition.FAILED],
    [8, outgoing, { ...unanswered, hangup_cause: undefined }, CallDisposition.FAILED],
  ] as const)('by rule %i, %#', (_, row, change, disposition) => {
    const changed = { ...row, ...change }
    expect(call(changed)).toMatchObject({ disposition, nativeHangupCause: changed.hangup_cause ?? null })
  })

  test('without an answer waited all the time and talked none; still going on, it has no lengths yet', () => {
    expect(call({ ...incoming, answer_time: null })).toMatchObject({
      durationSeconds: 150,
      waitSeconds: 150,
      talkSeconds: 0,
      answeredByRef: null,
    })
    expect(call({ ...incoming, hangup_time: null })).toMatchObject({
      durationSeconds: null,
      waitSeconds: 1,
      talkSeconds: null,
    })
    expect(call({ ...incoming, hangup_time: '2019-02-04T10:00:00+03:00' })).toMatchObject({
      durationSeconds: null,
      talkSeconds: null,
    })
  })

  test.each([
    ['1970-01-01T02:00:00+02:00'],
    ['0001-01-01T00:00:00Z'],
    ['0000-00-00 00:00:00'],
    ['1899-12-30T00:00:00+02:00'],
    ['2019-02-04T10:14:59+03:00'],
    ['2019-02-04T10:17:31+03:00'],
    [''],
  ])('answered at %s was not answered', (answer_time) => {
    expect(call({ ...incoming, answer_time, hangup_cause: 'NO_ANSWER', hangup_state: null })).toMatchObject({
      ...{ answeredAt: null, disposition: 'MISSED', durationSeconds: 150, waitSeconds: 150, talkSeconds: 0 },
      answeredByRef: null,
    })
  })

  // Words change their case from one version of a system to the next (RestComm/Restcomm-Connect #366).
  test.each([
    [{ direction: 'in', bf_calltype: 'VOICE ', hangup_state: 'RECV_BYE', call_record: 'yes' }],
    [{ direction: ' In', bf_calltype: 'Voice', hangup_state: ' recv_bye', call_record: ' YES ' }],
  ])('is the same call in words of another case, or padded, %#', (change) => {
    const { nativeDisposition: _native, payload: _payload, ...same } = call({ ...incoming, ...change })
    const { nativeDisposition: _usual, payload: _sent, ...usual } = call(incoming)
    expect(same).toEqual(usual)
    expect(call({ ...incoming, ...unanswered, hangup_state: 'SEND_REFUSE' }).disposition).toBe('REJECTED')
  })

  // A machine counts as an answer in most logs (paviro/MMM-FRITZ-Box-Callmonitor #7).
  test('missed after a menu has answered was answered by nobody, and nobody talked', () => {
    const missed = call({ ...incoming, missing_call: true })
    expect(missed).toMatchObject({
      ...{ answeredAt: null, disposition: 'MISSED', durationSeconds: 150, waitSeconds: 150, talkSeconds: 0 },
      answeredByRef: null,
    })
  })

  test.each([
    ['1970-01-01T00:00:00Z'],
    ['0001-01-01T00:00:00Z'],
    ['9999-12-31T23:59:59Z'],
    ['2019-02-04T10:14:59+03:00'],
  ])('ended at %s has not ended', (hangup_time) => {
    expect(call({ ...incoming, hangup_time })).toMatchObject({
      ...{ endedAt: null, disposition: 'IN_PROGRESS', durationSeconds: null, talkSeconds: null },
    })
  })

  test('that lasted for a century has no lengths that an Int cannot hold', () => {
    expect(call({ ...incoming, hangup_time: '2119-02-04T10:17:30+03:00' })).toMatchObject({
      ...{ endedAt: '2119-02-04T07:17:30.000Z', durationSeconds: null, talkSeconds: null, waitSeconds: 1 },
    })
  })

  test('that began at no time cannot be read', () => {
    expect(toCallRecord(account, { ...incoming, call_time: '1970-01-01T00:00:00Z' }, FETCHED)).toBeNull()
  })

  test('has times in order, whatever it is sent', () => {
    const moment = fc.constantFrom(
      ...['2019-02-04T10:15:00+03:00', '2019-02-04T10:15:01+03:00', '2019-02-04T10:14:59+03:00'],
      ...['1970-01-01T00:00:00Z', '9999-12-31T00:00:00Z', '2150-01-01T00:00:00Z', '2019-02-04T07:17:30Z', null, 'x'],
    )
    fc.assert(
      fc.property(moment, moment, moment, (call_time, answer_time, hangup_time) => {
        const read = toCallRecord(account, { ...incoming, call_time, answer_time, hangup_time }, FETCHED)
        if (!read) return
        const { startedAt, answeredAt, endedAt, durationSeconds, waitSeconds, talkSeconds } = read
        const times = [startedAt, answeredAt, endedAt].filter((time) => time !== null)
        expect(times).toEqual(times.toSorted())
        for (const seconds of [durationSeconds, waitSeconds, talkSeconds].filter((length) => length !== null))
          expect(seconds >= 0 && seconds < 2 ** 31).toBe(true)
        if (durationSeconds !== null)
          expect((waitSeconds ?? 0) + (talkSeconds ?? 0)).toBeLessThanOrEqual(durationSeconds + 1)
      }),
    )
  })

  test('of the older answers, with the offset of its time, is read as one of today', () => {
    const old = {
      ...incoming,
      call_time: '2015-01-18T15:08:01+02:00',
      answer_time: null,
      hangup_time: '2015-01-18T15:08:20+02:00',
      missing_call: undefined,
      call_record: 'Yok',
    }
    expect(call(old)).toMatchObject({
      startedAt: '2015-01-18T13:08:01.000Z',
      durationSeconds: 19,
      recordings: [],
      disposition: 'MISSED',
    })
  })

  test('shows the same payload from the list and from the detail', () => {
    expect(call({ ...incoming, call_flow: [] }).payload).toEqual(incoming)
  })

  test.each([{ ...incoming, uuid: null }, { ...incoming, call_time: 'now' }, null, []])(
    'is not made of %j',
    (wrong) => {
      expect(toCallRecord(account, wrong, FETCHED)).toBeNull()
    },
  )

  test('never fails on what it is sent, field by field', () => {
    const anything = fc.anything({ maxDepth: 2 })
    fc.assert(
      fc.property(fc.constantFrom(...Object.keys(outgoing)), anything, (key, value) => {
        const mapped = toCallRecord(account, { ...outgoing, [key]: value }, FETCHED)
        if (key !== 'uuid' && key !== 'call_time') expect(mapped?.providerResourceId).toBe(outgoing.uuid)
        if (mapped) JSON.stringify({ ...mapped, payload: null })
      }),
      { numRuns: cases(2_000) },
    )
  })
})

describe('the way of a call', () => {
  const T = '2015-04-16T11:02:02+03:00'
  const END = '2015-04-16T11:04:44+03:00'
  const [t, end] = ['2015-04-16T08:02:02.000Z', '2015-04-16T08:04:44.000Z']
  const phone = (destination: number, result: string) => ({
    destination,
    start_time: T,
    answer_time: T,
    hangup_time: END,
    result,
  })
  const call = { providerResourceId: 'c-1', startedAt: t, answeredAt: t }

  /** The flow of the documentation: two menus, then a group in which four phones race. */
  const race = [
    {
      callee: 908508850000,
      start_time: T,
      answer_time: null,
      hangup_time: null,
      redirection: 'REDIRECTED_TO_MENU',
      redirection_target: 10,
    },
    {
      callee: 10,
      start_time: T,
      answer_time: T,
      hangup_time: null,
      redirection: 'REDIRECTED_TO_MENU',
      redirection_target: 11,
    },
    {
      callee: 11,
      start_time: T,
      answer_time: T,
      hangup_time: null,
      redirection: 'REDIRECTED_TO_GROUP',
      redirection_target: 101,
    },
    {
      callee: 101,
      start_time: T,
      answer_time: T,
      hangup_time: END,
      redirection: 'CONNECTING_TO_GROUP',
      origination: [phone(1008, 'LOSE_RACE'), phone(1004, 'ANSWERED'), phone(1009, 'LOSE_RACE')],
    },
  ]

  test('through menus to a group is a tree in which only the winner answered', () => {
    const leg = (id: string, sequence: number, rest: object) => ({
      __typename: 'CallLeg',
      id,
      sequence,
      startedAt: t,
      accountKey: 'istanbul',
      nativeResult: null,
      endedAt: null,
      answeredAt: null,
      parentId: null,
      ...rest,
    })
    const rang = (id: string, sequence: number, number: string, nativeResult: string, rest: object) =>
      leg(id, sequence, {
        parentId: '4',
        action: 'RING',
        nativeAction: null,
        endedAt: end,
        nativeResult,
        targetRef: { kind: 'Extension', number },
        ...rest,
      })
    const { steps, ...rest } = toCallDetail(account, call, { call_flow: race })
    expect({ ...rest, steps: byPlace(steps!) }).toEqual({
      answeredByRef: { kind: 'Extension', number: '1004' },
      groupRefs: [{ kind: 'Group', number: '101' }],
      steps: [
        leg('1', 0, {
          action: 'ENTER_DID',
          nativeAction: 'REDIRECTED_TO_MENU',
          result: 'CONTINUED',
          targetRef: { kind: 'Did', number: '+908508850000', rawNumber: '908508850000' },
        }),
        leg('2', 1, {
          action: 'ENTER_MENU',
          nativeAction: 'REDIRECTED_TO_MENU',
          answeredAt: t,
          result: 'CONTINUED',
          targetRef: { kind: 'AutoAttendant', id: '10', number: '10', name: null },
        }),
        leg('3', 2, {
          action: 'ENTER_MENU',
          nativeAction: 'REDIRECTED_TO_GROUP',
          answeredAt: t,
          result: 'CONTINUED',
          targetRef: { kind: 'AutoAttendant', id: '11', number: '11', name: null },
        }),
        leg('4', 3, {
          action: 'ENTER_GROUP',
          nativeAction: 'CONNECTING_TO_GROUP',
          answeredAt: t,
          endedAt: end,
          result: 'ANSWERED',
          targetRef: { kind: 'Group', number: '101', otherwise: { kind: 'Extension', number: '101' } },
        }),
        rang('4.1', 4, '1008', 'LOSE_RACE', { result: 'ANSWERED_ELSEWHERE' }),
        rang('4.2', 5, '1004', 'ANSWERED', { result: 'ANSWERED', answeredAt: t }),
        rang('4.3', 6, '1009', 'LOSE_RACE', { result: 'ANSWERED_ELSEWHERE' }),
      ],
    })
  })

  test.each(['7', '12', '101'])('was taken by the phone that rang, whatever its number looks like: %s', (number) => {
    const flow = [{ ...race[3], origination: [phone(Number(number), 'ANSWERED'), phone(1004, 'LOSE_RACE')] }]
    const { answeredByRef, steps } = toCallDetail(account, call, { call_flow: flow })
    expect(answeredByRef).toMatchObject({ kind: 'Extension', number })
    expect(steps!.map(({ action, targetRef }) => `${action} ${targetRef!.kind}`)).toContain('RING Extension')
  })

  describe('has legs with ids', () => {
    const idsOf = (flow: readonly object[], of = call) =>
      toCallDetail(account, of, { call_flow: flow }).steps!.map(({ id }) => id)
    const ids = idsOf(race)
    const at = (second: number) => `2015-04-16T11:02:${String(second).padStart(2, '0')}+03:00`

    test('that name the call, are different, and are these for ever', () => {
      expect(new Set(ids).size).toBe(7)
      expect(ids.map((id) => parseGlobalId(id))).toEqual(
        ids.map(() => ({ type: 'CallLeg', account: 'istanbul', native: expect.stringMatching(/^[\w-]{16}\/c-1$/) })),
      )
      expect(callOfLeg(parseGlobalId(ids[0]!)!.native)).toBe('c-1')
      expect([ids[0], ids[4]]).toEqual([
        'TDppc3RhbmJ1bDpGX25TSmxMb0EwV0Z4NGtjL2MtMQ',
        'TDppc3RhbmJ1bDpWZFNNSWZwVXRHSjJ6RVRsL2MtMQ',
      ])
    })

    test('that differ between calls and between accounts', () => {
      const elsewhere = toCallDetail({ ...account, key: 'izmir' }, call, { call_flow: race }).steps!
      const all = [...ids, ...idsOf(race, { ...call, providerResourceId: 'c-2' }), ...elsewhere.map(({ id }) => id)]
      expect(new Set(all).size).toBe(21)
    })

    test('that stay when a later response has more steps and phones, wherever they come in', () => {
      const menu = { ...race[1], callee: 12, start_time: at(1) }
      const later = [
        race[0]!,
        menu,
        ...race.slice(1, 3),
        { ...race[3], origination: [phone(1007, 'LOSE_RACE'), ...race[3]!.origination!, phone(1001, 'NO_ANSWER')] },
        { callee: 905321234567, start_time: END, answer_time: END, hangup_time: END, redirection: 'OTHER' },
      ]
      const now = idsOf(later)
      expect(now.filter((id) => ids.includes(id))).toEqual(ids.filter((id) => now.includes(id)))
      expect(ids.filter((id) => !now.includes(id))).toEqual([])
      expect(new Set(now).size).toBe(ids.length + 4)
    })

    test('that stay when a step ends, is answered, or is written with other times for the same moment', () => {
      const utc = '2015-04-16T08:02:02Z'
      const settled = race.map((step) => ({ ...step, start_time: utc, answer_time: utc, hangup_time: at(40) }))
      expect(idsOf(settled)).toEqual(ids)
    })

    test('of which no two are equal, however often a number comes up in one second', () => {
      const flow = [
        race[1]!,
        race[1]!,
        { ...race[3], origination: [phone(1004, 'NO_ANSWER'), phone(1004, 'ANSWERED')] },
      ]
      expect(new Set(idsOf(flow)).size).toBe(5)
    })
  })

  test.each([
    ['ANSWERED', 'ANSWERED'],
    ['LOSE_RACE', 'ANSWERED_ELSEWHERE'],
    ['PICKED_OFF', 'ANSWERED_ELSEWHERE'],
    ['NO_ANSWER', 'NO_ANSWER'],
    ['NO_USER_RESPONSE', 'NO_ANSWER'],
    ['NORMAL_CLEARING', 'NO_ANSWER'],
    ['USER_BUSY', 'BUSY'],
    ['CALL_REJECTED', 'REJECTED'],
    ['ORIGINATOR_CANCEL', 'CANCELLED'],
    ['USER_NOT_REGISTERED', 'FAILED'],
    ['INVALID_NUMBER_FORMAT', 'FAILED'],
    ['ABDUCTED', 'UNKNOWN'],
  ])('a phone with the result %s is %s', (native, result) => {
    const flow = [{ ...race[3], origination: [phone(1004, native)] }]
    const [group, ring] = toCallDetail(account, call, { call_flow: flow }).steps!
    expect(ring).toMatchObject({ result, nativeResult: native, answeredAt: result === 'ANSWERED' ? t : null })
    expect(group).toMatchObject({ result, answeredAt: result === 'ANSWERED' ? t : null })
  })

  test('that nobody took has no one who answered, and phones that ended differently make it NO_ANSWER', () => {
    const flow = [{ ...race[3], origination: [phone(1004, 'USER_BUSY'), phone(1005, 'NO_ANSWER')] }]
    const detail = toCallDetail(account, call, { call_flow: flow })
    expect(detail.answeredByRef).toBeNull()
    expect(detail.steps![0]).toMatchObject({ result: 'NO_ANSWER' })
  })

  test('that left for a mobile phone is a forward, and the extension that sent it on went on', () => {
    const flow = [
      {
        callee: 902120000041,
        start_time: T,
        answer_time: null,
        hangup_time: null,
        redirection: 'REDIRECTED_TO_EXTENSION',
        redirection_target: 1001,
      },
      { callee: 1001, start_time: T, answer_time: null, hangup_time: null, redirection: 'OTHER' },
      { callee: 905321234567, start_time: T, answer_time: T, hangup_time: END, redirection: 'OTHER' },
    ]
    expect(toCallDetail(account, call, { call_flow: flow }).steps).toMatchObject([
      { action: 'ENTER_DID', result: 'CONTINUED' },
      { action: 'RING', result: 'CONTINUED', targetRef: { kind: 'Extension', number: '1001' } },
      {
        action: 'FORWARD',
        result: 'ANSWERED',
        answeredAt: t,
        targetRef: { kind: 'ExternalNumber', number: '+905321234567' },
      },
    ])
  })

  test('given up in a menu ends there', () => {
    const flow = [
      race[0],
      { callee: 10, start_time: T, answer_time: T, hangup_time: END, redirection: 'CONNECTING_TO_MENU' },
    ]
    expect(toCallDetail(account, call, { call_flow: flow })).toMatchObject({
      answeredByRef: null,
      groupRefs: [],
      steps: [{ result: 'CONTINUED' }, { action: 'ENTER_MENU', result: 'ANSWERED' }],
    })
  })

  test('is null when it is not told, and empty when there is nothing to tell', () => {
    expect(toCallDetail(account, call, {})).toEqual({ answeredByRef: null, groupRefs: null, steps: null })
    expect(toCallDetail(account, call, { call_flow: [] })).toEqual({ answeredByRef: null, groupRefs: [], steps: [] })
  })

  test('never fails on what it is sent', () => {
    const step = fc.record(
      {
        callee: fc.anything(),
        start_time: fc.anything(),
        redirection: fc.anything(),
        origination: fc.oneof(
          fc.anything(),
          fc.array(fc.record({ destination: fc.anything(), result: fc.anything() })),
        ),
      },
      { requiredKeys: [] },
    )
    fc.assert(
      fc.property(
        fc.oneof(fc.anything(), fc.array(fc.oneof(step, fc.anything()))),
        (call_flow) => void toCallDetail(account, call, { call_flow }),
      ),
    )
  })
})
