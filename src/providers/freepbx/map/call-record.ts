import { CallDirection, CallDisposition, CallKind, globalId, HangupParty, RecordingStatus } from '../../../provider.js'
import { resource, secondsBetween, text } from '../../../provider.js'
import type { CallRecord, Recording, Reference } from '../../../provider.js'
import { originOf, type CallRow } from '../call-rows.js'
import type { Home } from './destination.js'
import { legsOf } from './legs.js'
import { answeredBy, calleeParty, callerParty, didRefOf, directionOf } from './parties.js'
import { payloadOf } from './payload.js'
import { groupOf, isMailbox, namesPhone } from './row-facts.js'

/** One call from its rows, which are in order. */
export function toCallRecord(account: Home, rows: readonly CallRow[]): CallRecord {
  const { call } = rows[0] as CallRow
  const direction = directionOf(rows)
  const { disposition, row } = dispositionOf(rows, direction)
  const start = Math.min(...rows.map(({ startedAt }) => startedAt))
  const end = rows.every(({ isEndTold }) => isEndTold) ? Math.max(...rows.map(({ endedAt }) => endedAt)) : null
  const answered = answerOf(rows)
  const [startedAt, answeredAt, endedAt] = [iso(start)!, iso(answered), iso(end)]
  const isUntold = answered === null && rows.some((one) => one.disposition === 'ANSWERED')
  const payload = { rows: rows.map(({ wire }) => payloadOf(wire)) }
  const readAt = rows.reduce((latest, row) => (row.readAt > latest ? row.readAt : latest), '')
  return {
    ...resource('CallRecord', account, call, payload, readAt),
    kind: rows.some(isFax) ? CallKind.FAX : CallKind.VOICE,
    direction,
    caller: callerParty(rows, direction, account),
    callee: calleeParty(rows, direction, account),
    startedAt,
    answeredAt,
    endedAt,
    durationSeconds: secondsBetween(startedAt, endedAt),
    waitSeconds: isUntold ? null : secondsBetween(startedAt, answeredAt ?? endedAt),
    talkSeconds: disposition === CallDisposition.MISSED ? 0 : isUntold ? null : talkOf(rows, answeredAt),
    disposition,
    nativeDisposition: row.disposition,
    nativeHangupCause: null,
    hangupParty: HangupParty.UNKNOWN,
    recordings: recordingsOf(account, rows),
    cost: null,
    didRef: didRefOf(rows, direction, account),
    answeredByRef: answeredBy(rows, direction, account),
    groupRefs: groupsOf(rows),
    steps: legsOf(call, rows, account),
  }
}

const iso = (time: number | null): string | null => (time === null ? null : new Date(time).toISOString())

const { MISSED, NO_ANSWER, CANCELLED, BUSY, FAILED, UNKNOWN } = CallDisposition
/**
 * Words of rows that nobody took, and what they are of an incoming call and of any other. The best
 * comes first: of a queue that gave up, a busy phone is not the word.
 */
const UNANSWERED = new Map<string, readonly [CallDisposition, CallDisposition]>([
  ['NO ANSWER', [MISSED, NO_ANSWER]],
  ['CANCEL', [MISSED, CANCELLED]],
  ['BUSY', [BUSY, BUSY]],
  ['FAILED', [FAILED, FAILED]],
  ['CONGESTION', [FAILED, FAILED]],
])

/** How the call ended, and the row that says so. */
function dispositionOf(
  rows: readonly CallRow[],
  direction: CallDirection,
): { readonly disposition: CallDisposition; readonly row: CallRow } {
  const answered = rows.filter(({ disposition }) => disposition === 'ANSWERED')
  const taken = answered.find(namesPhone)
  if (taken) return { disposition: CallDisposition.ANSWERED, row: taken }
  const message = answered.find(isMailbox)
  if (message) return { disposition: CallDisposition.VOICEMAIL, row: message }
  const phones = rows.filter(namesPhone)
  const machine = answered[0]
  const isIncoming = direction === CallDirection.INBOUND
  if (machine && (isIncoming || phones.length === 0))
    return {
      // A menu, a queue or an announcement took it, nobody else; a fax is taken by nobody else.
      disposition: isIncoming && !isFax(machine) ? CallDisposition.MISSED : CallDisposition.ANSWERED,
      row: machine,
    }
  // The step after a phone that nobody took says what the switchboard did, not what became of the call.
  const telling = phones.length > 0 ? phones : rows
  const best = [...UNANSWERED.keys()]
    .map((word) => telling.find(({ disposition }) => disposition === word))
    .find(Boolean)
  const row = best ?? (telling.at(-1) as CallRow)
  return { disposition: UNANSWERED.get(row.disposition)?.[isIncoming ? 0 : 1] ?? UNKNOWN, row }
}

const isFax = ({ wire }: CallRow): boolean => /^(receive|send)fax$/i.test(text(wire.lastapp) ?? '')

/** When somebody took it; where nobody did, when a machine did; ms. */
function answerOf(rows: readonly CallRow[]): number | null {
  const answered = rows.filter(({ answeredAt }) => answeredAt !== null)
  const people = answered.filter(namesPhone)
  const times = (people.length > 0 ? people : answered).map(({ answeredAt }) => answeredAt!)
  return times.length > 0 ? Math.min(...times) : null
}

/** Sums would count the two halves of a local channel twice: it is the span. */
function talkOf(rows: readonly CallRow[], answeredAt: string | null): number | null {
  if (answeredAt === null) return 0
  const answered = rows.filter(({ disposition }) => disposition === 'ANSWERED')
  return answered.every(({ isEndTold }) => isEndTold)
    ? secondsBetween(answeredAt, iso(Math.max(...answered.map(({ endedAt }) => endedAt))))
    : null
}

function recordingsOf(account: Home, rows: readonly CallRow[]): Recording[] {
  const names = new Set(rows.flatMap(({ wire }) => text(wire.recordingfile) ?? []))
  return [...names].map((name) => ({
    __typename: 'Recording',
    id: globalId('Recording', account.key, `${originOf(rows).call}/${name}`),
    accountKey: account.key,
    nativeName: name,
    // The file may be gone, and nobody can ask for it.
    status: RecordingStatus.UNKNOWN,
    mimeType: /\.wav$/i.test(name) ? 'audio/wav' : /\.mp3$/i.test(name) ? 'audio/mpeg' : null,
  }))
}

function groupsOf(rows: readonly CallRow[]): Reference[] {
  const groups = new Map<string, Reference>()
  for (const row of rows) {
    const group = groupOf(row)
    if (group) groups.set(group.number, group)
  }
  return [...groups.values()]
}
