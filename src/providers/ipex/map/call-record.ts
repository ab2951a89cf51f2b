import {
  CallDirection,
  CallDisposition,
  CallKind,
  HangupParty,
  RecordingStatus,
  type CallParty,
  type CallRecord,
  type Recording,
} from '../../../model/call-record.js'
import { secondsBetween } from '../../../model/values/date-time.js'
import { globalId } from '../../../model/id.js'
import { toE164 } from '../../../model/values/phone-number.js'
import type { Reference } from '../../../model/reference.js'
import { text } from '../../../model/values/wire-value.js'
import type { AccountFacts } from '../../provider.js'
import { seconds, type CallRow } from '../call-rows.js'
import { didOf, destinationOf } from './endpoints.js'

export const CALL_DIRECTION: Readonly<Record<string, CallDirection>> = {
  in: CallDirection.INBOUND,
  out: CallDirection.OUTBOUND,
  loc: CallDirection.INTERNAL,
}

type ExtensionReference = Extract<Reference, { kind: 'Extension' }> & { readonly number: string }

/** Maps the rows of one call, in log order, to one call record. */
export function toCallRecord(account: AccountFacts, rows: readonly CallRow[], fetchedAt: string): CallRecord {
  const first = rows[0] as CallRow
  const last = rows[rows.length - 1] as CallRow
  const direction = directionOf(first)
  const answered = rows.filter(isAnswered)
  const startedAt = iso(Math.min(...rows.map((row) => row.startedAt)))
  const endedAt = iso(Math.max(...rows.map((row) => row.endedAt)))
  const answeredAt = answered.length > 0 ? iso(Math.min(...answered.map(answerTime))) : null
  const durationSeconds =
    (rows.length === 1 ? seconds(first.wire.duration) : null) ?? secondsBetween(startedAt, endedAt)
  const deciding = answered.at(-1) ?? last
  return {
    __typename: 'CallRecord',
    id: globalId('CallRecord', account.key, first.call),
    accountKey: account.key,
    providerResourceId: first.call,
    fetchedAt,
    payload: { items: rows.map(({ wire }) => wire) },
    kind: CallKind.VOICE,
    direction,
    caller: toParty(text(first.wire.src), callerName(text(first.wire.clid)), isInside(direction, 'caller'), account),
    callee: toParty(text(first.wire.dst), null, isInside(direction, 'callee'), account),
    startedAt,
    answeredAt,
    endedAt,
    durationSeconds,
    waitSeconds: answeredAt === null ? durationSeconds : secondsBetween(startedAt, answeredAt),
    talkSeconds: talkSeconds(rows, answered, answeredAt),
    disposition: answered.length > 0 ? CallDisposition.ANSWERED : unanswered(last, direction),
    nativeDisposition: text(deciding.wire.disposition),
    nativeHangupCause: text(last.wire.hangupcause),
    hangupParty: HangupParty.UNKNOWN,
    recordings: recordings(rows, account),
    cost: null,
    didRef: ourNumber(first, direction, account),
    answeredByRef: answeredBy(answered.at(-1), account),
    groupRefs: queues(rows),
    steps: undefined,
  }
}

/** Whether one of these extensions is in any row: as caller, as callee, or ringing. */
export function involvesExtension(rows: readonly CallRow[], lines: ReadonlySet<string>): boolean {
  const bare = new Set([...lines].map(withoutZeros))
  return rows.some((row) => {
    const line = lineOf(row)
    const sides = [text(row.wire.src), text(row.wire.dst), line]
    return (
      sides.some((side) => side !== null && lines.has(side)) ||
      (line !== null && typeof row.wire.line === 'number' && bare.has(withoutZeros(line)))
    )
  })
}

export const withoutZeros = (line: string) => line.replace(/^0+(?=\d)/, '')

export const directionOf = ({ wire }: CallRow): CallDirection =>
  CALL_DIRECTION[text(wire.way)?.toLowerCase() ?? ''] ?? CallDirection.UNKNOWN

/** The disposition words of an Asterisk call log, without separators. */
export const dispositionWord = ({ wire }: CallRow): string =>
  (text(wire.disposition) ?? '').toUpperCase().replace(/[^A-Z]/g, '')

export const isAnswered = (row: CallRow): boolean => dispositionWord(row) === 'ANSWERED'

/** An answered row ends with the talk, so it was answered `billsec` before its end. */
export function answerTime(row: CallRow): number {
  const time = row.endedAt - (seconds(row.wire.billsec) ?? 0) * 1000
  return Math.max(row.startedAt, time)
}

/**
 * A numeric `line` has lost its leading zeros: the side of the call with the same number is the
 * line.
 */
export function lineOf({ wire }: CallRow): string | null {
  const line = text(wire.line)
  if (typeof wire.line !== 'number') return line
  const whole = [text(wire.dst), text(wire.src)].find(
    (side) => side !== null && /^\d+$/.test(side) && Number(side) === wire.line,
  )
  return whole ?? line
}

function unanswered(last: CallRow, direction: CallDirection): CallDisposition {
  switch (dispositionWord(last)) {
    case 'NOANSWER':
      return direction === CallDirection.INBOUND ? CallDisposition.MISSED : CallDisposition.NO_ANSWER
    case 'BUSY':
      return CallDisposition.BUSY
    case 'FAILED':
    case 'CONGESTION':
      return CallDisposition.FAILED
    default:
      return CallDisposition.UNKNOWN
  }
}

function talkSeconds(rows: readonly CallRow[], answered: readonly CallRow[], answeredAt: string | null): number | null {
  if (answered.length === 0) return 0
  if (rows.length === 1) return seconds(answered[0]?.wire.billsec)
  return secondsBetween(answeredAt, iso(Math.max(...answered.map((row) => row.endedAt))))
}

function toParty(
  rawNumber: string | null,
  displayName: string | null,
  inside: boolean,
  account: AccountFacts,
): CallParty {
  const number = toE164(rawNumber, account.country)
  return { number, rawNumber, displayName, endpointRef: endpoint(rawNumber, number, inside), accountKey: account.key }
}

/**
 * For an internal party, a number that is not public is an extension; for an outside one it is a
 * short code or unknown.
 */
function endpoint(rawNumber: string | null, number: string | null, inside: boolean): Reference | null {
  if (rawNumber === null) return null
  if (number !== null) return { kind: 'Did', number, rawNumber }
  return inside ? extension(rawNumber) : null
}

function isInside(direction: CallDirection, side: 'caller' | 'callee'): boolean {
  if (direction === CallDirection.INTERNAL) return true
  return direction === (side === 'caller' ? CallDirection.OUTBOUND : CallDirection.INBOUND)
}

/** `"Novak" <777000111>`; a number in place of the name is no name. */
function callerName(clid: string | null): string | null {
  const [, quoted, plain] = /^\s*(?:"([^"]*)"|([^<"]*?))\s*(?:<[^>]*>)?\s*$/.exec(clid ?? '') ?? []
  const name = (quoted ?? plain ?? '').trim()
  return name === '' || /^[+\d\s]+$/.test(name) ? null : name
}

function ourNumber({ wire }: CallRow, direction: CallDirection, account: AccountFacts): Reference | null {
  const number =
    direction === CallDirection.INBOUND ? text(wire.dst) : direction === CallDirection.OUTBOUND ? text(wire.src) : null
  return number === null ? null : didOf(number, account)
}

/** Each row has its own direction: an incoming call may have been answered outside. */
function answeredBy(row: CallRow | undefined, account: AccountFacts): Reference | null {
  if (!row) return null
  const dst = text(row.wire.dst)
  switch (directionOf(row)) {
    case CallDirection.OUTBOUND:
      return dst === null ? null : { kind: 'ExternalNumber', number: toE164(dst, account.country), rawNumber: dst }
    case CallDirection.INTERNAL:
      return dst === null ? null : destinationOf(dst, account)
    default:
      return lineRef(row)
  }
}

const extension = (number: string) => ({ kind: 'Extension', number }) as const

/** The extension of a row; null where it names none. */
export function lineRef(row: CallRow): ExtensionReference | null {
  const line = lineOf(row)
  if (line === null) return null
  const hasLostZeros = typeof row.wire.line === 'number' && text(row.wire.line) === line
  return { ...extension(line), ...(hasLostZeros && { zerosLost: true }) }
}

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
      const [line, src, dst] = [lines[at]!, text(row.wire.src), text(row.wire.dst)]
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

const iso = (time: number) => new Date(time).toISOString()
