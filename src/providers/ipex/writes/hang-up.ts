import type { CallWrites } from '../../writes.js'
import { CALLS } from '../freshness.js'
import { channelsNow, channelsOf, type Switchboard } from './switchboard.js'

/** `DELETE /calls?callId=`. */
export const hangUp = (switchboard: Switchboard): NonNullable<CallWrites['hangUp']> => ({
  affects: CALLS,
  async send({ call }) {
    const query = new URLSearchParams({ callId: call.callId })
    await switchboard.rest.write('DELETE', `${switchboard.url}/calls?${query}`, undefined, CALLS)
    return {}
  },
  // An entry that cannot be read may be a channel of the call.
  async look({ call }) {
    const channels = await channelsNow(switchboard, { fresh: true })
    return channels.every((channel) => channel !== null) && channelsOf(channels, call.callId).length === 0 ? {} : null
  },
})
