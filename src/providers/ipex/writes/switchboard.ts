import type { Query, Rest } from '../../../http/rest.js'
import type { Group } from '../../../model/group.js'
import { received, text, type Received } from '../../../model/values/wire-value.js'
import type { AccountFacts } from '../../provider.js'
import { FRESHNESS } from '../freshness.js'
import { bareArray } from '../list-response.js'
import type { WireChannel } from '../wire.js'

/** What the writes of one account have in common. */
export interface Switchboard {
  readonly rest: Rest
  /** Of the API, without a slash at the end. */
  readonly url: string
  /** Which switchboard, where the access sees several. */
  readonly pbx: Query
  readonly account: AccountFacts
  /** The internal number of a group, read if need be; null: it has none. */
  readonly groupNumber: (group: Group) => Promise<string | null>
}

/**
 * The channels of the calls under way. `fresh`: as they are at this moment; else as this operation
 * has read them before.
 */
export async function channelsNow(
  { rest, url, pbx }: Switchboard,
  { fresh }: { readonly fresh: boolean },
): Promise<readonly (Received<WireChannel> | null)[]> {
  const options = { freshness: FRESHNESS.currentCalls, fresh }
  const reply = await rest.get(`${url}/calls/current`, pbx, options)
  return bareArray('/calls/current', reply).map((entry) => {
    const channel = received<WireChannel>(entry)
    return text(channel?.callId) === null ? null : channel
  })
}

/** The channels of one call. */
export const channelsOf = (
  channels: readonly (Received<WireChannel> | null)[],
  callId: string,
): readonly Received<WireChannel>[] =>
  channels.flatMap((channel) => (channel && text(channel.callId) === callId ? [channel] : []))

/** The user whose phone is at the end of a channel; null where nobody's is. */
export const userOf = ({ user }: Received<WireChannel>): string | null =>
  text(received<NonNullable<WireChannel['user']>>(user)?.id)
