import { text } from '../../../model/values/wire-value.js'
import { conflict } from '../../write-problems.js'
import { TRANSFER_TARGETS, targetMistakes } from '../../write-targets.js'
import type { CallWrites, ReadyInput, TransferInput, WriteProblem } from '../../writes.js'
import type { CurrentCall } from '../../live.js'
import { CALLS } from '../freshness.js'
import { lineOf } from '../map/current-calls.js'
import { isSameNumber } from '../map/row-facts.js'
import type { WireTransfer } from '../wire.js'
import { checked, dialledNumber, type Dialled } from './dial.js'
import { channelsNow, channelsOf, userOf, type Switchboard } from './switchboard.js'

type Ready = ReadyInput<TransferInput> & { readonly call: CurrentCall }
type Moved =
  | { readonly userId: string; readonly problem: null }
  | { readonly userId: null; readonly problem: WriteProblem }

/**
 * `PUT /calls/transfer`. It names the user who talks and not the call, so it is sent only where the
 * user talks in this call and in no other.
 */
export function transfer(switchboard: Switchboard): NonNullable<CallWrites['transfer']> {
  const { rest, url, account } = switchboard
  return {
    affects: CALLS,
    mistakes: (input) => targetMistakes(input, TRANSFER_TARGETS),
    async check(ready) {
      const problems = [(await target(ready, switchboard)).problem, (await movedUser(ready, switchboard, true)).problem]
      return problems.flatMap((problem) => problem ?? [])
    },
    async send(ready) {
      const { userId, problem } = await movedUser(ready, switchboard, false)
      if (userId === null) throw new Error(`A transfer was sent in spite of a problem: ${problem.message}`)
      const body: WireTransfer = { to: checked(await target(ready, switchboard)), userId }
      await rest.write('PUT', `${url}/calls/transfer`, body, CALLS)
      return {}
    },
    async look(ready) {
      const { number } = await target(ready, switchboard)
      if (number === null) return null
      const channels = channelsOf(await channelsNow(switchboard, { fresh: true }), ready.call.callId)
      const isThere = channels.some(
        (channel) => lineOf(channel, account) === number || isSameNumber(text(channel.dst), number, account),
      )
      return isThere ? {} : null
    },
  }
}

const target = ({ input, named }: Ready, switchboard: Switchboard): Promise<Dialled> =>
  dialledNumber({ input, fields: TRANSFER_TARGETS, path: [], named }, switchboard)

async function movedUser({ call }: Ready, switchboard: Switchboard, fresh: boolean): Promise<Moved> {
  const all = await channelsNow(switchboard, { fresh })
  const channels = channelsOf(all, call.callId)
  if (channels.length === 0) return refused('IPEX does not list this call any more.')
  const talking = channels.filter(({ state }) => text(state)?.toLowerCase() === 'up')
  const [userId, ...others] = usersOf(talking).length > 0 ? usersOf(talking) : usersOf(channels)
  if (userId === undefined) return refused('No user is in this call, and IPEX moves the calls of users.')
  if (others.length > 0)
    return refused(
      'Several users are in this call, and IPEX does not say whose it moves. Wait until one of them talks.',
    )
  const theirs = new Set(all.flatMap((channel) => (channel && userOf(channel) === userId ? text(channel.callId) : [])))
  if (theirs.size > 1)
    return refused('The user of this call has several, and IPEX does not say which it moves. End the others first.')
  return { userId, problem: null }
}

const usersOf = (channels: readonly Parameters<typeof userOf>[0][]): string[] => [
  ...new Set(channels.flatMap((channel) => userOf(channel) ?? [])),
]

const refused = (message: string): Moved => ({ userId: null, problem: conflict(null, message) })
