import { readFileSync } from 'node:fs'

import { describe, expect, test } from '@jest/globals'
import { Ajv } from 'ajv'
import addFormats from 'ajv-formats'

import { FORMATS, linesOf, type Format } from '../../src/exports/formats/format.js'
import { isTimeZone, printTimeIn } from '../../src/exports/formats/local-time.js'
import { FREE_MEMBERS, MEMBERS, type Shown } from '../../src/exports/formats/members.js'
import { VCON_DRAFT } from '../../src/exports/formats/vcon.js'
import {
  CallDisposition,
  CallLegAction,
  CallLegResult,
  RecordingStatus,
  type CallRecord,
} from '../../src/model/call-record.js'
import { buildDialgraphSchema } from '../../src/graphql/schema.js'
import { made, party, shown } from './shown.js'

const CREATED_AT = '2026-02-11T09:00:00.000Z'
const lineOf = (format: Format, call: CallRecord, change: Partial<Shown> = {}) =>
  linesOf(format, shown(change), CREATED_AT).line(call)
const recording = {
  ...{ __typename: 'Recording' as const, id: 'r', accountKey: 'izmir', nativeName: 'secret/name' },
  ...{ status: RecordingStatus.AVAILABLE, mimeType: 'audio/wav' },
}

describe('a line of JSON', () => {
  test('has the members of the schema, by its names and in its order, and nothing of the inside', () => {
    const call = JSON.parse(lineOf('JSONL', made({ recordings: [recording] }))) as Record<string, unknown>
    expect(Object.keys(call)).toEqual(FREE_MEMBERS)
    expect(call['caller']).toEqual({
      ...{ number: '+902322290000', rawNumber: '02322290000', displayName: null, label: '+902322290000' },
    })
    expect(call['account']).toMatchObject({ key: 'izmir', label: 'izmir office' })
    expect(call['recordings']).toEqual([{ id: 'r', status: 'AVAILABLE', mimeType: 'audio/wav' }])
    expect(lineOf('JSONL', made())).toMatch(/\n$/)
  })

  test('has no member that CallRecord has not, and all that cost no request unless they are named', () => {
    const type = buildDialgraphSchema().getType('CallRecord')!
    const names = 'getFields' in type ? Object.keys(type.getFields()) : []
    expect(MEMBERS.filter((member) => !names.includes(member))).toEqual([])
    // Each of these looks into another list, or into the detail of the call; `raw` has a scope of its own.
    const left = ['did', 'answeredBy', 'groups', 'legs', 'raw']
    expect(names.filter((name) => !(FREE_MEMBERS as readonly string[]).includes(name)).sort()).toEqual(left.sort())
  })

  test('has the chosen members alone, legs with their places and what the provider wrote, where they are asked for', () => {
    const leg = {
      ...{ __typename: 'CallLeg' as const, id: 'l', sequence: 0, parentId: null, action: CallLegAction.RING },
      ...{ nativeAction: 'ring', startedAt: CREATED_AT, answeredAt: null, endedAt: CREATED_AT, accountKey: 'izmir' },
      ...{ result: CallLegResult.NO_ANSWER, nativeResult: null, targetRef: null },
    }
    const line = lineOf('JSONL', made({ steps: [leg], payload: { own: 1 } }), { members: ['legs', 'id', 'raw'] })
    const { targetRef: _1, accountKey: _2, __typename: _3, ...shownLeg } = leg
    expect(JSON.parse(line)).toEqual({ id: made().id, raw: { own: 1 }, legs: [shownLeg] })
  })
})

describe('a time in a zone', () => {
  test.each([
    ['Europe/Istanbul', '2026-02-11T09:00:00.000Z', '2026-02-11T12:00:00.000+03:00'],
    ['Europe/Prague', '2026-03-29T00:59:59.999Z', '2026-03-29T01:59:59.999+01:00'],
    ['Europe/Prague', '2026-03-29T01:00:00.000Z', '2026-03-29T03:00:00.000+02:00'],
    ['Europe/Prague', '2026-10-25T00:30:00.000Z', '2026-10-25T02:30:00.000+02:00'],
    ['Europe/Prague', '2026-10-25T01:30:00.000Z', '2026-10-25T02:30:00.000+01:00'],
    ['America/St_Johns', '2026-02-11T09:00:00.000Z', '2026-02-11T05:30:00.000-03:30'],
    ['Asia/Kathmandu', '2026-02-11T20:00:00.000Z', '2026-02-12T01:45:00.000+05:45'],
  ])('%s has %s as %s', (zone, moment, local) => {
    expect(printTimeIn(zone)(moment)).toBe(local)
    expect(new Date(local).toISOString()).toBe(moment)
  })

  test('without a zone stays as the schema has it, and a zone that is none is known as that', () => {
    expect(printTimeIn(null)('2026-02-11T09:00:00.000Z')).toBe('2026-02-11T09:00:00.000Z')
    expect([isTimeZone('Europe/Istanbul'), isTimeZone('Europe/Atlantis')]).toEqual([true, false])
  })
})

describe('a vCon', () => {
  const ajv = new Ajv({ strict: false, allErrors: true })
  ;(addFormats as unknown as (to: Ajv) => void)(ajv)
  const file = new URL(`../../src/exports/formats/vcon-core-03.schema.json`, import.meta.url)
  const validate = ajv.compile(JSON.parse(readFileSync(file, 'utf8')) as object)
  const vconOf = (call: CallRecord, change: Partial<Shown> = {}) =>
    JSON.parse(lineOf('VCON', call, change)) as Record<string, never> & { dialog: object[]; uuid: string }

  test.each(Object.values(CallDisposition))(
    'of a call that is %s is valid against the schema of the draft',
    (disposition) => {
      for (const answeredAt of [null, CREATED_AT])
        for (const recordings of [null, [], [recording]]) {
          const vcon = vconOf(
            made({ disposition, answeredAt, recordings, durationSeconds: answeredAt === null ? null : 3 }),
          )
          expect([validate(vcon), validate.errors]).toEqual([true, null])
        }
    },
  )

  test('of a missed call is an incomplete dialog with its disposition, and of an answered one no file', () => {
    const missed = vconOf(made({ disposition: CallDisposition.MISSED, answeredAt: null, durationSeconds: 12 }))
    const start = made().startedAt.replace('.000', '')
    expect(missed.dialog).toEqual([
      { type: 'incomplete', start, duration: 12, parties: [0, 1], disposition: 'no-answer' },
    ])
    const answered = vconOf(made({ answeredAt: CREATED_AT, recordings: [recording], durationSeconds: null }))
    expect(answered.dialog).toEqual([{ type: 'recording', start, parties: [0, 1] }])
    expect(JSON.stringify(answered)).not.toMatch(/"url"|secret/)
  })

  test('writes numbers as tel URLs, times without a zero fraction, and the whole call beside it', () => {
    const call = made({ caller: party({ displayName: 'Ayşe' }), startedAt: '2026-02-11T08:31:07.000Z' })
    const vcon = vconOf(call)
    expect(vcon).toMatchObject({
      created_at: '2026-02-11T09:00:00Z',
      parties: [{ tel: 'tel:+902322290000', name: 'Ayşe' }, { name: 'Ayşe' }],
      dialog: [{ start: '2026-02-11T08:31:07Z' }],
      attachments: [{ purpose: 'call record', body: { id: call.id, disposition: call.disposition } }],
    })
    const local = vconOf(call, { time: printTimeIn('Europe/Istanbul') })
    expect(local.dialog[0]).toMatchObject({ start: '2026-02-11T11:31:07+03:00' })
    expect([validate(local), validate.errors]).toEqual([true, null])
  })

  test('has the same uuid as long as the call is the same', () => {
    const uuids = [made(), made(), made({ disposition: CallDisposition.BUSY }), made({}, 'c2')].map(
      (call) => vconOf(call).uuid,
    )
    expect(uuids[0]).toBe(uuids[1])
    expect(new Set(uuids).size).toBe(3)
    expect(uuids[0]).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
  })

  test('is judged by a schema that refuses what the draft does', () => {
    const good = vconOf(made({ disposition: CallDisposition.MISSED, answeredAt: null }))
    const dialog = good.dialog[0]!
    const wrong = [
      { ...good, uuid: 'no' },
      { ...good, created_at: '2026-02-11T09:00:00.000Z' },
      {
        ...good,
        dialog: [{ ...dialog, disposition: undefined }].map((one) => JSON.parse(JSON.stringify(one)) as object),
      },
      { ...good, dialog: [{ ...dialog, disposition: 'missed' }] },
      { ...good, dialog: [{ ...dialog, body: 'x', encoding: 'none' }] },
      { ...good, dialog: [{ type: 'recording', start: '2026-02-11T09:00:00Z', url: 'https://example.com/a.wav' }] },
      { ...good, attachments: [{ purpose: 'x' }] },
      { ...good, surprise: 1 },
    ]
    expect(wrong.map((one) => validate(one))).toEqual(wrong.map(() => false))
  })

  test('names its draft, and its file the media type', () => {
    expect([VCON_DRAFT, FORMATS.VCON.mediaType]).toEqual(['draft-ietf-vcon-vcon-core-03', 'application/vcon'])
  })
})
