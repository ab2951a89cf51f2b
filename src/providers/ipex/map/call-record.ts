import {
  CallDirection,
  CallKind,
  HangupParty,
  RecordingStatus,
  type CallRecord,
  type Recording,
} from '../../../model/call-record.js'
import { globalId } from '../../../model/id.js'
import type { Reference } from '../../../model/reference.js'
import { text } from '../../../model/values/wire-value.js'
import type { AccountFacts } from '../../provider.js'
import { endOrStart, originOf, type CallRow } from '../call-rows.js'
import { callerName } from '../../../kit/caller-name.js'
import { dialled, side } from './endpoints.js'
import { outcomeOf } from './outcome.js'
import { partiesOf } from './parties.js'
import { directionOf, isSameNumber, isTaken, lineOf, lineRef, numberOf, phoneOf, withoutZeros } from './row-facts.js'
import { timesOf } from './row-times.js'

/** Maps the rows of one call, in log order, to one call record. */
export function toCallRecord(account: AccountFacts, rows: readonly CallRow[], fetchedAt: string): CallRecord {
  const origin = originOf(rows)
  const direction = directionOf(origin)
  const { taken, disposition, deciding } = outcomeOf(rows, direction, account)
  const { src, clid } = origin.wire
  const dst = dialledIn(rows, direction, account)
  return {
    __typename: 'CallRecord',
    id: globalId('CallRecord', account.key, origin.call),
    accountKey: account.key,
    providerResourceId: origin.call,
    fetchedAt,
    payload: { items: rows.map(({ wire }) => wire) },
    kind: CallKind.VOICE,
    direction,
    ...partiesOf({ direction, src: side(src), name: callerName(text(clid)), dst, isPhone: isPhoneIn(rows) }, account),
    ...timesOf(rows, taken),
    disposition,
    nativeDisposition: text(deciding.wire.disposition),
    nativeHangupCause: text(rows.at(-1)?.wire.hangupcause),
    hangupParty: HangupParty.UNKNOWN,
    recordings: recordings(rows, account),
    cost: null,
    answeredByRef: answeredBy(taken, direction === CallDirection.INBOUND ? dst : null, account),
    groupRefs: queues(rows),
    steps: undefined,
  }
}

/** Whether one of these extensions is in any row: as caller, as callee, or ringing. */
export function involvesExtension(rows: readonly CallRow[], lines: ReadonlySet<string>): boolean {
  const bare = new Set([...lines].map(withoutZeros))
  return rows.some((row) => {
    const line = lineOf(row)
    const way = directionOf(row)
    // A number that the outside has is nobody's extension, however short it is.
    const src = way === CallDirection.INBOUND ? null : text(row.wire.src)
    const dst = way === CallDirection.OUTBOUND ? null : text(row.wire.dst)
    return (
      [src, dst, line].some((number) => number !== null && lines.has(number)) ||
      (line !== null && typeof row.wire.line === 'number' && bare.has(withoutZeros(line)))
    )
  })
}

/**
 * What was dialled, as the row of the first channel has it. A transfer replaces it by the number
 * the call was transferred to, and what was dialled is then in no row.
 */
function dialledIn(rows: readonly CallRow[], direction: CallDirection, account: AccountFacts): string | null {
  const origin = originOf(rows)
  const dst = side(origin.wire.dst)
  if (dst === null || !isTaken(origin, direction, account) || isSameNumber(dst, lineOf(origin), account)) return dst
  const isTransferTarget = rows.some(
    (row) =>
      row !== origin &&
      row.startedAt >= endOrStart(origin) - A_CUT_SECOND &&
      isSameNumber(numberOf(phoneOf(row, account)), dst, account),
  )
  return direction === CallDirection.INBOUND && isTransferTarget ? null : dst
}

const isPhoneIn = (rows: readonly CallRow[]) => (number: string) => rows.some((row) => lineOf(row) === number)

/** Times of rows are cut to seconds. */
const A_CUT_SECOND = 1000

/**
 * The phone of the last row that was taken and names one. A call that was forwarded out again may
 * have our own number where the outside one should be, which tells nothing of who took it.
 */
function answeredBy(taken: readonly CallRow[], ours: string | null, account: AccountFacts): Reference | null {
  for (const row of taken.toReversed()) {
    const phone = phoneOf(row, account)
    if (phone?.kind === 'ExternalNumber')
      return isSameNumber(phone.rawNumber, ours, account) ? null : { unlessOurs: true, ...phone }
    if (phone) return phone
  }
  return null
}

const extension = (number: string) => ({ kind: 'Extension', number }) as const

function queues(rows: readonly CallRow[]): Reference[] {
  const names = rows.flatMap(({ wire }) => text(wire.queue) ?? [])
  return [...new Set(names)].map((name) => ({ kind: 'Group', name }))
}

/** The id begins with the call's, so that the call can be found by it. */
function recordings(rows: readonly CallRow[], account: AccountFacts): Recording[] {
  const names = new Set(rows.flatMap(({ wire }) => text(wire.filename) ?? []))
  return [...names].map((nativeName) => ({
    __typename: 'Recording',
    id: globalId('Recording', account.key, `${rows[0]?.call}/${nativeName}`),
    accountKey: account.key,
    nativeName,
    status: RecordingStatus.AVAILABLE,
    mimeType: null,
    ...speakersIn(
      rows.filter(({ wire }) => text(wire.filename) === nativeName),
      directionOf(rows[0] as CallRow),
    ),
  }))
}

/** A row is one phone's part of the call: after a transfer the next phone has its own recording. */
function speakersIn(rows: readonly CallRow[], callDirection: CallDirection): Pick<Recording, 'speakerRefs'> {
  const lines = rows.map(lineRef)
  if (lines.includes(null)) return {}
  return {
    speakerRefs: rows.flatMap((row, at) => {
      const [line, src, dst] = [lines[at]!, dialled(row.wire.src), dialled(row.wire.dst)]
      const way = directionOf(row)
      // The line of a forward is the one that passed the call on.
      if (way === CallDirection.OUTBOUND && callDirection !== way) return []
      if (way !== CallDirection.INTERNAL) return [line]
      // Where no phone is told that took it, the line is the caller's.
      const taken = line.number === src ? dst : null
      return [line, ...[src, taken].flatMap((number) => (number === null ? [] : [extension(number)]))]
    }),
  }
}
