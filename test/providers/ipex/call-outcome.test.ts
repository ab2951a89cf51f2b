import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'

import { ACCOUNT, callOf, CALLER, DID, rowsTold, type ToldRow } from './told-rows.js'
import { toCallRecord } from '../../../src/providers/ipex/map/call-record.js'
import { cases } from '../../support/proof.js'

const phone = (line: string, from: number, until: number, more: Partial<ToldRow> = {}): ToldRow => ({
  ...{ from, until, line },
  ...more,
})
const taken = (line: string, from: number, until: number, talk: number, more: Partial<ToldRow> = {}): ToldRow =>
  phone(line, from, until, { says: 'ANSWERED', talk, ...more })
/** A step of the switchboard: no phone is told. */
const machine = (from: number, until: number, more: Partial<ToldRow> = {}): ToldRow => ({
  ...{ from, until, talk: until - from, says: 'ANSWERED' },
  ...more,
})

const MISSED = { disposition: 'MISSED', answeredAt: null, talkSeconds: 0, answeredByRef: null }

describe('A call that came in and was', () => {
  test('hung up in the queue that had answered it was missed, and waited all the time', () => {
    const call = callOf(phone('0201', 0, 48, { says: 'ANSWERED', talk: 48, queue: 'Servis', userAnswered: false }))
    expect(call).toMatchObject({ ...MISSED, waitSeconds: 48, durationSeconds: 48, nativeDisposition: 'ANSWERED' })
  })

  test.each([
    ['by a menu that dialled nobody', [machine(0, 7)]],
    ['by an announcement, as nobody came to the phone', [phone('0201', 0, 12), machine(12, 16)]],
    ['by an announcement, as the phone was busy', [phone('0201', 0, 0, { says: 'BUSY' }), machine(0, 5)]],
    ['by the step after the phone', [phone('0201', 0, 9, { talk: 9 }), machine(9, 9)]],
    ['by an empty queue', [machine(0, 33, { queue: 'Servis' })]],
    ['by two machines that say so', [machine(0, 3, { userAnswered: false }), machine(3, 9, { userAnswered: 0 })]],
  ])('taken only %s was missed', (_, rows) => {
    expect(callOf(...rows)).toMatchObject(MISSED)
  })

  test.each([
    ['its dialplan names a mailbox', [phone('0201', 0, 15), machine(15, 40, { dst: 'vmu0201' })]],
    ['its word says so', [machine(0, 40, { says: 'VOICEMAIL' })]],
    ['all mailboxes are named alike', [machine(0, 21, { dst: 'vm300' })]],
  ])('taken by a mailbox was VOICEMAIL where %s', (_, rows) => {
    expect(callOf(...rows)).toMatchObject({ ...MISSED, disposition: 'VOICEMAIL' })
  })

  test.each([
    ['survey', machine(60, 75)],
    ['survey that says nobody took it', machine(60, 75, { userAnswered: false })],
    ['last step of the dialplan', machine(60, 60)],
    ["step on the phone's own channel", { ...machine(60, 64), channel: 3, way: 'Loc', src: '0202', dst: '' }],
  ])('taken by a person before a %s was taken by that person', (_, after) => {
    expect(callOf(taken('0202', 0, 60, 50), after)).toMatchObject({
      ...{ disposition: 'ANSWERED', talkSeconds: 50, waitSeconds: 10 },
      answeredByRef: { kind: 'Extension', number: '0202' },
    })
  })

  test('taken by a person of whom no phone is told was taken, by whom is unknown', () => {
    expect(callOf(machine(0, 20, { talk: 15, userAnswered: true }))).toMatchObject({
      ...{ disposition: 'ANSWERED', talkSeconds: 15, answeredByRef: null },
    })
  })

  test.each([
    ['a step that failed', [phone('0201', 0, 8), { from: 8, until: 8, says: 'FAILED' }], 'MISSED', 'NO ANSWER'],
    ['a busy phone', [phone('0201', 0, 8), phone('0202', 8, 8, { says: 'BUSY' })], 'MISSED', 'NO ANSWER'],
    ['a step, when it was busy', [phone('1', 0, 0, { says: 'BUSY' }), { from: 0, says: 'FAILED' }], 'BUSY', 'BUSY'],
    ['a phone that failed', [phone('1', 0, 1, { says: 'BUSY' }), phone('2', 1, 1, { says: 'FAILED' })], 'BUSY', 'BUSY'],
    ['nothing else', [{ from: 0, until: 0, says: 'CONGESTION' }], 'FAILED', 'CONGESTION'],
  ])('taken by nobody ended as its phones did, before %s', (_, rows, disposition, nativeDisposition) => {
    expect(callOf(...rows)).toMatchObject({ disposition, nativeDisposition })
  })

  test('given up while phones rang, or stopped ringing, was missed: CANCEL is known', () => {
    const rings = [phone('0201', 0, 6, { says: 'CANCEL' }), phone('0202', 0, 6, { says: 'CANCEL' })]
    expect(callOf(...rings)).toMatchObject({ disposition: 'MISSED', nativeDisposition: 'CANCEL' })
    expect(callOf(...rings, taken('0203', 0, 30, 24)).disposition).toBe('ANSWERED')
    const placed = { way: 'Out', src: '0201', dst: '605000111', line: '0201', says: 'CANCEL' }
    expect(callOf({ from: 0, until: 9, ...placed }).disposition).toBe('CANCELLED')
  })

  describe('forwarded out again was taken', () => {
    const forward = { way: 'Out', line: '0201', says: 'ANSWERED', talk: 20 }
    test.each([
      ['by the number outside', { dst: '605000111' }, { kind: 'ExternalNumber', number: '+420605000111' }],
      ['by nobody known where our own number is told', { dst: DID }, null],
      ['by nobody known where our own number is written otherwise', { dst: `00420${DID}` }, null],
      ['by nobody known where a step of the dialplan is told', { dst: 's' }, null],
    ])('%s', (_, told, answeredByRef) => {
      const call = callOf(phone('0201', 0, 9), { from: 9, until: 35, ...forward, ...told })
      expect(call.disposition).toBe('ANSWERED')
      if (answeredByRef === null) expect(call.answeredByRef).toBeNull()
      else expect(call.answeredByRef).toMatchObject(answeredByRef)
    })

    test('by the number outside also when a person had talked before and transferred it there', () => {
      const outside = { dst: '605000111' }
      const call = callOf(taken('0201', 0, 30, 25, outside), { from: 30, until: 70, ...forward, ...outside })
      expect(call.answeredByRef).toMatchObject({ kind: 'ExternalNumber', number: '+420605000111' })
    })

    test('by a number that may be another one of ours, which the list of numbers decides', () => {
      const call = callOf({ from: 0, until: 9, ...forward, src: CALLER, dst: '530540551' })
      expect(call.answeredByRef).toMatchObject({ kind: 'ExternalNumber', unlessOurs: true })
    })
  })
})

/** The rules in a few words, for rows of any words, with and without phones. */
describe('Whatever words its rows have, a call', () => {
  const words = ['ANSWERED', 'NO ANSWER', 'BUSY', 'FAILED', 'CONGESTION', 'CANCEL']
  const anyRow = fc
    .record({
      from: fc.integer({ min: 0, max: 90 }),
      lasts: fc.integer({ min: 0, max: 90 }),
      billed: fc.integer({ min: 0, max: 90 }),
      says: fc.constantFrom(...words),
      line: fc.constantFrom('', 's', 'h', '0201', '0202', '0203'),
      userAnswered: fc.constantFrom(true, false, null, undefined),
      channel: fc.nat(4),
    })
    .map(({ lasts, billed, ...row }) => ({ ...row, until: row.from + lasts, talk: Math.min(lasts, billed) }))
  const rows = fc.array(anyRow, { minLength: 1, maxLength: 6 })

  const isPhone = ({ line }: { line: string }) => /\d/.test(line)
  const tookIt = (row: { says: string; line: string; userAnswered?: boolean | null | undefined }) =>
    row.says === 'ANSWERED' && (row.userAnswered ?? isPhone(row))

  function expected(told: readonly { says: string; line: string; from: number; until: number }[]): string {
    if (told.some(tookIt)) return 'ANSWERED'
    if (told.some(({ says }) => says === 'ANSWERED')) return 'MISSED'
    const lasting = told.filter(({ from, until }) => until > from)
    const [telling = told] = [told.filter(isPhone), lasting].filter(({ length }) => length > 0)
    const said = new Set(telling.map(({ says }) => says))
    if (said.has('NO ANSWER') || said.has('CANCEL')) return 'MISSED'
    return said.has('BUSY') ? 'BUSY' : 'FAILED'
  }

  test('is answered when a person took it, else ends with the best word of its phones, in any order of rows', () => {
    fc.assert(
      fc.property(rows, fc.nat(), (told, turn) => {
        const call = callOf(...told)
        expect(call.disposition).toBe(expected(told))
        const turned = [...told.slice(turn % told.length), ...told.slice(0, turn % told.length)]
        expect({ ...callOf(...turned), payload: null }).toEqual({ ...call, payload: null })
        if (!told.some(tookIt)) expect(call).toMatchObject({ answeredAt: null, answeredByRef: null, talkSeconds: 0 })
        if (call.answeredByRef)
          expect(told.filter(tookIt).map(({ line }) => line)).toContain(
            (call.answeredByRef as { number: string }).number,
          )
      }),
      { numRuns: cases(1_000) },
    )
  })

  test('has the same rows however often one comes', () => {
    fc.assert(
      fc.property(rows, (told) => {
        const once = new Map(rowsTold(...told).map((row) => [row.key, row]))
        const call = toCallRecord(ACCOUNT, [...once.values()], '')
        expect(call.startedAt).toBe(callOf(...told).startedAt)
      }),
    )
  })
})
