import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'

import type { CallRow } from '../../../src/providers/freepbx/emulator/call-rows.js'
import type { FreepbxEmulator } from '../../../src/providers/freepbx/emulator/emulator.js'
import { freepbx } from '../../../src/providers/freepbx/index.js'
import type { CallRecord } from '../../../src/model/call-record.js'
import type { Reference } from '../../../src/model/reference.js'
import { createWorld, newOperation, type World } from '../../../src/testing/world.js'
import { told, type Told } from './told-rows.js'

let world: World<FreepbxEmulator>
beforeAll(async () => void (world = await createWorld<FreepbxEmulator>(freepbx, { scale: 0.001 })))
afterAll(() => world.close())

const OUTSIDE = '05550005001'
const GROUP = { dcontext: 'ext-group' }
const QUEUE = { dcontext: 'ext-queues' }
const INSIDE = { did: '' }

const nameOf = (reference: Reference | null | undefined): string | null => {
  if (!reference) return null
  switch (reference.kind) {
    case 'Extension':
    case 'Group':
      return `${reference.kind} ${reference.number}`
    case 'AutoAttendant':
      return `Menu ${reference.id}`
    case 'VoicemailBox':
      return `Mailbox ${reference.number}`
    case 'ExternalNumber':
    case 'Did':
      return `${reference.kind} ${reference.number}`
    default:
      return reference.reason
  }
}

/** A call as a tree that reads in one look. */
function tree(call: CallRecord) {
  const { direction, disposition, durationSeconds, waitSeconds, talkSeconds } = call
  const legs = call.steps!.map(({ action, result, targetRef, parentId }) =>
    `${parentId === null ? '' : '- '}${action} ${nameOf(targetRef) ?? ''} ${result}`.replace('  ', ' '),
  )
  return {
    what: `${direction} ${disposition}`,
    by: nameOf(call.answeredByRef),
    seconds: [durationSeconds, waitSeconds, talkSeconds],
    groups: call.groupRefs!.map(nameOf),
    legs,
  }
}

async function callOf(rows: readonly CallRow[]): Promise<CallRecord> {
  world.emulator.setCalls([...rows].sort((a, b) => a.end - b.end))
  const call = await world.account('machine').source(newOperation()).callRecords!.byId(rows[0]!.linkedid)
  return call!
}

const GOLDEN: Readonly<Record<string, { rows: CallRow[]; is: ReturnType<typeof tree> }>> = {
  'one phone that answers': {
    rows: told([[0, 0, OUTSIDE, '100', 'trunk', '100', 'Dial', 0, 5, 25, 'ANSWERED']]),
    is: {
      what: 'INBOUND ANSWERED',
      by: 'Extension 100',
      seconds: [25, 5, 20],
      groups: [],
      legs: ['RING Extension 100 ANSWERED'],
    },
  },
  'a phone that nobody takes': {
    rows: told([[0, 0, OUTSIDE, '100', 'trunk', '100', 'Dial', 0, null, 8, 'NO ANSWER']]),
    is: { what: 'INBOUND MISSED', by: null, seconds: [8, 8, 0], groups: [], legs: ['RING Extension 100 NO_ANSWER'] },
  },
  'three phones of a group, of which the second is fastest': {
    rows: told(
      [
        [0, 0, OUTSIDE, '600', 'trunk', '100', 'Dial', 0, null, 4, 'NO ANSWER'],
        [4, 0, OUTSIDE, '600', 'trunk', '0101', 'Dial', 0, 4, 10, 'ANSWERED'],
        [5, 0, OUTSIDE, '600', 'trunk', '102', 'Dial', 0, null, 4, 'NO ANSWER'],
      ],
      GROUP,
    ),
    is: {
      ...{ what: 'INBOUND ANSWERED', by: 'Extension 0101', seconds: [10, 4, 6], groups: ['Group 600'] },
      legs: [
        'ENTER_GROUP Group 600 CONTINUED',
        '- RING Extension 100 ANSWERED_ELSEWHERE',
        '- RING Extension 0101 ANSWERED',
        '- RING Extension 102 ANSWERED_ELSEWHERE',
      ],
    },
  },
  'a queue that reaches its agents through local channels: each phone once': {
    rows: told([
      [2, 2, OUTSIDE, '101', 'L101;2', '101', 'Dial', 0, null, 2, 'NO ANSWER'],
      [9, 8, OUTSIDE, '100', 'L100;2', '100', 'Dial', 0, 2, 7, 'ANSWERED'],
      [0, 0, OUTSIDE, '701', 'trunk', 'L101;1', 'Queue', 0, null, 2, 'NO ANSWER', QUEUE],
      [10, 0, OUTSIDE, '701', 'trunk', 'L100;1', 'Queue', 0, 2, 7, 'ANSWERED', QUEUE],
    ] as Told[]),
    is: {
      ...{ what: 'INBOUND ANSWERED', by: 'Extension 100', seconds: [7, 2, 5], groups: ['Group 701'] },
      legs: [
        'ENTER_GROUP Group 701 CONTINUED',
        '- RING Extension 101 ANSWERED_ELSEWHERE',
        '- RING Extension 100 ANSWERED',
      ],
    },
  },
  'a queue with a hole of half an hour between its rounds': {
    rows: told(
      [
        [0, 0, OUTSIDE, '701', 'trunk', '100', 'Queue', 0, null, 4, 'NO ANSWER'],
        [3, 0, OUTSIDE, '701', 'trunk', '102', 'Queue', 1800, 1801, 1806, 'ANSWERED'],
      ],
      QUEUE,
    ),
    is: {
      ...{ what: 'INBOUND ANSWERED', by: 'Extension 102', seconds: [1806, 1801, 5], groups: ['Group 701'] },
      legs: ['ENTER_GROUP Group 701 CONTINUED', '- RING Extension 100 NO_ANSWER', '- RING Extension 102 ANSWERED'],
    },
  },
  'a queue that answered, and whose caller left': {
    rows: told(
      [
        [0, 0, OUTSIDE, '701', 'trunk', '100', 'Queue', 0, 0, 6, 'NO ANSWER'],
        [2, 0, OUTSIDE, '701', 'trunk', '', 'Hangup', 6, 6, 6, 'ANSWERED'],
      ],
      QUEUE,
    ),
    is: {
      ...{ what: 'INBOUND MISSED', by: null, seconds: [6, 6, 0], groups: ['Group 701'] },
      legs: ['ENTER_GROUP Group 701 CONTINUED', '- RING Extension 100 NO_ANSWER'],
    },
  },
  'a transfer to a colleague, which replaces what was dialled': {
    rows: told([
      [0, 0, OUTSIDE, '103', 'trunk', '102', 'Dial', 0, 2, 6, 'ANSWERED'],
      [3, 0, OUTSIDE, '103', 'trunk', '103', 'Dial', 6, 6, 14, 'ANSWERED'],
    ]),
    is: {
      ...{ what: 'INBOUND ANSWERED', by: 'Extension 103', seconds: [14, 2, 12], groups: [] },
      legs: ['RING Extension 102 ANSWERED', 'RING Extension 103 ANSWERED'],
    },
  },
  'a transfer to a phone that nobody takes': {
    rows: told([
      [0, 0, OUTSIDE, '105', 'trunk', '102', 'Dial', 0, 2, 6, 'ANSWERED'],
      [3, 0, OUTSIDE, '105', 'trunk', '104', 'Dial', 6, 6, 12, 'NO ANSWER'],
    ]),
    is: {
      ...{ what: 'INBOUND ANSWERED', by: 'Extension 102', seconds: [12, 2, 4], groups: [] },
      legs: ['RING Extension 102 ANSWERED', 'RING Extension 104 NO_ANSWER'],
    },
  },
  'an attended transfer, with rows of empty numbers': {
    rows: told([
      [5, 1, '5008', '', '102', 'L103;1', 'AppDial', 9, 9, 14, 'ANSWERED'],
      [3, 3, OUTSIDE, '103', 'L103;2', '103', 'Dial', 9, 11, 16, 'ANSWERED'],
      [6, 2, '', '103', 'L103;1', '', '', 14, 14, 16, 'ANSWERED'],
      [0, 0, OUTSIDE, '100', 'trunk', '102', 'Dial', 0, 2, 9, 'ANSWERED'],
      [7, 0, OUTSIDE, '100', 'trunk', 'L103;1', 'Dial', 9, 9, 16, 'ANSWERED'],
    ]),
    is: expect.objectContaining({
      ...{ what: 'INBOUND ANSWERED', by: 'Extension 103', seconds: [16, 2, 14], groups: [] },
    }) as never,
  },
  'a mailbox after a phone': {
    rows: told([
      [0, 0, OUTSIDE, '100', 'trunk', '100', 'Dial', 0, null, 5, 'NO ANSWER'],
      [2, 0, OUTSIDE, 'vmu100', 'trunk', '', 'VoiceMail', 5, 5, 12, 'ANSWERED'],
    ]),
    is: {
      ...{ what: 'INBOUND VOICEMAIL', by: null, seconds: [12, 5, 7], groups: [] },
      legs: ['RING Extension 100 NO_ANSWER', 'VOICEMAIL Mailbox 100 ANSWERED'],
    },
  },
  'a menu that nobody left': {
    rows: told([[0, 0, OUTSIDE, 's', 'trunk', '', 'BackGround', 0, 0, 4, 'ANSWERED', { dcontext: 'ivr-1' }]]),
    is: { what: 'INBOUND MISSED', by: null, seconds: [4, 0, 0], groups: [], legs: ['ENTER_MENU Menu 1 CONTINUED'] },
  },
  'a call that another phone picked up': {
    rows: told([
      [0, 0, OUTSIDE, '100', 'trunk', '100', 'Dial', 0, null, 0, 'NO ANSWER'],
      [3, 0, OUTSIDE, '100', 'trunk', '102', 'Dial', 4, 4, 8, 'ANSWERED'],
    ]),
    is: {
      ...{ what: 'INBOUND ANSWERED', by: 'Extension 102', seconds: [8, 4, 4], groups: [] },
      legs: ['RING Extension 100 NO_ANSWER', 'RING Extension 102 ANSWERED'],
    },
  },
  'a call that was parked and fetched': {
    rows: told([
      [3, 2, '103', '701', '103', '', 'ParkedCall', 7, 7, 7, 'ANSWERED'],
      [0, 0, OUTSIDE, '100', 'trunk', '102', 'Dial', 0, 1, 4, 'ANSWERED'],
      [2, 0, OUTSIDE, '100', 'trunk', '', 'Park', 4, 4, 7, 'ANSWERED'],
      [4, 0, OUTSIDE, '100', 'trunk', '103', 'Dial', 7, 7, 12, 'ANSWERED'],
    ]),
    is: expect.objectContaining({
      ...{ what: 'INBOUND ANSWERED', by: 'Extension 103', seconds: [12, 1, 11], groups: [] },
    }) as never,
  },
  'a step after the talk, which names nobody': {
    rows: told([
      [0, 0, OUTSIDE, '100', 'trunk', '102', 'Dial', 0, 2, 5, 'ANSWERED'],
      [2, 0, OUTSIDE, '100', 'trunk', '', 'Hangup', 5, 5, 8, 'ANSWERED'],
    ]),
    is: {
      ...{ what: 'INBOUND ANSWERED', by: 'Extension 102', seconds: [8, 2, 6], groups: [] },
      legs: ['RING Extension 102 ANSWERED', 'UNKNOWN CONTINUED'],
    },
  },
  'the step after a phone nobody took says FAILED, and the call was missed': {
    rows: told([
      [0, 0, OUTSIDE, '100', 'trunk', '100', 'Dial', 0, null, 8, 'NO ANSWER'],
      [2, 0, OUTSIDE, '100', 'trunk', '', 'Hangup', 8, null, 8, 'FAILED'],
    ]),
    is: expect.objectContaining({ ...{ what: 'INBOUND MISSED', by: null, seconds: [8, 8, 0] } }) as never,
  },
  'a forwarding to a number outside': {
    rows: told([[0, 0, OUTSIDE, '05551112233', 'trunk', 'out', 'Dial', 0, 3, 9, 'ANSWERED']]),
    is: {
      ...{ what: 'INBOUND ANSWERED', by: 'ExternalNumber +905551112233', seconds: [9, 3, 6], groups: [] },
      legs: ['RING ExternalNumber +905551112233 ANSWERED'],
    },
  },
  'a call to the outside': {
    rows: told([[0, 0, '100', '05551112233', '100', 'out', 'Dial', 0, 4, 9, 'ANSWERED']], {
      ...INSIDE,
      outbound_cnum: '903120000061',
    }),
    is: {
      ...{ what: 'OUTBOUND ANSWERED', by: 'ExternalNumber +905551112233', seconds: [9, 4, 5], groups: [] },
      legs: ['RING ExternalNumber +905551112233 ANSWERED'],
    },
  },
  'a busy line outside': {
    rows: told([[0, 0, '100', '05551112233', '100', 'out', 'Dial', 0, null, 2, 'BUSY']], INSIDE),
    is: expect.objectContaining({ what: 'OUTBOUND BUSY', by: null, seconds: [2, 2, 0] }) as never,
  },
  'a colleague who answers': {
    rows: told([[0, 0, '100', '102', '100', '102', 'Dial', 0, 1, 7, 'ANSWERED']], INSIDE),
    is: {
      what: 'INTERNAL ANSWERED',
      by: 'Extension 102',
      seconds: [7, 1, 6],
      groups: [],
      legs: ['RING Extension 102 ANSWERED'],
    },
  },
  'a colleague who is busy': {
    rows: told([[0, 0, '100', '102', '100', '102', 'Dial', 0, null, 1, 'BUSY']], INSIDE),
    is: expect.objectContaining({ what: 'INTERNAL BUSY', by: null }) as never,
  },
  'one’s own mailbox': {
    rows: told([[0, 0, '100', '*97', '100', '', 'VoiceMailMain', 0, 0, 7, 'ANSWERED']], INSIDE),
    is: expect.objectContaining({ what: 'INTERNAL ANSWERED', by: null }) as never,
  },
  'a copy of a row, which only the sequence tells apart': {
    rows: told([
      [0, 0, OUTSIDE, '100', 'trunk', '', 'Hangup', 0, 0, 4, 'ANSWERED'],
      [1, 0, OUTSIDE, '100', 'trunk', '', 'Hangup', 0, 0, 4, 'ANSWERED'],
    ]),
    is: expect.objectContaining({ what: 'INBOUND MISSED', by: null, seconds: [4, 0, 0] }) as never,
  },
  'a fax': {
    rows: told([[0, 0, OUTSIDE, 's', 'trunk', '', 'ReceiveFAX', 0, 2, 30, 'ANSWERED', { dcontext: 'ext-fax' }]]),
    is: expect.objectContaining({ what: 'INBOUND ANSWERED', by: null, seconds: [30, 2, 28] }) as never,
  },
}

describe('rows of an Asterisk become one call', () => {
  test.each(Object.entries(GOLDEN))('%s', async (_, { rows, is }) => {
    expect(tree(await callOf(rows))).toEqual(is)
  })

  test('with the caller’s name, the DID, and who was called', async () => {
    const call = await callOf(GOLDEN['three phones of a group, of which the second is fastest']!.rows)
    expect(call.caller).toMatchObject({
      number: '+905550005001',
      rawNumber: OUTSIDE,
      displayName: 'Deniz Kaya',
      endpointRef: null,
    })
    expect(call.callee).toMatchObject({
      number: '+903120000061',
      rawNumber: '903120000061',
      endpointRef: { kind: 'Did' },
    })
    expect(call.didRef).toMatchObject({ kind: 'Did', number: '+903120000061' })
  })

  test('without a place of the dialplan, a mailbox or an empty text for a number', async () => {
    for (const name of [
      'a mailbox after a phone',
      'a menu that nobody left',
      'an attended transfer, with rows of empty numbers',
    ]) {
      const { caller, callee } = await callOf(GOLDEN[name]!.rows)
      expect([caller.rawNumber, callee.rawNumber]).toEqual([OUTSIDE, '903120000061'])
    }
  })

  test('with its recordings by name alone: nobody can have the bytes, and no link says otherwise', async () => {
    const [row] = told([[0, 0, OUTSIDE, '100', 'trunk', '100', 'Dial', 0, 5, 25, 'ANSWERED']])
    const file = 'external-100-05550005001-20260211-110000-1770796800.900.wav'
    const call = await callOf([
      { ...row!, recordingfile: file },
      { ...row!, sequence: 4001, recordingfile: file },
    ])
    expect(call.recordings).toMatchObject([{ status: 'UNKNOWN', nativeName: file, mimeType: 'audio/wav' }])
    expect(world.account('machine').source(newOperation()).recordings).toBeUndefined()
  })

  test('by linkedid, and by the channel alone where an old database has none', async () => {
    const rows = told([[0, 0, OUTSIDE, '100', 'trunk', '100', 'Dial', 0, 5, 25, 'ANSWERED']])
    world.emulator.setCalls(rows.map((row) => ({ ...row, linkedid: '' })))
    const call = await world.account('machine').source(newOperation()).callRecords!.byId(rows[0]!.uniqueid)
    expect(call?.providerResourceId).toBe(rows[0]!.uniqueid)
  })

  test('without a time that nobody told: null is no zero', async () => {
    const told100 = told([[0, 0, OUTSIDE, '100', 'trunk', '100', 'Dial', 0, 5, 25, 'ANSWERED']])
    const seconds = async (field: string) => {
      const rewrite = (body: string) => body.replaceAll(new RegExp(`"${field}":\\d+`, 'g'), `"${field}":null`)
      world.emulator.faults.next({ rewrite, times: Infinity, path: /gql/ })
      const call = await callOf(told100)
      world.emulator.faults.clear()
      expect([call.disposition, nameOf(call.answeredByRef)]).toEqual(['ANSWERED', 'Extension 100'])
      return [call.answeredAt, call.endedAt, ...tree(call).seconds, call.steps![0]!.answeredAt, call.steps![0]!.endedAt]
    }
    const end = new Date(told100[0]!.end).toISOString()
    expect(await seconds('billsec')).toEqual([null, end, 25, null, null, null, end])
    expect(await seconds('duration')).toEqual([null, null, null, null, null, null, null])
  })

  test('with no more seconds than can be counted', async () => {
    const [first] = told([[0, 0, OUTSIDE, '100', 'trunk', '100', 'Dial', 0, 5, 25, 'ANSWERED']])
    const start = first!.start + 60_000
    const rewrite = (body: string) => body.replace('"duration":26', `"duration":${2 ** 31 - 1}`)
    world.emulator.faults.next({ rewrite, times: Infinity, path: /gql/ })
    const call = await callOf([first!, { ...first!, sequence: 4001, start, end: start + 26_000 }])
    world.emulator.faults.clear()
    expect([call.endedAt! > '2094', call.durationSeconds]).toEqual([true, null])
  })

  test.each([
    ['"A very long company na', 'A very long company na'],
    ['"O"Brien" <05550005001>', 'O"Brien'],
    ['"" <05550005001>', null],
    ['"05550005001" <05550005001>', null],
    ['', null],
  ])('with the caller’s name as far as it is told: %s', async (clid, name) => {
    const rows = told([[0, 0, OUTSIDE, '100', 'trunk', '100', 'Dial', 0, 5, 25, 'ANSWERED']], { clid })
    expect((await callOf(rows)).caller.displayName).toBe(name)
  })

  test('never with a line of ours as somebody outside: where it was sent on to is not told', async () => {
    const call = await callOf(told([[0, 0, OUTSIDE, '100', 'trunk', 'out', 'Dial', 0, 5, 25, 'ANSWERED']]))
    expect(tree(call)).toMatchObject({ what: 'INBOUND ANSWERED', by: null, legs: ['RING ANSWERED'] })
    const emergency = await callOf(told([[0, 0, '100', '112', '100', 'out', 'Dial', 0, 5, 25, 'ANSWERED']], INSIDE))
    expect(tree(emergency).what).toBe('OUTBOUND ANSWERED')
    expect([emergency.answeredByRef, emergency.callee.rawNumber]).toMatchObject([
      { kind: 'ExternalNumber', rawNumber: '112' },
      '112',
    ])
  })

  test('with the word for nobody answered where an early release sends an empty one', async () => {
    const rows = told([[0, 0, OUTSIDE, '100', 'trunk', '100', 'Dial', 0, null, 8, '']])
    expect(tree(await callOf(rows)).what).toBe('INBOUND MISSED')
  })
})
