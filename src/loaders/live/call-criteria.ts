import type { CallSnapshot } from '../../live/call-event.js'
import type { AccountLoader } from '../account-loader.js'
import {
  extensionParticipants,
  mayTakePart,
  refersTo,
  requiredParticipants,
  type Participants,
} from '../calls/participants.js'
import type { BoundExtension } from '../loaders.js'

/** Which live calls are wanted. An absent or null field excludes nothing; an empty list excludes all. */
export interface LiveCallCriteria {
  readonly extensionIds?: readonly string[] | null
  readonly groupIds?: readonly string[] | null
  readonly didIds?: readonly string[] | null
}

/** Whether no call of any account is excluded. */
export const matchesEvery = ({ extensionIds, groupIds, didIds }: LiveCallCriteria): boolean =>
  extensionIds == null && groupIds == null && didIds == null

export type MatchesCall = (call: CallSnapshot) => boolean

/**
 * Whether a call of this account is wanted: one of the extensions, one of the groups and one of the
 * numbers has had to do with it so far. `own`: the only extension whose calls there are.
 *
 * Null when no call of the account can match.
 */
export async function callMatcher(
  account: AccountLoader,
  { extensionIds, groupIds, didIds }: LiveCallCriteria,
  own: BoundExtension | null,
): Promise<MatchesCall | null> {
  const lists = (ids: readonly string[] | null | undefined) => (ids == null ? [] : [ids])
  const demand = { extensionIds: lists(extensionIds), groupIds: lists(groupIds), didIds: lists(didIds) }
  const { key } = account.account
  if (!mayTakePart(demand, key)) return null
  const required = await requiredParticipants(demand, key, account)
  if (!required) return null
  const tests: MatchesCall[] = [
    ...required.extensions.map((wanted) => involves('Extension', wanted)),
    ...required.groups.map((wanted) => involves('Group', wanted)),
    ...required.dids.map((wanted) => involves('Did', wanted)),
  ]
  if (own) {
    const line = await ownLine(account, own)
    if (!line) return null
    tests.push(involves('Extension', line))
  }
  return (call) => tests.every((matches) => matches(call))
}

const involves =
  (kind: 'Extension' | 'Group' | 'Did', wanted: Participants): MatchesCall =>
  ({ involved }) =>
    involved.some((reference) => refersTo(reference, kind, wanted))

/** What calls refer to an extension by; null where the account has no such extension. */
export async function ownLine(
  { account, extensions }: AccountLoader,
  own: BoundExtension,
): Promise<Participants | null> {
  if (account.key !== own.accountKey || !extensions) return null
  const all = await extensions.list().all()
  const extension = all.find(({ number }) => number === own.number)
  return extension ? extensionParticipants(extension, all) : null
}
