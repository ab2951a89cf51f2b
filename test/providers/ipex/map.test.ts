import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'

import {
  CallDirection,
  CallDisposition,
  CallLegAction as Action,
  CallLegResult as Result,
} from '../../../src/model/call-record.js'
import { globalId, parseGlobalId } from '../../../src/model/id.js'
import { readRow, type CallRow } from '../../../src/providers/ipex/call-rows.js'
import { configuredLogin, isExpired } from '../../../src/providers/ipex/auth.js'
import { selectionOf } from '../../../src/providers/ipex/call-selection.js'
import { personOf, toPerson, toProfile } from '../../../src/providers/ipex/map/account.js'
import { toLegs } from '../../../src/providers/ipex/map/call-events.js'
import { toCallRecord, involvesExtension } from '../../../src/providers/ipex/map/call-record.js'
import { toForwardingRules } from '../../../src/providers/ipex/map/forwarding.js'
import { toGroupNumber, toGroups } from '../../../src/providers/ipex/map/group.js'
import { NumberIndex } from '../../../src/providers/ipex/map/numbers.js'
import { toLegsOfRows } from '../../../src/providers/ipex/map/row-legs.js'
import { ipexSettings } from '../../../src/providers/ipex/settings.js'
import { byPlace } from '../leg-places.js'
import { cases } from '../../support/proof.js'

const ACCOUNT = { key: 'praha', country: 'CZ', timeZone: 'Europe/Prague', redirectUri: 'http://127.0.0.1/' }
const READ_AT = '2026-02-11T15:00:00.000Z'
const CALL = '1770798660.1'

const USER = '6f2c0d0e-1111-4c22-9a33-0123456789ab'
/** The published shapes of `GET /numbers`, with the variants its notes speak of. */
const NUMBERS = [
  {
    id: '8841',
    number: '420222333444',
    type: 'ddi',
    ownerType: 'application',
    ownerId: 'TUx5',
    applicationType: 'ivr',
    priority: 1,
    numplan: { id: 3, name: 'CZ' },
  },
  { id: '8842', number: '0101', type: 'exten', ownerType: 'user', ownerId: USER, numplan: { id: 3, name: 'CZ' } },
  { id: '8843', number: '222333445', type: 'did', ownerType: 'user', ownerId: USER, numplan: {} },
  {
    id: '8844',
    number: '00420222333446',
    type: 'ddi',
    ownerType: 'application',
    ownerId: '12',
    applicationType: 'queue',
    numplan: {},
  },
  { id: '8845', number: '+420222333447', type: 'ddi', ownerType: 'application', ownerId: '12', numplan: {} },
  {
    id: '8846',
    number: '222333448',
    type: 'ddi',
    ownerType: 'application',
    ownerId: '3',
    applicationType: 'skillsGroup',
    numplan: {},
  },
  {
    id: '8847',
    number: '222333449',
    type: 'ddi',
    ownerType: 'application',
    ownerId: 'ZmF4',
    applicationType: 'fax',
    numplan: {},
  },
  { id: '8848', number: '222333450', type: 'ddi', ownerType: 'user', ownerId: 'gone', numplan: {} },
  { id: '8849', number: '116111', type: 'ddi', ownerType: 'application', ownerId: 'ZmF4', numplan: {} },
  { id: '8850', number: '777000111', type: 'cid', ownerType: 'user', ownerId: USER, numplan: {} },
  {
    id: '8851',
    number: '7001',
    type: 'exten',
    ownerType: 'application',
    ownerId: 'TUx5',
    applicationType: 'ivr',
    numplan: {},
  },
]
const USERS = [{ id: USER, login: 'novak@example.cz', name: 'Jan', surname: 'Novák', pbxUserId: 5, exten: 101 }]

describe('A number', () => {
  const dids = new NumberIndex(ACCOUNT, NUMBERS, READ_AT).dids()

  test('from outside is a DID, whichever word and whichever way of writing it the list has', () => {
    expect(dids.map(({ providerResourceId, rawNumber, number }) => [providerResourceId, rawNumber, number])).toEqual([
      ['8841', '420222333444', '+420222333444'],
      ['8843', '222333445', '+420222333445'],
      ['8844', '00420222333446', '+420222333446'],
      ['8845', '+420222333447', '+420222333447'],
      ['8846', '222333448', '+420222333448'],
      ['8847', '222333449', '+420222333449'],
      ['8848', '222333450', '+420222333450'],
      ['8849', '116111', null],
    ])
    expect(dids[0]).toEqual({
      __typename: 'Did',
      id: globalId('Did', 'praha', '8841'),
      accountKey: 'praha',
      providerResourceId: '8841',
      fetchedAt: READ_AT,
      payload: NUMBERS[0],
      number: '+420222333444',
      rawNumber: '420222333444',
      status: 'ACTIVE',
      nativeStatus: null,
      destinationRef: { kind: 'AutoAttendant', id: '7001', number: '7001', name: null },
      hours: null,
    })
  })

  test.each([
    ['8841', { kind: 'AutoAttendant', id: '7001', number: '7001', name: null }],
    ['8843', { kind: 'Extension', id: '8842', number: '0101', nativeType: 'user' }],
    ['8844', { kind: 'Group', id: 'queue:12', nativeType: 'queue' }],
    ['8845', { kind: 'Group', id: 'queue:12', nativeType: null }],
    ['8846', { kind: 'Group', id: 'skill:3', nativeType: 'skillsGroup' }],
    ['8847', { kind: 'Unresolved', nativeType: 'fax', nativeId: 'ZmF4', rawNumber: null, reason: 'UNKNOWN_TYPE' }],
    ['8848', { kind: 'Unresolved', nativeType: 'user', nativeId: 'gone', rawNumber: null, reason: 'NOT_FOUND' }],
    [
      '8849',
      { kind: 'Unresolved', nativeType: 'application', nativeId: 'ZmF4', rawNumber: null, reason: 'UNKNOWN_TYPE' },
    ],
  ])('%s leads where its owner is', (id, destination) => {
    expect(dids.find(({ providerResourceId }) => providerResourceId === id)?.destinationRef).toEqual(destination)
  })

  test('from inside is an extension with the zeros of /numbers and the name of its owner', () => {
    const [line, menu] = new NumberIndex(ACCOUNT, NUMBERS, READ_AT).extensions(USERS)
    expect(line).toEqual({
      __typename: 'Extension',
      id: globalId('Extension', 'praha', '8842'),
      accountKey: 'praha',
      providerResourceId: '8842',
      fetchedAt: READ_AT,
      payload: { ...NUMBERS[1], user: USERS[0] },
      number: '0101',
      displayName: 'Jan Novák',
      email: 'novak@example.cz',
      registration: 'UNKNOWN',
      callerIdRef: null,
      voicemail: null,
      forwardingRules: undefined,
      permissions: null,
      ownerId: '6f2c0d0e-1111-4c22-9a33-0123456789ab',
      groupIds: undefined,
      didIds: ['8843'],
    })
    expect(menu).toMatchObject({
      number: '7001',
      displayName: null,
      email: null,
      forwardingRules: [],
      didIds: ['8841'],
    })
  })

  test('whose owner has a plain login has no e-mail, and an unknown owner no name', () => {
    const plain = new NumberIndex(ACCOUNT, NUMBERS, READ_AT).extensions([{ ...USERS[0], login: 'novak', surname: '' }])
    expect(plain[0]).toMatchObject({ displayName: 'Jan', email: null })
    expect(new NumberIndex(ACCOUNT, NUMBERS, READ_AT).extensions([])[0]).toMatchObject({
      displayName: null,
      email: null,
    })
  })

  test('of the wrong shape is left out alone, and counted', () => {
    const numbering = new NumberIndex(
      ACCOUNT,
      [null, 7, 'x', [], { id: '1' }, { id: 1, number: 420222333444, type: 'DDI' }, NUMBERS[0]],
      READ_AT,
    )
    expect(numbering.dids().map(({ providerResourceId }) => providerResourceId)).toEqual(['1', '8841'])
    expect(numbering.dids()[0]?.destinationRef).toBeNull()
    expect(numbering.unreadable).toBe(5)
  })
})

describe('Forwarding', () => {
  const profile = (params: object, active: unknown = true) => ({
    id: 1,
    name: 'Office',
    active,
    description: '',
    params,
  })
  test.each([
    [
      'the profile without a device sends every call on',
      [profile({ hasDevice: false, hasForward: true, fwd: 'mymobile', fwdNum: '777000111' })],
      [
        {
          condition: 'ALWAYS',
          destinationRef: { kind: 'ExternalNumber', number: '+420777000111', rawNumber: '777000111' },
        },
      ],
    ],
    [
      'the profile with a device does not say when',
      [profile({ hasDevice: true, hasForward: true, fwd: 'another', fwdNum: '0102' })],
      [{ condition: 'UNKNOWN', destinationRef: { kind: 'Extension', number: '0102' } }],
    ],
    [
      'a forward without its number leads nowhere',
      [profile({ hasDevice: true, fwd: 'mymobile', fwdNum: null })],
      [
        {
          condition: 'UNKNOWN',
          destinationRef: {
            kind: 'Unresolved',
            nativeType: 'mymobile',
            nativeId: null,
            rawNumber: null,
            reason: 'NOT_FOUND',
          },
        },
      ],
    ],
    [
      'none is none',
      [profile({ hasDevice: true, fwd: 'none', fwdNum: '777000111' }), profile({ hasDevice: true, fwd: null })],
      [],
    ],
    [
      'a profile that is not active does not count',
      [profile({ fwd: 'another', fwdNum: '777000111' }, false), null, { id: 3 }],
      [],
    ],
  ])('%s', (_, profiles, rules) => {
    expect(toForwardingRules(ACCOUNT, profiles)).toEqual(rules.map((rule) => ({ ...rule, accountKey: 'praha' })))
  })
})

describe('Groups', () => {
  const member = (userId: string, rest: object) => ({
    userId,
    pbxUserId: 1,
    firstName: 'A',
    lastName: 'B',
    login: 'ab',
    ...rest,
  })
  const members = [
    member('u1', {
      exten: { id: 1, number: '0101' },
      queues: [
        { id: 12, name: 'Prodej', callerId: null },
        { id: 13, name: 'Podpora', callerId: '600' },
      ],
      skillsGroup: null,
    }),
    member('u2', {
      exten: null,
      queues: [{ id: 12, name: 'Prodej', callerId: null }],
      skillsGroup: { id: 12, name: 'Němčina' },
    }),
    member('u3', { exten: { id: 3, number: '0103' } }),
    null,
  ]

  test('are the queues and the skills of the members, turned round', () => {
    const groups = toGroups(ACCOUNT, members, READ_AT)
    expect(
      groups.map(({ providerResourceId, kind, name, countedMembers }) => [
        providerResourceId,
        kind,
        name,
        countedMembers,
      ]),
    ).toEqual([
      ['queue:12', 'QUEUE', 'Prodej', 2],
      ['queue:13', 'QUEUE', 'Podpora', 1],
      ['skill:12', 'SKILL_GROUP', 'Němčina', 1],
    ])
    expect(groups[0]).toEqual({
      __typename: 'Group',
      id: globalId('Group', 'praha', 'queue:12'),
      accountKey: 'praha',
      providerResourceId: 'queue:12',
      fetchedAt: READ_AT,
      payload: { id: 12, name: 'Prodej', callerId: null, members: [members[0], members[1]] },
      kind: 'QUEUE',
      name: 'Prodej',
      ringTimeoutSeconds: null,
      internalNumber: undefined,
      memberships: [
        { member: { kind: 'Extension', number: '0101' }, priority: null, delaySeconds: null },
        {
          member: { kind: 'Extension', nativeType: 'user', ownerId: 'u2' },
          priority: null,
          delaySeconds: null,
        },
      ],
      countedMembers: 2,
    })
  })

  test('have the number of the application of their id, or of their name where it tells no id', () => {
    const destinations = [
      { id: '1', name: 'Prodej', extension: '0109', ownerType: 'user', properties: null },
      {
        id: '12',
        name: 'Prodej',
        extension: '6001',
        ownerType: 'application',
        properties: { id: '12', applicationType: 'queue', freeAgents: 2, status: null },
      },
      null,
    ]
    const numberOf = (providerResourceId: string, name: string | null, among: readonly unknown[] = destinations) =>
      toGroupNumber({ providerResourceId, name }, among)
    expect(numberOf('queue:12', 'Prodej')).toBe('6001')
    expect(numberOf('queue:13', 'Podpora')).toBeNull()
    // Ids of queues and of skill groups are counted apart, and so may be those of two groups of one name.
    expect(numberOf('skill:12', 'Prodej')).toBeNull()
    const unidentified = { name: 'Prodej', extension: '6002', ownerType: 'application', properties: { id: null } }
    expect(numberOf('queue:9', 'Prodej', [...destinations, unidentified])).toBe('6002')
    expect(numberOf('queue:9', null, [{ ownerType: 'application', extension: '1' }])).toBeNull()
  })
})

describe('The profile', () => {
  test('is that of the current user, else of the token, else of the configured login', () => {
    expect(
      toProfile(toPerson({ userId: '1', firstName: 'Jan', lastName: 'Novák', email: 'n@example.cz', pbxRoles: [] })!),
    ).toMatchObject({
      name: 'Jan Novák',
      contactName: 'Jan Novák',
      email: 'n@example.cz',
      status: 'UNKNOWN',
      balance: null,
      messageCredits: null,
    })
    expect(toPerson({ pbxRoles: [] })).toBeNull()
    expect(toPerson('nonsense')).toBeNull()
    expect(personOf({ userId: 's', name: 'Jan', email: 'j@example.cz' }, 'api@example.cz')).toEqual({
      name: 'Jan',
      email: 'j@example.cz',
    })
    expect(personOf({}, 'api@example.cz')).toEqual({ name: null, email: 'api@example.cz' })
    expect(personOf({}, 'plain')).toEqual({ name: null, email: null })
  })

  test('of an impersonating login is that of the person acted for', () => {
    const parsed = ipexSettings.parse({
      auth: { flow: 'password', username: 'api@example.cz', password: 'x', impersonate: 'novak@example.cz' },
    })
    expect(configuredLogin(parsed.auth)).toBe('novak@example.cz')
  })
})

/** The published row. */
const ROW = {
  ...{
    user_id: USER,
    line: '0101',
    calldate: '2026-02-11T09:31:07.000+01:00',
    endTime: '2026-02-11T09:33:40.000+01:00',
    stamp: '2026-02-11T09:33:41.000+01:00',
  },
  ...{
    clid: '"Novak" <777000111>',
    src: '777000111',
    dst: '0101',
    phoneNumber: '777000111',
    duration: 153,
    billsec: 141,
    disposition: 'ANSWERED',
    way: 'In',
    trunk: 't1',
  },
  ...{
    uniqueid: '1770798667.501',
    linkedid: '1770798667.501',
    organization: '',
    cc_cb: null,
    queue: null,
    note: null,
    user: { login: 'novak' },
    userAnswered: true,
  },
}
const row = (changes: object = {}): CallRow => readRow({ ...ROW, ...changes }, 'UTC', READ_AT)!
const at = (minute: number, second = 0) =>
  `2026-02-11T09:${String(minute).padStart(2, '0')}:${String(second).padStart(2, '0')}.000+01:00`
const utc = (minute: number, second = 0) => at(minute, second).replace('T09', 'T08').replace('+01:00', 'Z')

describe('A call', () => {
  test('of one row is told in full', () => {
    expect(toCallRecord(ACCOUNT, [row({ filename: 'a.mp3', hangupcause: 'NORMAL_CLEARING' })], READ_AT)).toEqual({
      __typename: 'CallRecord',
      id: globalId('CallRecord', 'praha', '1770798667.501'),
      accountKey: 'praha',
      providerResourceId: '1770798667.501',
      fetchedAt: READ_AT,
      payload: { items: [{ ...ROW, filename: 'a.mp3', hangupcause: 'NORMAL_CLEARING' }] },
      kind: 'VOICE',
      direction: 'INBOUND',
      caller: {
        number: '+420777000111',
        rawNumber: '777000111',
        displayName: 'Novak',
        endpointRef: { kind: 'Did', number: '+420777000111', rawNumber: '777000111' },
        accountKey: 'praha',
      },
      callee: {
        number: null,
        rawNumber: '0101',
        displayName: null,
        endpointRef: { kind: 'Extension', number: '0101' },
        accountKey: 'praha',
      },
      startedAt: utc(31, 7),
      answeredAt: utc(31, 19),
      endedAt: utc(33, 40),
      durationSeconds: 153,
      waitSeconds: 12,
      talkSeconds: 141,
      disposition: 'ANSWERED',
      nativeDisposition: 'ANSWERED',
      nativeHangupCause: 'NORMAL_CLEARING',
      hangupParty: 'UNKNOWN',
      recordings: [
        {
          __typename: 'Recording',
          id: globalId('Recording', 'praha', '1770798667.501/a.mp3'),
          accountKey: 'praha',
          nativeName: 'a.mp3',
          status: 'AVAILABLE',
          mimeType: null,
          speakerRefs: [{ kind: 'Extension', number: '0101' }],
        },
      ],
      cost: null,
      // The number of a phone is not what was dialled from outside.
      didRef: null,
      answeredByRef: { kind: 'Extension', number: '0101' },
      groupRefs: [],
      steps: undefined,
    })
  })

  test('of several rows spans them, and was taken where it was taken last', () => {
    const rows = [
      row({
        dst: '222333444',
        line: '0102',
        queue: 'Prodej',
        calldate: at(31),
        endTime: at(31, 20),
        duration: 20,
        billsec: 0,
        disposition: 'NO ANSWER',
        uniqueid: '1770798660.1',
      }),
      row({
        dst: '222333444',
        line: '0101',
        queue: 'Prodej',
        calldate: at(31, 20),
        endTime: at(33),
        duration: 100,
        billsec: 90,
        uniqueid: '1770798660.2',
        filename: 'a.mp3',
      }),
      row({
        dst: '0103',
        line: '0103',
        queue: null,
        calldate: at(33, 10),
        endTime: at(35),
        duration: 110,
        billsec: 100,
        uniqueid: '1770798660.3',
        filename: 'b.mp3',
        hangupcause: 'LAST',
      }),
    ]
    expect(toCallRecord(ACCOUNT, rows, READ_AT)).toMatchObject({
      startedAt: utc(31),
      answeredAt: utc(31, 30),
      endedAt: utc(35),
      durationSeconds: 240,
      waitSeconds: 30,
      talkSeconds: 210,
      disposition: 'ANSWERED',
      nativeHangupCause: 'LAST',
      callee: {
        number: '+420222333444',
        endpointRef: { kind: 'Did', number: '+420222333444', rawNumber: '222333444' },
      },
      didRef: { kind: 'Did', number: '+420222333444', rawNumber: '222333444' },
      answeredByRef: { kind: 'Extension', number: '0103' },
      groupRefs: [{ kind: 'Group', name: 'Prodej' }],
      recordings: [{ nativeName: 'a.mp3' }, { nativeName: 'b.mp3' }],
    })
  })

  test.each([
    ['In', 'ANSWERED', CallDisposition.ANSWERED],
    ['Out', 'answered', CallDisposition.ANSWERED],
    ['In', 'NO ANSWER', CallDisposition.MISSED],
    ['In', 'NO_ANSWER', CallDisposition.MISSED],
    ['Out', 'NO ANSWER', CallDisposition.NO_ANSWER],
    ['Loc', 'NO ANSWER', CallDisposition.NO_ANSWER],
    ['In', 'BUSY', CallDisposition.BUSY],
    ['Out', 'FAILED', CallDisposition.FAILED],
    ['Out', 'CONGESTION', CallDisposition.FAILED],
    ['In', 'SOMETHING NEW', CallDisposition.UNKNOWN],
    ['In', null, CallDisposition.UNKNOWN],
  ])('that went %s and ended %s is %s', (way, disposition, expected) => {
    expect(toCallRecord(ACCOUNT, [row({ way, disposition })], READ_AT)).toMatchObject({
      disposition: expected,
      nativeDisposition: disposition,
    })
  })

  test('is answered when any of its rows is, and ended as the phone that rang longest did when none is', () => {
    const missed = row({ calldate: at(31), disposition: 'NO ANSWER', billsec: 0 })
    const busy = row({ calldate: at(32), disposition: 'BUSY', billsec: 0, uniqueid: '1770798667.502' })
    expect(toCallRecord(ACCOUNT, [missed, busy], READ_AT)).toMatchObject({
      disposition: 'MISSED',
      nativeDisposition: 'NO ANSWER',
      answeredAt: null,
      talkSeconds: 0,
      answeredByRef: null,
    })
    expect(toCallRecord(ACCOUNT, [row({ calldate: at(31) }), busy], READ_AT)).toMatchObject({
      disposition: 'ANSWERED',
      nativeDisposition: 'ANSWERED',
    })
    expect(toCallRecord(ACCOUNT, [row({ disposition: 'NO ANSWER', billsec: 0 })], READ_AT)).toMatchObject({
      waitSeconds: 153,
      talkSeconds: 0,
    })
  })

  test.each([
    ['In', CallDirection.INBOUND],
    ['Out', CallDirection.OUTBOUND],
    ['Loc', CallDirection.INTERNAL],
    ['loc', CallDirection.INTERNAL],
    ['Sideways', CallDirection.UNKNOWN],
    ['constructor', CallDirection.UNKNOWN],
    [undefined, CallDirection.UNKNOWN],
  ])('that went %s is %s', (way, expected) => {
    expect(toCallRecord(ACCOUNT, [row({ way })], READ_AT).direction).toBe(expected)
  })

  test('to the outside was taken by whom it was made to, and shows the number it went out with', () => {
    expect(toCallRecord(ACCOUNT, [row({ way: 'Out', src: '0101', dst: '00905321112233' })], READ_AT)).toMatchObject({
      caller: { number: null, rawNumber: '0101', endpointRef: { kind: 'Extension', number: '0101' } },
      callee: { number: '+905321112233', rawNumber: '00905321112233' },
      didRef: { kind: 'Did', number: null, rawNumber: '0101' },
      answeredByRef: { kind: 'ExternalNumber', number: '+905321112233', rawNumber: '00905321112233' },
    })
    expect(toCallRecord(ACCOUNT, [row({ way: 'Out', src: '222333444', dst: '112' })], READ_AT)).toMatchObject({
      callee: { number: null, rawNumber: '112', endpointRef: null },
      didRef: { kind: 'Did', number: '+420222333444' },
    })
  })

  test('that came in and was sent on to a mobile phone was taken there', () => {
    const rows = [
      row({ calldate: at(31), disposition: 'NO ANSWER', billsec: 0 }),
      row({ calldate: at(32), way: 'Out', dst: '603111222', uniqueid: '1770798667.502' }),
    ]
    expect(toCallRecord(ACCOUNT, rows, READ_AT)).toMatchObject({
      direction: 'INBOUND',
      answeredByRef: { kind: 'ExternalNumber', number: '+420603111222', rawNumber: '603111222' },
    })
  })

  test.each(['777000111', '222333499', '910000355'])(
    'between two lines takes %s for an extension, if the list has one of as many digits as a public number',
    (line) => {
      const listed = { kind: 'Extension', number: line }
      const call = toCallRecord(ACCOUNT, [row({ way: 'Loc', src: '0102', dst: line, line })], READ_AT)
      expect(call.callee).toMatchObject({
        ...{ number: `+420${line}`, endpointRef: { kind: 'Did', number: `+420${line}`, otherwise: listed } },
      })
      expect(call.answeredByRef).toMatchObject({ ...listed, otherwise: { kind: 'ExternalNumber', rawNumber: line } })
      const outgoing = toCallRecord(ACCOUNT, [row({ way: 'Out', src: line, dst: '112' })], READ_AT)
      expect(outgoing.caller.endpointRef).toMatchObject({ kind: 'Did', otherwise: listed })
      expect(outgoing.callee.endpointRef).toBeNull()
    },
  )

  test('between our own lines is between two extensions', () => {
    expect(
      toCallRecord(ACCOUNT, [row({ way: 'Loc', src: '0102', dst: '0101', clid: '"0102" <0102>' })], READ_AT),
    ).toMatchObject({
      caller: { number: null, displayName: null, endpointRef: { kind: 'Extension', number: '0102' } },
      callee: { number: null, endpointRef: { kind: 'Extension', number: '0101' } },
      didRef: null,
      answeredByRef: { kind: 'Extension', number: '0101' },
    })
  })

  test('from nobody knows whom keeps the word for it', () => {
    expect(
      toCallRecord(ACCOUNT, [row({ src: 'anonymous', clid: '"anonymous" <anonymous>' })], READ_AT).caller,
    ).toMatchObject({ number: null, rawNumber: 'anonymous', endpointRef: null })
    expect(toCallRecord(ACCOUNT, [row({ src: null, clid: null })], READ_AT).caller).toMatchObject({
      number: null,
      rawNumber: null,
      displayName: null,
      endpointRef: null,
    })
  })

  test('whose line came as a number gets its zeros back from the number dialled, or says that they are lost', () => {
    expect(toCallRecord(ACCOUNT, [row({ line: 101 })], READ_AT).answeredByRef).toEqual({
      kind: 'Extension',
      number: '0101',
    })
    expect(toCallRecord(ACCOUNT, [row({ line: 101, dst: '222333444' })], READ_AT).answeredByRef).toEqual({
      kind: 'Extension',
      number: '101',
      zerosLost: true,
    })
    expect(involvesExtension([row({ line: 101, dst: '222333444' })], new Set(['0101']))).toBe(true)
    expect(involvesExtension([row({ line: '0102', dst: '222333444' })], new Set(['0101']))).toBe(false)
  })

  test.each([
    ['"Novak" <777000111>', 'Novak'],
    ['Jan Novak <777000111>', 'Jan Novak'],
    ['"777000111" <777000111>', null],
    ['+420 777 000 111', null],
    ['<777000111>', null],
    ['', null],
  ])('with the caller id %s shows the name %s', (clid, name) => {
    expect(toCallRecord(ACCOUNT, [row({ clid })], READ_AT).caller.displayName).toBe(name)
  })

  test.each([
    ['777000111', '+420777000111'],
    ['420777000111', '+420777000111'],
    ['+420777000111', '+420777000111'],
    ['00420777000111', '+420777000111'],
    ['00905321112233', '+905321112233'],
    ['0101', null],
    ['112', null],
    ['anonymous', null],
  ])('from %s is from %s', (src, number) => {
    expect(toCallRecord(ACCOUNT, [row({ src })], READ_AT).caller).toMatchObject({ number, rawNumber: src })
  })

  test('is known by the id its rows share, else by the row', () => {
    expect(row({ linkedid: undefined, uniqueid: '1770798667.501' })).toMatchObject({
      call: '1770798667.501',
      joinable: false,
    })
    expect(row({ linkedid: undefined, uniqueid: undefined })).toMatchObject({
      call: '2026-02-11T08:31:07.000Z|777000111|0101|0101',
      joinable: false,
    })
    expect(readRow({ ...ROW, calldate: 'yesterday' }, 'UTC', READ_AT)).toBeNull()
    expect(readRow('row', 'UTC', READ_AT)).toBeNull()
  })

  test.each([
    ['an offset means what it says', '2026-02-11T09:31:07.000+01:00', 'Europe/Prague', '2026-02-11T08:31:07.000Z'],
    ['no offset is the zone asked for', '2026-02-11T09:31:07.000', 'UTC', '2026-02-11T09:31:07.000Z'],
    ['no offset in Prague, winter', '2026-02-11T09:31:07', 'Europe/Prague', '2026-02-11T08:31:07.000Z'],
    ['no offset in Prague, summer', '2026-07-11 09:31:07', 'Europe/Prague', '2026-07-11T07:31:07.000Z'],
    [
      'the last second before the clocks go forward',
      '2026-03-29T01:59:59',
      'Europe/Prague',
      '2026-03-29T00:59:59.000Z',
    ],
    ['the first second after', '2026-03-29T03:00:00', 'Europe/Prague', '2026-03-29T01:00:00.000Z'],
    ['the hour that is skipped', '2026-03-29T02:30:00', 'Europe/Prague', '2026-03-29T01:30:00.000Z'],
    ['the hour that comes twice, as the first', '2026-10-25T02:30:00', 'Europe/Prague', '2026-10-25T00:30:00.000Z'],
    [
      'the hour that comes twice, told apart by its offset',
      '2026-10-25T02:30:00.000+01:00',
      'Europe/Prague',
      '2026-10-25T01:30:00.000Z',
    ],
    ['the hour after it', '2026-10-25T03:00:00', 'Europe/Prague', '2026-10-25T02:00:00.000Z'],
  ])('begins when its row says: %s', (_, calldate, zone, instant) => {
    expect(new Date(readRow({ ...ROW, calldate }, zone, READ_AT)!.startedAt).toISOString()).toBe(instant)
  })

  test('with absurd values is still a call', () => {
    const record = toCallRecord(
      ACCOUNT,
      [
        row({
          duration: -5,
          billsec: 'NaN',
          endTime: 'never',
          disposition: 7,
          way: {},
          src: [],
          dst: 222333444,
          line: null,
          queue: 12,
          filename: '',
        }),
      ],
      READ_AT,
    )
    expect(record).toMatchObject({
      direction: 'UNKNOWN',
      disposition: 'UNKNOWN',
      endedAt: null,
      durationSeconds: null,
      talkSeconds: 0,
      recordings: [],
      groupRefs: [{ kind: 'Group', name: '12' }],
    })
    expect(record.callee).toMatchObject({ number: '+420222333444', rawNumber: '222333444' })
  })
})

describe("A call's way", () => {
  const event = (eventtype: string, second: number, dst: string | null, src: string | null = '777000111') => ({
    eventtype,
    eventtime: at(31, second),
    src,
    dst,
  })
  const legsOf = (events: readonly unknown[], rows: readonly CallRow[]) => {
    const legs = toLegs(CALL, events, rows, 'UTC', ACCOUNT)
    return legs && byPlace(legs)
  }
  const story = (events: readonly unknown[], rows = [row({ dst: '222333444', queue: 'Prodej' })]) =>
    legsOf(events, rows)?.map(({ id, action, result, targetRef, answeredAt, endedAt }) => [
      id,
      action,
      result,
      targetRef?.kind ?? null,
      answeredAt,
      endedAt,
    ])

  test('through a menu and a queue is a tree: phones that rang together are siblings', () => {
    const events = [
      event('CHAN_START', 0, '222333444'),
      event('IVR_ENTER', 0, '7001'),
      event('IVR_EXIT', 5, '7001'),
      event('QUEUE_ENTER', 5, '6001'),
      event('CHAN_START', 6, '0101'),
      event('CHAN_START', 6, '0102'),
      event('ANSWER', 10, '0101'),
      event('BRIDGE_ENTER', 10, '0101'),
      event('ANSWERED_ELSEWHERE', 10, '0102'),
      event('HANGUP', 10, '0102'),
      event('BRIDGE_EXIT', 40, '0101'),
      event('HANGUP', 40, '0101'),
      event('QUEUE_EXIT', 40, '6001'),
      event('HANGUP', 40, '222333444'),
      event('LINKEDID_END', 40, null),
    ]
    expect(story(events)).toEqual([
      ['1', Action.ENTER_DID, Result.CONTINUED, 'Did', null, null],
      ['2', Action.ENTER_MENU, Result.CONTINUED, 'AutoAttendant', null, utc(31, 5)],
      ['3', Action.ENTER_GROUP, Result.ANSWERED, 'Group', utc(31, 10), utc(31, 40)],
      ['3.1', Action.RING, Result.ANSWERED, 'Extension', utc(31, 10), utc(31, 40)],
      ['3.2', Action.RING, Result.ANSWERED_ELSEWHERE, 'Extension', null, utc(31, 10)],
    ])
    const legs = legsOf(events, [row({ dst: '222333444', queue: 'Prodej' })])!
    expect(legs.map(({ sequence, parentId }) => [sequence, parentId])).toEqual([
      [0, null],
      [1, null],
      [2, null],
      [3, '3'],
      [4, '3'],
    ])
    expect(legs[2]).toMatchObject({ nativeAction: 'QUEUE_ENTER', targetRef: { kind: 'Group', name: 'Prodej' } })
    expect(legs[4]).toMatchObject({ nativeAction: 'CHAN_START', nativeResult: 'ANSWERED_ELSEWHERE' })
  })

  describe('has legs with ids', () => {
    const rows = [row({ dst: '222333444', queue: 'Prodej' })]
    const legs = (events: readonly unknown[], from = rows, call = CALL) => toLegs(call, events, from, 'UTC', ACCOUNT)!
    const idsOf = (...given: Parameters<typeof legs>) => legs(...given).map(({ id }) => id)
    const events = [
      event('CHAN_START', 0, '222333444'),
      event('QUEUE_ENTER', 5, '6001'),
      event('CHAN_START', 6, '0101'),
      event('CHAN_START', 6, '0102'),
      event('BLINDTRANSFER', 20, '0103', '0101'),
      event('CHAN_START', 20, '0103'),
    ]
    const ids = idsOf(events)

    test('that name the call, are different, and are these for ever', () => {
      expect(new Set(ids).size).toBe(6)
      expect(ids.map((id) => parseGlobalId(id))).toEqual(
        ids.map(() => ({
          type: 'CallLeg',
          account: 'praha',
          native: expect.stringMatching(/^[\w-]{16}\/1770798660\.1$/),
        })),
      )
      expect([ids[0], ids[2]]).toEqual([
        'TDpwcmFoYTpsQm90bHM2MVBpLUI4TkkzLzE3NzA3OTg2NjAuMQ',
        'TDpwcmFoYTpNUzlpWFM3LWFka3psd0JtLzE3NzA3OTg2NjAuMQ',
      ])
      expect(idsOf(events, rows, 'another').filter((id) => ids.includes(id))).toEqual([])
    })

    test('that stay when later events and rows bring more legs, wherever they come in', () => {
      const later = [
        events[0],
        event('IVR_ENTER', 1, '7001'),
        event('IVR_EXIT', 5, '7001'),
        event('QUEUE_ENTER', 5, '6001'),
        event('CHAN_START', 6, '0104'),
        ...events.slice(2, 4),
        event('ANSWERED_ELSEWHERE', 8, '0102'),
        event('ANSWER', 8, '0101'),
        ...events.slice(4),
        event('ANSWER', 22, '0103'),
        event('VOICEMAIL_START', 40, '0103'),
      ]
      const now = idsOf(later)
      expect(ids.filter((id) => !now.includes(id))).toEqual([])
      expect(new Set(now).size).toBe(ids.length + 3)
    })

    test('that stay when the first row shows that the call came in on a number', () => {
      const first = [event('CHAN_START', 0, '222333444')]
      const [before] = legs(first, [row({ dst: '222333444', way: null })])
      const [after] = legs(first)
      expect([before!.action, after!.action]).toEqual([Action.FORWARD, Action.ENTER_DID])
      expect(after!.id).toBe(before!.id)
    })

    test('that stay for a row of the log, whatever rows follow and however its line is written', () => {
      const ring = (uniqueid: string, more: object = {}) =>
        row({ dst: '222333444', queue: 'Prodej', calldate: at(31), uniqueid, line: '0101', ...more })
      const rowIds = (...from: CallRow[]) => toLegsOfRows(CALL, from, ACCOUNT).map(({ id }) => id)
      const [first, second] = [ring('1770798660.2'), ring('1770798660.4')]
      const before = rowIds(first, second)
      expect(before).toHaveLength(4)
      const after = rowIds(
        ring('1770798660.1'),
        first,
        ring('1770798660.3'),
        second,
        ring('1770798660.5', { queue: '' }),
      )
      expect(before.filter((id) => !after.includes(id))).toEqual([])
      expect(new Set(after).size).toBe(7)
      expect(rowIds(ring('1770798660.2', { line: 101 }), second)).toEqual(before)
      expect(ids.filter((id) => after.includes(id))).toEqual([])
    })
  })

  test('of a call handed over has the handing over and the phone that took it', () => {
    expect(
      story([
        event('CHAN_START', 0, '222333444'),
        event('CHAN_START', 1, '0101'),
        event('ANSWER', 4, '0101'),
        event('BRIDGE_EXIT', 20, '0101'),
        event('HANGUP', 20, '0101'),
        event('BLINDTRANSFER', 20, '0103', '0101'),
        event('CHAN_START', 20, '0103'),
        event('ANSWER', 25, '0103'),
        event('HANGUP', 50, '0103'),
      ]),
    ).toEqual([
      ['1', Action.ENTER_DID, Result.CONTINUED, 'Did', null, null],
      ['2', Action.RING, Result.ANSWERED, 'Extension', utc(31, 4), utc(31, 20)],
      ['3', Action.TRANSFER, Result.CONTINUED, 'Extension', null, null],
      ['4', Action.RING, Result.ANSWERED, 'Extension', utc(31, 25), utc(31, 50)],
    ])
  })

  test('of a call sent on to a mobile phone has one leg for the phone it was sent to', () => {
    expect(
      story([
        event('CHAN_START', 0, '222333444'),
        event('CHAN_START', 1, '0101'),
        event('NOANSWER', 20, '0101'),
        event('HANGUP', 20, '0101'),
        event('FORWARD', 20, '603111222', '0101'),
        event('CHAN_START', 20, '603111222'),
        event('ANSWER', 25, '603111222'),
        event('HANGUP', 50, '603111222'),
      ]),
    ).toEqual([
      ['1', Action.ENTER_DID, Result.CONTINUED, 'Did', null, null],
      ['2', Action.RING, Result.NO_ANSWER, 'Extension', null, utc(31, 20)],
      ['3', Action.FORWARD, Result.ANSWERED, 'ExternalNumber', utc(31, 25), utc(31, 50)],
    ])
  })

  test.each([
    ['NOANSWER', Result.NO_ANSWER],
    ['BUSY', Result.BUSY],
    ['REJECTED', Result.REJECTED],
    ['CANCEL', Result.CANCELLED],
    ['CONGESTION', Result.FAILED],
  ])('to a phone that fell silent by %s ended %s', (word, result) => {
    const events = [event('CHAN_START', 0, '222333444'), event('CHAN_START', 1, '0101'), event(word, 9, '0101')]
    expect(story(events)?.[1]).toEqual(['2', Action.RING, result, 'Extension', null, utc(31, 9)])
  })

  test('of an outgoing and of an internal call is the one phone', () => {
    const outgoing = [
      event('CHAN_START', 0, '603111222', '0101'),
      event('ANSWER', 5, '603111222'),
      event('HANGUP', 9, '603111222'),
    ]
    expect(story(outgoing, [row({ way: 'Out', src: '0101', dst: '603111222' })])).toEqual([
      ['1', Action.RING, Result.ANSWERED, 'ExternalNumber', utc(31, 5), utc(31, 9)],
    ])
    const internal = [
      event('CHAN_START', 0, '0102', '0101'),
      event('CHAN_START', 0, '0102'),
      event('BUSY', 1, '0102'),
      event('HANGUP', 1, '0102'),
    ]
    expect(story(internal, [row({ way: 'Loc', src: '0101', dst: '0102' })])).toEqual([
      ['1', Action.RING, Result.BUSY, 'Extension', null, utc(31, 1)],
    ])
  })

  test('to the voicemail box ends there', () => {
    const events = [
      event('CHAN_START', 0, '222333444'),
      event('CHAN_START', 1, '0101'),
      event('NOANSWER', 20, '0101'),
      event('VOICEMAIL_START', 20, '0101'),
      event('VOICEMAIL_END', 30, '0101'),
    ]
    expect(story(events)?.[2]).toEqual([
      '3',
      Action.VOICEMAIL,
      Result.ANSWERED,
      'VoicemailBox',
      utc(31, 20),
      utc(31, 30),
    ])
  })

  test('with a word nobody knows keeps the word', () => {
    const legs = toLegs(
      CALL,
      [event('CHAN_START', 0, '222333444'), event('PARK_START', 3, null), null, { eventtype: 'X' }],
      [row({ dst: '222333444' })],
      'UTC',
      ACCOUNT,
    )!
    expect(legs[1]).toMatchObject({ action: 'UNKNOWN', nativeAction: 'PARK_START', result: 'UNKNOWN', targetRef: null })
    expect(toLegs(CALL, [], [row()], 'UTC', ACCOUNT)).toBeNull()
  })

  test('without events is told by the rows', () => {
    const rows = [
      row({
        dst: '222333444',
        line: '0102',
        queue: 'Prodej',
        calldate: at(31),
        endTime: at(31, 20),
        billsec: 0,
        disposition: 'NO ANSWER',
        hangupcause: 'ANSWERED_ELSEWHERE',
      }),
      row({
        dst: '222333444',
        line: '0101',
        queue: 'Prodej',
        calldate: at(31),
        endTime: at(33),
        billsec: 90,
        uniqueid: '1770798660.2',
      }),
      row({
        dst: '603111222',
        line: '0101',
        queue: null,
        way: 'Out',
        calldate: at(33),
        endTime: at(34),
        billsec: 0,
        disposition: 'BUSY',
        uniqueid: '1770798660.3',
      }),
    ]
    expect(
      byPlace(toLegsOfRows(CALL, rows, ACCOUNT)).map(({ id, action, result, targetRef }) => [
        id,
        action,
        result,
        targetRef?.kind,
      ]),
    ).toEqual([
      ['1', Action.ENTER_DID, Result.CONTINUED, 'Did'],
      ['2', Action.ENTER_GROUP, Result.ANSWERED, 'Group'],
      ['2.1', Action.RING, Result.ANSWERED_ELSEWHERE, 'Extension'],
      ['2.2', Action.RING, Result.ANSWERED, 'Extension'],
      ['3', Action.FORWARD, Result.BUSY, 'ExternalNumber'],
    ])
  })
})

describe('A filter by number', () => {
  const nothing = {
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

  test('is asked for in every spelling, on the side it is about', () => {
    expect(selectionOf({ ...nothing, callerNumbers: ['+420777000111'] }, 'CZ', 'equal')).toEqual({
      field: 'callerNumbers',
      queries: [{ src: '+420777000111' }, { src: '420777000111' }, { src: '00420777000111' }, { src: '777000111' }],
    })
    expect(selectionOf({ ...nothing, numbers: ['+905321112233'] }, 'CZ', 'equal')?.queries).toEqual(
      ['src', 'dst'].flatMap((side) =>
        ['+905321112233', '905321112233', '00905321112233'].map((number) => ({ [side]: number })),
      ),
    )
    expect(selectionOf({ ...nothing, calleeNumbers: ['+420777000111'] }, 'CZ', 'endsWith')?.queries).toEqual([
      { dst: '777000111', dstFilter: 'endsWith' },
    ])
  })

  test('of several lists asks for the one that takes the fewest requests, and for none that takes too many', () => {
    const many = Array.from({ length: 5 }, (_, index) => `+42077700011${index}`)
    expect(
      selectionOf(
        { ...nothing, numbers: ['+420777000111'], callerNumbers: many, calleeNumbers: ['+420777000111'] },
        'CZ',
        'equal',
      )?.field,
    ).toBe('calleeNumbers')
    expect(selectionOf({ ...nothing, numbers: many }, 'CZ', 'equal')).toBeNull()
    expect(selectionOf(nothing, 'CZ', 'equal')).toBeNull()
  })
})

test('Only 401 says that the token has run out: 403 is about rights', () => {
  expect([200, 400, 401, 403, 500].filter((status) => isExpired({ status }))).toEqual([401])
})

describe('Whatever the provider sends', () => {
  /** Documented payloads with any of their values replaced by any other. */
  const mutated = (payload: object) =>
    fc.record(
      Object.fromEntries(
        Object.entries(payload).map(([key, value]) => [
          key,
          fc.oneof({ weight: 4, arbitrary: fc.constant(value) }, { weight: 1, arbitrary: fc.anything() }),
        ]),
      ),
      { requiredKeys: [] },
    )

  test('every mapper gives an answer', () => {
    fc.assert(
      fc.property(
        fc.array(mutated(ROW), { minLength: 1 }),
        fc.array(fc.oneof(mutated({ eventtype: 'CHAN_START', eventtime: at(31), src: '1', dst: '2' }), fc.anything())),
        (items, events) => {
          const rows = items.flatMap((item) => readRow(item, 'UTC', READ_AT) ?? [])
          if (rows.length === 0) return
          const call = toCallRecord(ACCOUNT, rows, READ_AT)
          expect(call.durationSeconds === null || call.durationSeconds >= 0).toBe(true)
          expect(Date.parse(call.startedAt)).not.toBeNaN()
          toLegs(CALL, events, rows, 'UTC', ACCOUNT)
          toLegsOfRows(CALL, rows, ACCOUNT)
        },
      ),
      { numRuns: cases(2_000) },
    )
    fc.assert(
      fc.property(
        fc.array(fc.oneof(...NUMBERS.map(mutated), fc.anything())),
        fc.array(fc.oneof(...USERS.map(mutated), fc.anything())),
        (numbers, users) => {
          const numbering = new NumberIndex(ACCOUNT, numbers, READ_AT)
          expect(numbering.dids().length + numbering.unreadable).toBeLessThanOrEqual(numbers.length)
          numbering.extensions(users)
          toGroups(ACCOUNT, numbers, READ_AT)
          toForwardingRules(ACCOUNT, numbers)
          toPerson(numbers[0])
        },
      ),
      { numRuns: cases(2_000) },
    )
  })
})
