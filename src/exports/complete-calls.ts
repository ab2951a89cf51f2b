import { didOf, groupOf, takerOf } from '../loaders/edges/destination.js'
import type { Loaders } from '../loaders/loaders.js'
import type { CallRecord } from '../model/call-record.js'
import type { DetailField } from '../model/request-fields.js'
import type { CompleteCall, NamedObjects } from './complete-call.js'
import type { Member } from './formats/members.js'

export interface CompleteCallsOptions {
  readonly members: readonly Member[]
  readonly loaders: Loaders
  /** Called with each call of which something could not be read; that is null then. */
  readonly onIncomplete: (call: CallRecord, error: unknown) => void
}

/** What a list may leave out, by the member that shows it; absent field: every provider may tell it. */
const IN_DETAIL: Readonly<Partial<Record<Member, readonly [key: keyof CallRecord, field?: DetailField]>>> = {
  raw: ['payload'],
  recordings: ['recordings'],
  answeredBy: ['answeredByRef', 'CallRecord.answeredBy'],
  groups: ['groupRefs', 'CallRecord.groups'],
  legs: ['steps', 'CallRecord.legs'],
}
/** These are looked up in the lists of an account, each of which is read once for all calls. */
const NAMED: readonly Member[] = ['did', 'answeredBy', 'groups']

/** Reads what calls lack for these members: their details, and the objects they refer to. */
export function completeCalls({ members, loaders, onIncomplete }: CompleteCallsOptions) {
  const inDetail = members.flatMap((member) => (IN_DETAIL[member] ? [IN_DETAIL[member]] : []))
  const named = members.some((member) => NAMED.includes(member))

  const needsDetail = (call: CallRecord) =>
    inDetail.some(
      ([key, field]) => call[key] === undefined && !(field && loaders.account(call.accountKey).lacks(field)),
    )

  async function complete(call: CallRecord): Promise<CompleteCall> {
    const whole = needsDetail(call) ? { ...call, ...(await read(call, () => loaders.callLog.detail(call))) } : call
    if (!named) return whole
    const objects = await read(call, () => namedBy(whole))
    return objects ? { ...whole, named: objects } : whole
  }

  async function read<T>(call: CallRecord, work: () => Promise<T>): Promise<T | null> {
    try {
      return await work()
    } catch (error) {
      onIncomplete(call, error)
      return null
    }
  }

  async function namedBy({
    accountKey,
    didRef,
    answeredByRef,
    groupRefs,
    fetchedAt,
  }: CallRecord): Promise<NamedObjects> {
    const account = loaders.account(accountKey)
    const groups = groupRefs && members.includes('groups') ? groupRefs.map((one) => groupOf(account, one)) : null
    return {
      did: members.includes('did') ? await didOf(account, didRef) : null,
      answeredBy:
        answeredByRef && members.includes('answeredBy') ? await takerOf(account, answeredByRef, fetchedAt) : null,
      groups: groups && (await Promise.all(groups)).filter((group) => group !== null),
    }
  }

  return (calls: readonly CallRecord[]): Promise<readonly CompleteCall[]> | readonly CompleteCall[] =>
    named || calls.some(needsDetail) ? Promise.all(calls.map(complete)) : calls
}
