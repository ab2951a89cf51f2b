import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'

import { linesOf } from '../../src/exports/formats/format.js'
import { printTimeIn } from '../../src/exports/formats/local-time.js'
import type { CallRecord } from '../../src/model/call-record.js'
import { toCallRecord } from '../../src/providers/bulutfon/map/call-record.js'
import { made, party, shown } from './shown.js'

const FETCHED = '2026-02-11T09:00:00.000Z'
const ACCOUNT = { key: 'izmir', country: 'TR', timeZone: 'Europe/Istanbul' } as Parameters<typeof toCallRecord>[0]
const PLAIN = /^(?:-?\d+(?:\.\d+)?|\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d))?$/
const TYPED = [
  ...['fetchedAt', 'startedAt', 'answeredAt', 'endedAt', 'durationSeconds', 'waitSeconds', 'talkSeconds'],
  'cost.amount',
]

function cellsOf(calls: readonly CallRecord[], timeZone: string | null = null): readonly Record<string, string>[] {
  const { head, line } = linesOf('CSV', shown({ time: printTimeIn(timeZone) }), FETCHED)
  const rows = [head.slice(1), ...calls.map(line)].map((text) => {
    const cells: string[] = []
    for (const [, inQuotes, bare] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(?:,|\r\n)/g))
      cells.push(inQuotes?.replaceAll('""', '"') ?? bare!)
    return cells
  })
  return rows.slice(1).map((row) => Object.fromEntries(rows[0]!.map((name, at) => [name, row[at]!])))
}

/** What somebody writes who would have a spreadsheet run it. */
const evil = fc.oneof(
  fc.constantFrom(
    ...['=1+1', '+1+1', '-1+1', '@A1', '\t=1', '\r=1', '\n=1', '   =1', '＝1+1', '1e9', '-2+3', '-1.5e3', '1,5'],
    ...["=cmd|' /C calc'!A0", '=HYPERLINK("http://a","b")', '-0', '--1', '.5', '-', '1=', 'NaN', 'Infinity', '=-1.50'],
    ...['-1.50\n=1', '2026-02-11T09:00:00Z=1', '+010000-01-01T00:00:00Z', '2026-02-11', '09:00', '٣', '−1', '0x1F'],
  ),
  fc.string({ unit: fc.constantFrom(...'=+-@;,"\t\r\n\'0123456789.eEA Z:T') }),
  fc.double(),
  fc.integer(),
  fc.constantFrom(null, true, [], {}, ['=1']),
)
const time = fc.oneof(evil, fc.constantFrom('2026-02-11 11:31:07', '2026-02-11T08:31:07Z', '1770798667'))

describe('a cell of our own times and numbers', () => {
  test('is a plain number or time whatever a provider writes, through its mapping', () => {
    const row = fc.record({
      uuid: fc.constant('u1'),
      call_time: fc.constantFrom('2026-02-11 11:31:07', '2026-02-11T08:31:07Z'),
      ...{ answer_time: time, hangup_time: time, call_price: evil, hangup_state: evil, hangup_cause: evil },
      ...{ caller: evil, callee: evil, direction: evil, bf_calltype: evil, call_record: evil, missing_call: evil },
    })
    const zone = fc.constantFrom(null, 'Europe/Istanbul', 'America/St_Johns')
    fc.assert(
      fc.property(row, zone, (wire, timeZone) => {
        const call = toCallRecord(ACCOUNT, wire, FETCHED)
        if (!call) return
        const [cells] = cellsOf([call], timeZone)
        expect(TYPED.map((name) => cells![name]).filter((cell) => !PLAIN.test(cell!))).toEqual([])
        assertNoFormula(cells!)
      }),
      { numRuns: 300 },
    )
  })

  test('is kept as text where it is neither, whoever made the call', () => {
    const call = fc.record({
      ...{ startedAt: evil, answeredAt: evil, endedAt: evil, fetchedAt: evil },
      ...{ durationSeconds: evil, waitSeconds: evil, talkSeconds: evil },
      cost: fc.record({ amount: evil, currencyCode: evil }),
      ...{ nativeDisposition: evil, nativeHangupCause: evil },
    })
    fc.assert(
      fc.property(call, (change) => {
        const odd = made(change as unknown as Partial<CallRecord>)
        const [cells] = cellsOf([odd])
        for (const name of TYPED) {
          const cell = cells![name]!
          if (!PLAIN.test(cell)) expect(cell).toMatch(/^['\p{L}]/u)
        }
        assertNoFormula(cells!)
      }),
      { numRuns: 300 },
    )
    const [cells] = cellsOf([made({ cost: { amount: '=1+1', currencyCode: '@SUM' }, durationSeconds: 1e21 })])
    expect([cells!['cost.amount'], cells!['cost.currencyCode'], cells!['durationSeconds']]).toEqual([
      ...["'=1+1", "'@SUM", "'1e+21"],
    ])
  })

  test('is bare where it is one: a credit, whole seconds, a time with its offset', () => {
    const cost = { amount: '-12.50', currencyCode: 'TRY' }
    const [cells] = cellsOf(
      [made({ cost, durationSeconds: 61, startedAt: '2026-02-11T08:31:07.000Z' })],
      'Asia/Kolkata',
    )
    expect([cells!['cost.amount'], cells!['durationSeconds'], cells!['startedAt']]).toEqual([
      ...['-12.50', '61', '2026-02-11T14:01:07.000+05:30'],
    ])
  })
})

/** A formula wherever a spreadsheet begins a cell; a number may have a minus. */
function assertNoFormula(cells: Readonly<Record<string, string>>): void {
  const beginnings = Object.values(cells).flatMap((cell) => cell.split(/[;\t\r\n]/))
  expect(beginnings.filter((text) => /^[\s"]*[=+\-@＝＋－＠−]/.test(text) && !PLAIN.test(text))).toEqual([])
}

/** Divides a line as a spreadsheet does, which takes quotes for quotes only where they begin a cell. */
function divided(text: string, separator: ',' | ';' | '\t'): readonly string[] {
  const cells: string[] = []
  let at = 0
  while (at <= text.length) {
    let cell = ''
    if (text[at] === '"') {
      at += 1
      while (at < text.length && !(text[at] === '"' && text[at + 1] !== '"')) {
        if (text[at] === '"') at += 1
        cell += text[at++]
      }
      at += 1
    }
    while (at < text.length && text[at] !== separator && text[at] !== '\n' && text[at] !== '\r') cell += text[at++]
    cells.push(cell)
    at += 1
  }
  return cells
}

test('no line that is divided at commas, semicolons or tabs has a formula, however quotes fall', () => {
  const text = fc.string({ unit: fc.constantFrom(...'"";;,\t\r\n=+-@1a \''), maxLength: 12 })
  fc.assert(
    fc.property(text, text, text, fc.constantFrom(...([',', ';', '\t'] as const)), (name, cause, other, separator) => {
      const call = made({
        ...{
          caller: party({ displayName: name, rawNumber: other }),
          nativeHangupCause: cause,
          nativeDisposition: other,
        },
        cost: { amount: '-1.50', currencyCode: name },
      })
      const { head, line } = linesOf('CSV', shown(), FETCHED)
      const cells = divided(head + line(call) + line(call), separator)
      expect(cells.filter((cell) => /^\s*[=+\-@]/.test(cell) && cell !== '-1.50')).toEqual([])
    }),
    { numRuns: 500 },
  )
})
