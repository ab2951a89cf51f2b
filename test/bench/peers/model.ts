/**
 * Wire to schema, by hand: only what the stub says is understood, which is less than a server for the real provider must understand. That
 * is an advantage of the peers, and they may have it.
 */
import type { WireCall, WireDay, WireDid, WireExtension, WireGroup, WireMe } from './wire.js'

export const globalId = (code: string, account: string, native: string | number = '') =>
  Buffer.from(`${code}:${account}:${native}`).toString('base64url')

/** The key of the account an id is of; null for the id of anything else. */
export const accountKeyOf = (id: string): string | null =>
  /^A:([a-z0-9-]+):$/.exec(Buffer.from(id, 'base64url').toString())?.[1] ?? null

export const statusOf = (state: string) => (state === 'CONFIRMED' ? 'ACTIVE' : 'UNKNOWN')

export const toProfile = ({ pbx }: WireMe) => ({ name: pbx.name, status: statusOf(pbx.state), plan: pbx.package })

export const toDid = (account: string, wire: WireDid) => ({
  id: globalId('D', account, wire.id),
  number: `+${wire.number}`,
  status: statusOf(wire.state),
  wire,
})

export const toExtension = (account: string, { id, number, caller_name }: WireExtension) => ({
  __typename: 'Extension' as const,
  id: globalId('E', account, id),
  number: String(number),
  displayName: caller_name,
})

export const toGroup = (account: string, { id, name }: WireGroup) => ({
  __typename: 'Group' as const,
  id: globalId('G', account, id),
  name,
})

const DAYS = ['MONDAY', 'TUESDAY', 'WEDNESDAY', 'THURSDAY', 'FRIDAY', 'SATURDAY', 'SUNDAY']

export const toHours = ({ working_hour, working_hours }: WireDid) =>
  working_hour && working_hours
    ? {
        enabled: true,
        timeZone: 'Europe/Istanbul',
        days: DAYS.map((day) => ({ day, ...openTimes(working_hours[day.toLowerCase()]!) })),
      }
    : { enabled: false, timeZone: null, days: [] }

function openTimes({ open, shift_start, shift_finish, lunch_break_start, lunch_break_finish }: WireDay) {
  if (!open) return { open, intervals: [] }
  return {
    open,
    intervals:
      lunch_break_start && lunch_break_finish
        ? [
            { start: shift_start, end: lunch_break_start },
            { start: lunch_break_finish, end: shift_finish },
          ]
        : [{ start: shift_start, end: shift_finish }],
  }
}

const HANGUP_PARTY: Readonly<Record<string, string>> = { recv_bye: 'CALLER', send_bye: 'CALLEE' }

const instant = (text: string | null) => (text === null ? null : new Date(text).toISOString())
const seconds = (from: string, to: string) => Math.round((Date.parse(to) - Date.parse(from)) / 1000)

export function toCall(account: { readonly key: string; readonly label: string }, wire: WireCall) {
  const startedAt = instant(wire.call_time)!
  const answeredAt = instant(wire.answer_time)
  const endedAt = instant(wire.hangup_time)!
  const durationSeconds = seconds(startedAt, endedAt)
  const isIncoming = wire.direction === 'IN'
  return {
    id: globalId('C', account.key, wire.uuid),
    kind: wire.bf_calltype === 'voice' ? 'VOICE' : 'UNKNOWN',
    direction: isIncoming ? 'INBOUND' : 'OUTBOUND',
    ...{ startedAt, answeredAt, endedAt, durationSeconds },
    waitSeconds: answeredAt === null ? durationSeconds : seconds(startedAt, answeredAt),
    talkSeconds: answeredAt === null ? 0 : seconds(answeredAt, endedAt),
    disposition: answeredAt !== null ? 'ANSWERED' : isIncoming ? 'MISSED' : 'NO_ANSWER',
    nativeHangupCause: wire.hangup_cause,
    hangupParty: HANGUP_PARTY[wire.hangup_state ?? ''] ?? 'UNKNOWN',
    caller: { number: `+${wire.caller}` },
    callee: { number: `+${wire.callee}` },
    cost: wire.call_price == null ? null : { amount: wire.call_price },
    account,
  }
}

export type Call = ReturnType<typeof toCall>

/** Newest first, and those of one moment by account and id. */
export const inOrder = (calls: Call[]): Call[] =>
  calls.sort(
    (a, b) => compare(b.startedAt, a.startedAt) || compare(a.account.key, b.account.key) || compare(a.id, b.id),
  )

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0)
