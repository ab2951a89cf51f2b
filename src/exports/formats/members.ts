import type { CallLeg, CallParty, CallRecord, Recording } from '../../model/call-record.js'
import type { PrintTime } from './local-time.js'

/** What an export gives of each call: members of CallRecord, in the schema's order. */
export const MEMBERS = [
  'id',
  'providerResourceId',
  'fetchedAt',
  'account',
  'raw',
  'kind',
  'direction',
  'caller',
  'callee',
  'startedAt',
  'answeredAt',
  'endedAt',
  'durationSeconds',
  'waitSeconds',
  'talkSeconds',
  'disposition',
  'nativeDisposition',
  'nativeHangupCause',
  'hangupParty',
  'recordings',
  'cost',
  'legs',
] as const
export type Member = (typeof MEMBERS)[number]

/** Those that need a scope of their own, or may cost a request for each call. */
const ASKED_FOR: ReadonlySet<Member> = new Set(['raw', 'legs'])

/** The members of an export that names none: all that cost no further request. */
export const FREE_MEMBERS: readonly Member[] = MEMBERS.filter((member) => !ASKED_FOR.has(member))

export const isMember = (name: string): name is Member => (MEMBERS as readonly string[]).includes(name)

/** What is printed of the accounts of calls. */
export interface ExportedAccount {
  readonly id: string
  readonly key: string
  readonly label: string
}

/** How calls are shown. */
export interface Shown {
  readonly members: readonly Member[]
  readonly time: PrintTime
  /** By key. */
  readonly account: (key: string) => ExportedAccount
  /** Who a party is, as `CallParty.label` has it. */
  readonly label: (party: CallParty) => string
}

/** A call by the schema's names. */
export type ShownCall = Readonly<Partial<Record<Member, unknown>>>

/** Shows calls as the schema does. */
export function showCalls({ members, time, account, label }: Shown): (call: CallRecord) => ShownCall {
  const moment = (at: string | null) => at && time(at)
  const party = (one: CallParty) => ({
    number: one.number,
    rawNumber: one.rawNumber,
    displayName: one.displayName,
    label: label(one),
  })
  const recording = ({ id, status, mimeType }: Recording) => ({ id, status, mimeType })
  const leg = (one: CallLeg) => ({
    id: one.id,
    sequence: one.sequence,
    parentId: one.parentId,
    action: one.action,
    nativeAction: one.nativeAction,
    startedAt: time(one.startedAt),
    answeredAt: moment(one.answeredAt),
    endedAt: moment(one.endedAt),
    result: one.result,
    nativeResult: one.nativeResult,
  })
  const readers: Readonly<Partial<Record<Member, (call: CallRecord) => unknown>>> = {
    account: ({ accountKey }) => account(accountKey),
    raw: ({ payload }) => payload ?? null,
    caller: ({ caller }) => party(caller),
    callee: ({ callee }) => party(callee),
    recordings: ({ recordings }) => recordings?.map(recording) ?? null,
    cost: ({ cost }) => cost && { amount: cost.amount, currencyCode: cost.currencyCode },
    legs: ({ steps }) => steps?.map(leg) ?? null,
    fetchedAt: ({ fetchedAt }) => time(fetchedAt),
    startedAt: ({ startedAt }) => time(startedAt),
    answeredAt: ({ answeredAt }) => moment(answeredAt),
    endedAt: ({ endedAt }) => moment(endedAt),
  }
  const chosen = MEMBERS.filter((member) => members.includes(member)).map(
    (member) => [member, readers[member] ?? ((call: CallRecord) => call[member as keyof CallRecord] ?? null)] as const,
  )
  return (call) => {
    const shown: Partial<Record<Member, unknown>> = {}
    for (const [member, read] of chosen) shown[member] = read(call)
    return shown
  }
}

/** Whether a call's detail has to be read for these members: the list left them out. */
export const needsDetail = (call: CallRecord, members: readonly Member[]): boolean =>
  (members.includes('legs') && call.steps === undefined) ||
  (members.includes('raw') && call.payload === undefined) ||
  (members.includes('recordings') && call.recordings === undefined)
