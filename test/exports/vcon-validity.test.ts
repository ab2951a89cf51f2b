import { readFileSync } from 'node:fs'

import { expect, test } from '@jest/globals'
import { Ajv } from 'ajv'
import addFormats from 'ajv-formats'
import fc from 'fast-check'

import { linesOf } from '../../src/exports/formats/format.js'
import { printTimeIn } from '../../src/exports/formats/local-time.js'
import { toCallRecord } from '../../src/providers/bulutfon/map/call-record.js'
import { shown } from './shown.js'

const ACCOUNT = { key: 'izmir', country: 'TR', timeZone: 'Europe/Istanbul' } as Parameters<typeof toCallRecord>[0]
const ajv = new Ajv({ strict: false, allErrors: true })
;(addFormats as unknown as (to: Ajv) => void)(ajv)
const file = new URL('../../src/exports/formats/vcon-core-03.schema.json', import.meta.url)
const validate = ajv.compile(JSON.parse(readFileSync(file, 'utf8')) as object)

interface Vcon {
  readonly created_at: string
  readonly dialog: readonly { readonly type: string; readonly start: string; readonly disposition?: string }[]
  readonly attachments: readonly { readonly start: string }[]
  readonly parties: readonly { readonly tel?: string }[]
}

test('whatever a provider writes is one line, valid against the draft, its dates without a zero fraction', () => {
  const odd = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 20 }),
    fc.string({ unit: fc.constantFrom(...'+0123456789 ()-x"\n\u2028\ud800'), maxLength: 16 }),
    fc.constantFrom(null, true, 5, '905320000000', '0101', '+902322290000', 'anonymous', '*67', '2026-02-11 11:31:07'),
  )
  const words = fc.constantFrom('recv_bye', 'BUSY', 'no_answer', 'CANCEL', 'voicemail', 'IN', 'OUT', 'YES', null)
  const row = fc.record({
    ...{ uuid: fc.constant('u1'), caller: odd, callee: odd, hangup_cause: fc.oneof(odd, words) },
    call_time: fc.constantFrom('2026-02-11 11:31:07', '2026-02-11T08:31:07.000Z', '2026-02-11T08:31:07.120Z'),
    answer_time: fc.constantFrom(null, '2026-02-11 11:31:20', '2026-02-11T08:31:20.5Z'),
    hangup_time: fc.constantFrom(null, '2026-02-11 11:32:00'),
    ...{ hangup_state: fc.oneof(odd, words), direction: words, call_record: words, call_price: odd },
  })
  const at = fc.constantFrom('2026-02-11T09:00:00.000Z', '2026-02-11T09:00:00.010Z')
  fc.assert(
    fc.property(row, at, fc.constantFrom(null, 'Europe/Istanbul'), (wire, createdAt, zone) => {
      const call = toCallRecord(ACCOUNT, wire, createdAt)!
      const text = linesOf('VCON', shown({ time: printTimeIn(zone) }), createdAt).line(call)
      expect(text.split('\n')).toHaveLength(2)
      const vcon = JSON.parse(text) as Vcon
      expect([validate(vcon), validate.errors]).toEqual([true, null])
      const dates = [vcon.created_at, ...vcon.dialog.map(({ start }) => start), vcon.attachments[0]!.start]
      expect(dates.filter((date) => /\.0+(Z|[+-])/.test(date))).toEqual([])
      const [dialog] = vcon.dialog
      expect(dialog!.type === 'incomplete').toBe(dialog!.disposition !== undefined)
      expect(JSON.stringify(vcon.dialog)).not.toMatch(/"(url|body|content_hash)"/)
      for (const { tel } of vcon.parties) if (tel !== undefined) expect(tel).toMatch(/^tel:\+\d+$/)
    }),
    { numRuns: 300 },
  )
})
