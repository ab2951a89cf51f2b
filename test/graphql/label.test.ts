import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'

import { displayNumberOf, labelOf, labelOfParty } from '../../src/graphql/label.js'
import { asGroupMember } from '../../src/graphql/types/unions.js'
import { resolveReference, type Destination } from '../../src/loaders/edges/destination.js'
import type { Reference } from '../../src/model/reference.js'
import { toCallRecord as toBulutfonCall } from '../../src/providers/bulutfon/map/call-record.js'
import { toDid } from '../../src/providers/bulutfon/map/did.js'
import { toExtension } from '../../src/providers/bulutfon/map/extension.js'
import { toGroup as toRingGroup } from '../../src/providers/bulutfon/map/group.js'
import { readRow } from '../../src/providers/ipex/call-rows.js'
import { toCallRecord as toIpexCall } from '../../src/providers/ipex/map/call-record.js'
import { toGroups } from '../../src/providers/ipex/map/group.js'
import { NumberIndex } from '../../src/providers/ipex/map/numbers.js'
import { toGroup as toContactList } from '../../src/providers/postacell/map/group.js'
import { did, extension, group } from '../loaders/in-memory.js'

const AT = '2026-02-11T08:00:00.000Z'
const TR = { key: 'istanbul', country: 'TR', timeZone: 'Europe/Istanbul' }
const CZ = { key: 'praha', country: 'CZ', timeZone: 'Europe/Prague' }

/** Label and number as they are shown; a group's number is at `Group.displayNumber`, which may read it. */
const shown = (object: Destination | null): readonly [string, string | null] => [
  labelOf(object!),
  object!.__typename === 'Group' ? (object!.internalNumber ?? null) : displayNumberOf(object!),
]

/** What a reference becomes at an account that has none of the objects. */
const resolved = (reference: Reference) =>
  resolveReference({ account: { key: 'istanbul' }, dids: null, extensions: null, groups: null } as never, reference, AT)

describe('at Bulutfon', () => {
  test.each([
    [{ id: 7, number: 1001, caller_name: 'Deniz Kaya' }, 'Deniz Kaya', '1001'],
    [{ id: 7, number: 1001, caller_name: '' }, '1001', '1001'],
    [{ id: 7, number: '1001', caller_name: '  ' }, '1001', '1001'],
    [{ id: 7, number: '1001' }, '1001', '1001'],
  ])('an extension %j is called %s and shown as %s', (row, label, number) => {
    expect(shown(toExtension(TR, row, AT))).toEqual([label, number])
  })

  test.each([
    [{ id: 3, number: 101, name: 'Satış' }, 'Satış', '101'],
    [{ id: 3, number: 101, name: null }, '101', '101'],
    [{ id: 3, name: ' ' }, '3', null],
  ])('a ring group %j is called %s and shown as %s', (row, label, number) => {
    expect(shown(toRingGroup(TR, row, AT))).toEqual([label, number])
  })

  test.each([
    [{ id: 41, number: 902120000041, state: 'CONFIRMED' }, '+902120000041', '+902120000041'],
    [{ id: 41, number: '90555000000' }, '90555000000', '90555000000'],
  ])('a DID %j is called %s and shown as %s', (row, label, number) => {
    expect(shown(toDid(TR, row, AT))).toEqual([label, number])
  })

  const call = { uuid: 'u-1', direction: 'IN', call_time: '2015-04-16T11:02:02+03:00' }
  test.each([
    [905321234567, '+905321234567'],
    ['112', '112'],
    ['anonymous', 'anonymous'],
    ['', 'Unknown'],
    [null, 'Unknown'],
  ])('a caller %j is called %s', (caller, label) => {
    expect(labelOfParty(toBulutfonCall(TR, { ...call, caller, callee: 1 }, AT)!.caller)).toBe(label)
  })
})

describe('at IPEX', () => {
  const line = { id: '9301', number: '0101', type: 'exten', ownerType: 'user', ownerId: 'u1' }
  test.each([
    [[{ id: 'u1', login: 'jana', name: 'Jana', surname: 'Nová' }], 'Jana Nová'],
    [[{ id: 'u1', login: 'jana', name: ' ', surname: null }], '0101'],
    [[], '0101'],
  ])('a line of the users %j is called %s and shown as 0101', (users, label) => {
    expect(shown(new NumberIndex(CZ, [line], AT).extensions(users)[0]!)).toEqual([label, '0101'])
  })

  test.each([
    ['420222333444', '+420222333444', '+420222333444'],
    ['00420222333444', '+420222333444', '+420222333444'],
    ['1188', '1188', '1188'],
  ])('the DID %s is called %s and shown as %s', (number, label, display) => {
    const dids = new NumberIndex(CZ, [{ id: '8841', number, type: 'ddi' }], AT).dids()
    expect(shown(dids[0]!)).toEqual([label, display])
  })

  test.each([
    [{ id: 12, name: 'Prodej' }, 'Prodej'],
    // Its number is in another list, so a queue without a name is called what IPEX calls it.
    [{ id: 12, name: '' }, 'queue:12'],
    [{ id: 12 }, 'queue:12'],
  ])('a queue %j is called %s without reading its number', (queue, label) => {
    expect(shown(toGroups(CZ, [{ userId: 'u1', queues: [queue] }], AT)[0]!)).toEqual([label, null])
  })

  const row = { calldate: '2026-02-11T09:31:07.000Z', way: 'In', dst: '222333444', linkedid: '1770798660.1' }
  test.each([
    [{ src: '777000111', clid: '"Novak" <777000111>' }, 'Novak'],
    [{ src: '777000111', clid: '"777000111" <777000111>' }, '+420777000111'],
    [{ src: '0101', clid: null }, '0101'],
    [{ src: 'anonymous' }, 'anonymous'],
    [{ src: ' ' }, 'Unknown'],
  ])('a caller %j is called %s', (side, label) => {
    const read = readRow({ ...row, ...side }, 'UTC', AT)!
    expect(labelOfParty(toIpexCall(CZ, [read], AT).caller)).toBe(label)
  })
})

describe('at Postacell', () => {
  test.each([
    [{ id: 'l-1', title: 'Bülten', valid: 12 }, 'Bülten'],
    [{ id: 'l-1', title: '', valid: 12 }, 'l-1'],
    [{ id: 17 }, '17'],
  ])('a contact list %j is called %s, and has no number', (row, label) => {
    expect(shown(toContactList(TR, row, AT))).toEqual([label, null])
  })
})

describe('what a provider refers to', () => {
  test.each<[string, Reference, string, string | null]>([
    ['a menu with a name', { kind: 'AutoAttendant', id: '31', number: '12', name: 'Karşılama' }, 'Karşılama', '12'],
    ['a menu with a number', { kind: 'AutoAttendant', id: '31', number: '12', name: null }, '12', '12'],
    ['a menu with nothing but an id', { kind: 'AutoAttendant', id: '31', number: null, name: null }, '31', null],
    // Its extension has a name, in another list.
    ['a mailbox', { kind: 'VoicemailBox', number: '1002' }, '1002', '1002'],
    ['a mailbox without a number', { kind: 'VoicemailBox', number: null }, 'Voicemail', null],
    [
      'a public number',
      { kind: 'ExternalNumber', number: '+905550000009', rawNumber: '05550000009' },
      '+905550000009',
      '+905550000009',
    ],
    ['a number nobody can read', { kind: 'ExternalNumber', number: null, rawNumber: '*21' }, '*21', '*21'],
    ['a queue that is not listed', { kind: 'Group', name: 'Prodej', nativeType: 'queue' }, 'Prodej', null],
    ['a line that is not listed', { kind: 'Extension', id: '9', number: '1099' }, '1099', '1099'],
    ['a group that is not listed', { kind: 'Group', id: '9', nativeType: 'Group' }, '9', null],
    [
      'a number that is not listed',
      { kind: 'Did', number: '+902120000001', rawNumber: '02120000001' },
      '02120000001',
      '02120000001',
    ],
    [
      'something of an unknown kind',
      { kind: 'Unresolved', nativeType: 'Conference', nativeId: null, rawNumber: null, reason: 'UNKNOWN_TYPE' },
      'Conference',
      null,
    ],
    [
      'something it says nothing of',
      { kind: 'Unresolved', nativeType: null, nativeId: null, rawNumber: null, reason: 'NOT_FOUND' },
      'Unknown',
      null,
    ],
  ])('%s is called by the first that is there', async (_, reference, label, number) => {
    expect(shown(await resolved(reference))).toEqual([label, number])
  })

  test('keeps its label as a member of a group that cannot be called', () => {
    const inner = group('istanbul', '2', { name: 'Destek', internalNumber: undefined })
    expect(shown(asGroupMember(inner))).toEqual(['Destek', null])
    expect(shown(asGroupMember(did('istanbul', '1')))).toEqual(['+902120000001', '+902120000001'])
  })
})

test('a label is never empty, whatever a provider module leaves in its objects', () => {
  const anyText = fc.constantFrom('', ' ', '\t', 'x', '12')
  const orNull = fc.option(anyText, { nil: null })
  const objects = fc.oneof(
    fc.record({ displayName: orNull, number: anyText }).map((given) => extension('istanbul', '1', given)),
    fc.record({ name: orNull, internalNumber: orNull }).map((given) => group('istanbul', '1', given)),
    fc.record({ number: orNull, rawNumber: anyText }).map((given) => did('istanbul', '1', given)),
    fc
      .record({ number: orNull })
      .map((given) => ({ __typename: 'VoicemailBox', accountKey: 'istanbul', ...given }) as const),
    fc
      .record({ number: orNull, rawNumber: anyText })
      .map((given) => ({ __typename: 'ExternalNumber', ...given }) as const),
    fc
      .record({ nativeName: orNull, nativeType: orNull, nativeId: orNull, rawNumber: orNull })
      .map((given) => ({ __typename: 'UnresolvedDestination', reason: 'NOT_FOUND', ...given }) as const),
  )
  fc.assert(fc.property(objects, (object) => labelOf(object).trim() !== ''))
})
