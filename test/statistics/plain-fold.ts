import { Temporal } from 'temporal-polyfill'

import type { CallRecord } from '../../src/model/call-record.js'
import type { StatisticsRow } from '../../src/statistics/statistics-table.js'
import type { Figures } from '../../src/statistics/figures.js'

/** What a question asks for, in the words of the schema. */
export interface Asked {
  readonly zone: string
  readonly dimensions: readonly string[]
  readonly matches: (call: CallRecord) => boolean
  /** Ids of those of a kind who took part. */
  readonly ids: (call: CallRecord, kind: 'EXTENSION' | 'GROUP' | 'DID') => readonly string[]
  /** Whether an extension has made or answered a call. */
  readonly isOwn: (call: CallRecord, extension: string) => boolean
}

const UNANSWERED = ['MISSED', 'NO_ANSWER', 'BUSY', 'REJECTED', 'CANCELLED', 'VOICEMAIL', 'FAILED']

/** All that can be asked of a row. */
export const shownFigures = (figures: Figures) => ({
  ...{ calls: figures.calls, answered: figures.answered, missed: figures.missed, talk: figures.talkSeconds },
  ...{ averageTalk: rounded(figures.averageTalkSeconds), averageWait: rounded(figures.averageWaitSeconds) },
  ...{
    longest: figures.longestWaitSeconds,
    percentiles: [0, 1, 50, 90, 99, 100].map((one) => figures.waitSeconds(one)),
  },
  ...{ levels: [0, 5, 20, 4_000].map((one) => figures.serviceLevel(one)), cost: figures.cost },
})

export const shownRow = ({ place, figures }: StatisticsRow) => [keyOf(place), shownFigures(figures)] as const

const keyOf = (place: object) => JSON.stringify(Object.values(place).filter((value) => value !== null))

/** The same figures of a list of calls, in the plainest words; `own`: of all but how many, and how many were missed. */
function figuresOf(calls: readonly CallRecord[], own = calls) {
  const answered = own.filter(({ disposition }) => disposition === 'ANSWERED')
  const abandoned = own.filter(
    ({ direction, disposition }) => direction === 'INBOUND' && UNANSWERED.includes(disposition),
  )
  const sorted = (list: readonly CallRecord[]) =>
    list.flatMap(({ waitSeconds }) => waitSeconds ?? []).sort((one, other) => one - other)
  const waits = sorted([...answered, ...abandoned])
  const talks = answered.flatMap(({ talkSeconds }) => talkSeconds ?? [])
  const known = sorted(answered)
  const total = (list: readonly number[]) => list.reduce((sum, one) => sum + one, 0)
  const average = (list: readonly number[]) => (list.length === 0 ? null : rounded(total(list) / list.length))
  return {
    ...{ calls: calls.length, answered: answered.length },
    missed: calls.filter(({ disposition }) => disposition === 'MISSED').length,
    talk: total(own.map(({ talkSeconds }) => talkSeconds ?? 0)),
    ...{ averageTalk: average(talks), averageWait: average(waits), longest: waits.at(-1) ?? null },
    percentiles: [0, 1, 50, 90, 99, 100].map((percentile) => {
      const place = Math.max(1, Math.ceil((waits.length * percentile) / 100))
      return waits[place - 1] ?? null
    }),
    levels: [0, 5, 20, 4_000].map((within) =>
      known.length === 0 ? null : known.filter((wait) => wait <= within).length / known.length,
    ),
    cost: costOf(own),
  }
}

/** In thousandths, which all amounts of the tests are whole multiples of. */
function costOf(calls: readonly CallRecord[]) {
  const sums = new Map<string | null, { thousandths: number; digits: number }>()
  for (const { cost } of calls) {
    if (!cost) continue
    const { thousandths, digits } = sums.get(cost.currencyCode) ?? { thousandths: 0, digits: 0 }
    sums.set(cost.currencyCode, {
      thousandths: thousandths + Math.round(Number(cost.amount) * 1_000),
      digits: Math.max(digits, cost.amount.split('.')[1]?.length ?? 0),
    })
  }
  return [...sums]
    .map(([currencyCode, { thousandths, digits }]) => ({ currencyCode, amount: (thousandths / 1_000).toFixed(digits) }))
    .sort((one, other) => ((one.currencyCode ?? '') < (other.currencyCode ?? '') ? -1 : 1))
}

const rounded = (value: number | null) => value && Math.round(value * 1e6) / 1e6

/** By zone and time: what this takes is most of a fold. */
const calendars = new Map<string, Readonly<Record<string, number>>>()

/** The beginnings of periods, the hour and the day of a moment, as the language is to have them. */
function calendarOf(startedAt: string, zone: string): Readonly<Record<string, number>> {
  const key = `${zone} ${startedAt}`
  let times = calendars.get(key)
  if (times) return times
  const time = Temporal.Instant.from(startedAt).toZonedDateTimeISO(zone)
  const day = time.toPlainDate()
  const first = { DAY: day, WEEK: day.subtract({ days: day.dayOfWeek - 1 }), MONTH: day.with({ day: 1 }) }
  const startOf = (period: keyof typeof first) => first[period].toZonedDateTime(zone).epochMilliseconds
  times = {
    HOUR: time.round({ smallestUnit: 'hour', roundingMode: 'floor' }).epochMilliseconds,
    ...{ DAY: startOf('DAY'), WEEK: startOf('WEEK'), MONTH: startOf('MONTH') },
    ...{ HOUR_OF_DAY: time.hour, DAY_OF_WEEK: time.dayOfWeek - 1 },
  }
  calendars.set(key, times)
  return times
}

function timesOf({ startedAt }: CallRecord, { zone, dimensions }: Asked): readonly number[] {
  const times = calendarOf(startedAt, zone)
  return dimensions.flatMap((dimension) => times[dimension] ?? [])
}

/** Rows by what their calls have in common, and the total: each call looked at by itself. */
export function plainFold(calls: readonly CallRecord[], asked: Asked) {
  const { dimensions, matches, ids, isOwn } = asked
  const mine = calls.filter(matches)
  const rows = new Map<string, { readonly calls: CallRecord[]; readonly own: CallRecord[] }>()
  const among = (call: CallRecord, kind: 'EXTENSION' | 'GROUP' | 'DID') => {
    const found = dimensions.includes(kind) ? ids(call, kind) : []
    return found.length > 0 ? found.map((id) => [id]) : [[]]
  }
  for (const call of mine) {
    const own = [
      ...timesOf(call, asked),
      ...(dimensions.includes('ACCOUNT') ? [call.accountKey] : []),
      ...(dimensions.includes('DIRECTION') ? [call.direction] : []),
      ...(dimensions.includes('DISPOSITION') ? [call.disposition] : []),
    ]
    for (const extension of among(call, 'EXTENSION'))
      for (const group of among(call, 'GROUP'))
        for (const did of among(call, 'DID')) {
          const key = JSON.stringify([...own, ...extension, ...group, ...did])
          const { calls: all, own: handled } = rows.get(key) ?? { calls: [], own: [] }
          rows.set(key, { calls: all, own: handled })
          all.push(call)
          if (extension.every((one) => isOwn(call, one))) handled.push(call)
        }
  }
  return {
    total: figuresOf(mine),
    rows: new Map([...rows].map(([key, list]) => [key, figuresOf(list.calls, list.own)])),
  }
}
