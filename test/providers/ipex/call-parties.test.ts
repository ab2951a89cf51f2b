import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'

import { involvesExtension } from '../../../src/providers/ipex/map/call-record.js'
import { toLegs } from '../../../src/providers/ipex/map/call-events.js'
import { toForwardingRules } from '../../../src/providers/ipex/map/forwarding.js'
import { ACCOUNT, at, callOf, CALLER, DID, legsOf, rowsTold } from './told-rows.js'

const taken = { says: 'ANSWERED', talk: 5 }

describe('A short number outside', () => {
  test.each(['112', '158', '1188', '0201'])('dialled out is nobody of ours: %s', (dst) => {
    const row = { ...taken, from: 0, until: 9, way: 'Out', src: '0209', line: '0209', dst }
    expect(callOf(row)).toMatchObject({
      callee: { number: null, rawNumber: dst, endpointRef: null },
      answeredByRef: { kind: 'ExternalNumber', number: null, rawNumber: dst },
    })
    expect(legsOf(row)).toEqual([`RING ${dst} ANSWERED`])
    expect(involvesExtension(rowsTold(row), new Set([dst]))).toBe(false)
    expect(involvesExtension(rowsTold(row), new Set(['0209']))).toBe(true)
    const events = [{ eventtype: 'CHAN_START', eventtime: at(0), src: '0209', dst }]
    expect(toLegs('call', events, rowsTold(row), 'UTC', ACCOUNT)?.[0]?.targetRef?.kind).toBe('ExternalNumber')
  })

  test('a call is forwarded to is nobody of ours, and neither is a mobile phone', () => {
    const ring = { from: 0, until: 9, line: '0201' }
    const forward = { ...taken, from: 9, until: 30, way: 'Out', line: '0201', dst: '112' }
    expect(legsOf(ring, forward).at(-1)).toBe('FORWARD 112 ANSWERED')
    expect(involvesExtension(rowsTold(ring, forward), new Set(['112']))).toBe(false)
    const events = [
      { eventtype: 'CHAN_START', eventtime: at(0), src: CALLER, dst: DID },
      { eventtype: 'FORWARD', eventtime: at(9), src: '0201', dst: '112' },
    ]
    expect(toLegs('call', events, rowsTold(ring, forward), 'UTC', ACCOUNT)?.at(-1)?.targetRef).toMatchObject({
      ...{ kind: 'ExternalNumber', number: null, rawNumber: '112' },
    })
    const profile = (fwd: string) => ({
      active: true,
      params: { hasDevice: true, hasForward: true, fwd, fwdNum: '112' },
    })
    for (const fwd of ['mymobile', 'another']) {
      expect(toForwardingRules(ACCOUNT, [profile(fwd)])[0]?.destinationRef?.kind).toBe('ExternalNumber')
    }
  })

  test('that calls us is nobody of ours', () => {
    expect(involvesExtension(rowsTold({ from: 0, until: 3, src: '112', line: '0201' }), new Set(['112']))).toBe(false)
  })
})

describe("A caller's name", () => {
  test.each([
    ['"A firm with a name that was cut o', 'A firm with a name that was cut o'],
    ['"A firm <of two> cut', 'A firm <of two> cut'],
    ['"The "Blue" Door" <605222333>', 'The "Blue" Door'],
    ['"The "Blue" Door', 'The "Blue" Door'],
    ['"Says \\"hello\\"" <605222333>', 'Says "hello"'],
    ['"Nováková, Ida" <605222', 'Nováková, Ida'],
    ['Ida "Ivy" N <605222333>', 'Ida "Ivy" N'],
    ['Ida N <605', 'Ida N'],
    ['"Prod\uFFFD', 'Prod'],
    ['"605222333', null],
    // What stands behind the name is not of it, however it is written.
    ['"Ida N" <sip:605222333@pbx.example.test>;tag=7', 'Ida N'],
    ['"Ida" N <605222333>', 'Ida N'],
    ['Ida N <sales> <605222333>', 'Ida N <sales>'],
    ['"The <Blue> Door" <605222333>', 'The <Blue> Door'],
    // A number in place of the name, however it is grouped.
    ['"605-222-333" <605222333>', null],
    ['"+420 (605) 222/333" <605222333>', null],
    ['605.222.333', null],
    ['"*97" <*97>', null],
    ['"" <605222333>', null],
    ['"" <>', null],
    ['"', null],
    ['<', null],
  ])('of %s is what is there of it: %s', (clid, name) => {
    expect(callOf({ from: 0, until: 3, clid }).caller.displayName).toBe(name)
  })

  test('is told however it is spelt, and wherever the text ends', () => {
    const name = fc
      .string({ minLength: 1, maxLength: 20 })
      .filter((text) => /\p{L}/u.test(text) && !/[<>\\"]/.test(text))
    fc.assert(
      fc.property(name, fc.nat(40), (told, end) => {
        const clid = `"${told}" <${CALLER}>`
        const shown = (text: string) => callOf({ from: 0, until: 3, clid: text }).caller.displayName
        expect(shown(clid)).toBe(told.trim())
        const cut = clid.slice(0, 1 + Math.min(end, told.length))
        const left = cut.slice(1).trim()
        expect(shown(cut)).toBe(left === '' || /^[+\d\s().\-/*#]+$/.test(left) ? null : left)
      }),
    )
  })
})

describe('What was dialled', () => {
  test.each([
    [
      'to the phone that took it',
      [
        { ...taken, from: 0, until: 30, line: '0202', dst: '0203' },
        { ...taken, from: 30, until: 60, line: '0203', dst: '0203' },
      ],
    ],
    [
      'to a phone that did not take it',
      [
        { ...taken, from: 0, until: 30, line: '0202', dst: '0205' },
        { from: 30, until: 60, line: '0205', dst: '0205' },
      ],
    ],
    [
      'to a number outside',
      [
        { ...taken, from: 0, until: 30, line: '0202', dst: '605000111' },
        { ...taken, from: 30, until: 60, way: 'Out', line: '0202', dst: '605000111' },
      ],
    ],
    [
      'twice',
      [
        { ...taken, from: 0, until: 30, line: '0202', dst: '0203' },
        { ...taken, from: 30, until: 50, line: '0203', dst: '0204' },
        { ...taken, from: 51, until: 70, line: '0204', dst: '0204' },
      ],
    ],
  ])('is not known once the call was transferred %s', (_, rows) => {
    expect(callOf(...rows)).toMatchObject({
      didRef: null,
      callee: { number: null, rawNumber: null, endpointRef: null },
    })
  })

  test('is not known where a menu led to a phone, which is told in its place', () => {
    expect(callOf({ ...taken, from: 0, until: 30, line: '0203', dst: '0203' })).toMatchObject({
      ...{ didRef: null, callee: { rawNumber: '0203', endpointRef: { kind: 'Extension', number: '0203' } } },
    })
  })

  test('is known while nothing was transferred: it is what the first channel has, whatever came first', () => {
    const inner = { ...taken, from: 0, until: 30, way: 'Loc', channel: 4, src: 'x', dst: '0202', line: '0202' }
    const outer = { ...taken, from: 1, until: 30, channel: 0 }
    expect(callOf(inner, outer)).toMatchObject({
      ...{ direction: 'INBOUND', didRef: { kind: 'Did', number: `+420${DID}` } },
      ...{ caller: { rawNumber: CALLER }, callee: { rawNumber: DID }, answeredByRef: { number: '0202' } },
    })
    const queued = { ...taken, from: 0, until: 30, line: '0202' }
    expect(callOf(queued, { ...taken, from: 30, until: 60, line: '0203' }).didRef).toMatchObject({ kind: 'Did' })
  })
})

describe('A word of the dialplan', () => {
  test.each(['s', 'i', 't', 'h', 'T', '', ' ', 's-BUSY', 's-NOANSWER', '~~s~~'])(
    'is no number and nobody: %p',
    (word) => {
      for (const way of ['In', 'Out', 'Loc']) {
        const call = callOf({ ...taken, from: 0, until: 9, way, src: word, dst: word, line: word, userAnswered: true })
        const nobody = { number: null, rawNumber: null, endpointRef: null }
        expect(call).toMatchObject({ caller: nobody, callee: nobody, answeredByRef: null, didRef: null })
      }
      expect(legsOf({ ...taken, from: 0, until: 9, dst: word, line: word })).toEqual([])
    },
  )

  test('is no phone that rings in the events of a call', () => {
    const events = ['s', 'h', '', null].map((dst) => ({ eventtype: 'CHAN_START', eventtime: at(0), src: CALLER, dst }))
    expect(toLegs('call', events, rowsTold({ from: 0, until: 3 }), 'UTC', ACCOUNT)).toEqual([])
  })

  test('is kept where it is what a caller hides behind', () => {
    expect(callOf({ from: 0, until: 3, src: 'anonymous', line: '1' }).caller.rawNumber).toBe('anonymous')
  })
})
