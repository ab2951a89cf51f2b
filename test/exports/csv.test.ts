import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'

import { keptAsText, textOfCell } from '../../src/exports/formats/csv.js'
import { linesOf } from '../../src/exports/formats/format.js'
import type { CallRecord } from '../../src/model/call-record.js'
import { made, party, shown } from './shown.js'

/** RFC 4180, read by its own grammar: null for what is empty without quotes. */
function parse(text: string): (string | null)[][] {
  const rows: (string | null)[][] = []
  let row: (string | null)[] = []
  const cell = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/y
  for (let found = cell.exec(text); found; found = cell.exec(text)) {
    const [, inQuotes, bare, end] = found
    row.push(inQuotes !== undefined ? inQuotes.replaceAll('""', '"') : bare === '' ? null : bare!)
    if (end === '\r\n') {
      rows.push(row)
      row = []
    }
  }
  return rows
}

function fileOf(calls: readonly CallRecord[]): string {
  const { head, line } = linesOf('CSV', shown(), '2026-02-11T09:00:00.000Z')
  return head + calls.map(line).join('')
}
const rowsOf = (calls: readonly CallRecord[]) => {
  const [names, ...rows] = parse(fileOf(calls).slice(1))
  return rows.map((row) => Object.fromEntries(names!.map((name, at) => [name, row[at]])))
}

/** What a spreadsheet would run, or change: beginnings of formulas, in full width, too, numbers and dates. */
const HOSTILE = [
  ...['=1+1', '+1+1', '-1+1', '@SUM(1)', '\t=1+1', '\r=1+1', '\n=1+1', ' =1+1', '＝1+1', '＋1+1', '－1+1', '＠SUM(1)'],
  ...["=cmd|' /C calc'!A0", '"=1+1"', 'a;=1+1', 'a\t=1+1', 'a\n=1+1', ';;=1+1', "'=1+1", '\u200b=1+1', '\ufeff=1+1'],
  ...['+902322290000', '0090232', '00101', '1e5', '1/2', '12-03', '905551112233445566', '%1', '#REF!', '', "O'Neill"],
]

describe('a CSV file', () => {
  test('begins with a byte order mark, ends each line with CRLF, and names its columns by the schema', () => {
    const text = fileOf([made()])
    expect(text.startsWith('\ufeffid,providerResourceId,fetchedAt,account.id,account.key,account.label,kind,')).toBe(
      true,
    )
    expect(text.split('\r\n')).toHaveLength(3)
    expect(text.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/)
  })

  test('keeps numbers as text behind an apostrophe, times and seconds bare, and nothing where there is nothing', () => {
    const cost = { amount: '-1.50', currencyCode: 'TRY' }
    const [row] = rowsOf([made({ durationSeconds: 61, cost, nativeHangupCause: null, recordings: [] })])
    expect(row).toMatchObject({
      'caller.number': "'+902322290000",
      'caller.rawNumber': "'02322290000",
      'callee.number': null,
      'callee.rawNumber': "'0101",
      'callee.displayName': 'Ayşe',
      startedAt: made().startedAt,
      durationSeconds: '61',
      'cost.amount': '-1.50',
      nativeHangupCause: null,
      recordings: "'[]",
    })
  })

  test('has no cell that begins as a formula does, wherever a spreadsheet may divide lines', () => {
    const rows = HOSTILE.map((displayName) => made({ caller: party({ displayName }) }))
    const cells = rowsOf(rows).map((row) => row['caller.displayName']!)
    expect(cells.map(textOfCell)).toEqual(HOSTILE)
    const beginnings = cells.flatMap((cell) => cell.split(/[;\t\r\n]/)).filter((text) => text !== '')
    expect(beginnings.filter((text) => !/^['\p{L}]/u.test(text))).toEqual([])
  })

  test('gives every text back to who removes the apostrophes', () => {
    const text = fc.oneof(fc.string({ unit: 'binary' }), fc.string({ unit: fc.constantFrom(...";\t\r\n'=+-@a1 ") }))
    fc.assert(
      fc.property(text, (one) => {
        expect(textOfCell(keptAsText(one))).toBe(one)
        expect(keptAsText(one)).not.toMatch(/(^|[;\t\r\n])[=+\-@＝＋－＠]/)
      }),
    )
  })

  test('is read back whole by the grammar of RFC 4180', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: fc.constantFrom(...'",\r\n;a=ş') }), { maxLength: 5 }), (names) => {
        const rows = rowsOf(names.map((displayName) => made({ caller: party({ displayName }) })))
        expect(rows.map((row) => textOfCell(row['caller.displayName']!))).toEqual(names)
      }),
      { numRuns: 50 },
    )
  })
})

const office = ['soffice', 'libreoffice'].find((command) => {
  try {
    execFileSync('which', [command], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
})

;(office ? describe : describe.skip)(
  office ? 'a CSV file in LibreOffice' : 'a CSV file in LibreOffice (skipped: there is no soffice here)',
  () => {
    test('is text wherever it was text, pluses and zeros whole, and runs nothing', () => {
      const folder = mkdtempSync(join(tmpdir(), 'dialgraph-office-'))
      try {
        const calls = HOSTILE.map((displayName) => made({ caller: party({ displayName }), durationSeconds: 61 }))
        writeFileSync(join(folder, 'calls.csv'), fileOf(calls))
        const profile = `-env:UserInstallation=${pathToFileURL(join(folder, 'profile'))}`
        execFileSync(
          office!,
          [profile, '--headless', '--convert-to', 'fods', '--outdir', folder, join(folder, 'calls.csv')],
          {
            stdio: 'ignore',
          },
        )
        const sheet = readFileSync(join(folder, 'calls.fods'), 'utf8')
        expect(sheet).not.toMatch(/table:formula=/)
        const cells = [...sheet.matchAll(/<table:table-cell([^>]*)>\s*<text:p>([^<]*)<\/text:p>/g)]
        const typesOf = (text: string) => [
          ...new Set(cells.filter(([, , own]) => own === text).map(([, kind]) => /value-type="(\w+)"/.exec(kind!)![1])),
        ]
        expect(typesOf('&apos;+902322290000')).toEqual(['string'])
        expect(typesOf('&apos;02322290000')).toEqual(['string'])
        expect(typesOf('&apos;0101')).toEqual(['string'])
        expect(typesOf('&apos;905551112233445566')).toEqual(['string'])
        expect(typesOf('61')).toEqual(['float'])
      } finally {
        rmSync(folder, { recursive: true, force: true })
      }
    }, 60_000)
  },
)
