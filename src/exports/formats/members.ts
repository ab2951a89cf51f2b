import type { Destination } from '../../loaders/edges/destination.js'
import type { CallLeg, CallParty, CallRecord, Recording } from '../../model/call-record.js'
import type { CompleteCall } from '../complete-call.js'
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
  'did',
  'answeredBy',
  'groups',
  'legs',
] as const
export type Member = (typeof MEMBERS)[number]

/** Those that need a scope of their own, or cost requests: for a list, or for each call. */
const ASKED_FOR: ReadonlySet<Member> = new Set(['raw', 'did', 'answeredBy', 'groups', 'legs'])

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
  /** Label and number of an object, as `Dialable` has them; of a group the label, since its number may be in its detail. */
  readonly describe: (object: Destination) => { readonly label: string; readonly displayNumber?: string | null }
}

/** A call by the schema's names. */
export type ShownCall = Readonly<Partial<Record<Member, unknown>>>

/** Shows calls as the schema does. */
export function showCalls({ members, time, account, label, describe }: Shown): (call: CompleteCall) => ShownCall {
  const moment = (at: string | null) => at && time(at)
  const party = (one: CallParty) => ({
    number: one.number,
    rawNumber: one.rawNumber,
    displayName: one.displayName,
    label: label(one),
  })
  const named = (object: Destination) => ({
    __typename: object.__typename,
    ...('id' in object && { id: object.id }),
    ...describe(object),
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
  const readers: Readonly<Partial<Record<Member, (call: CompleteCall) => unknown>>> = {
    account: ({ accountKey }) => account(accountKey),
    raw: ({ payload }) => payload ?? null,
    caller: ({ caller }) => party(caller),
    callee: ({ callee }) => party(callee),
    recordings: ({ recordings }) => recordings?.map(recording) ?? null,
    cost: ({ cost }) => cost && { amount: cost.amount, currencyCode: cost.currencyCode },
    did: (call) => call.named?.did && named(call.named.did),
    answeredBy: (call) => call.named?.answeredBy && named(call.named.answeredBy),
    groups: (call) => call.named?.groups?.map(named) ?? null,
    legs: ({ steps }) => steps?.map(leg) ?? null,
    fetchedAt: ({ fetchedAt }) => time(fetchedAt),
    startedAt: ({ startedAt }) => time(startedAt),
    answeredAt: ({ answeredAt }) => moment(answeredAt),
    endedAt: ({ endedAt }) => moment(endedAt),
  }
  const chosen = MEMBERS.filter((member) => members.includes(member)).map(
    (member) =>
      [member, readers[member] ?? ((call: CompleteCall) => call[member as keyof CallRecord] ?? null)] as const,
  )
  return (call) => {
    const shown: Partial<Record<Member, unknown>> = {}
    for (const [member, read] of chosen) shown[member] = read(call)
    return shown
  }
}
