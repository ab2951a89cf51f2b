import { ProviderError } from '../../../errors.js'
import type { Extension } from '../../../model/extension.js'
import { received, text, type Received } from '../../../model/values/wire-value.js'
import { notFound } from '../../write-problems.js'
import { namedObject, numberMistakes, targetMistakes } from '../../write-targets.js'
import type { CallWrites, OriginateInput, ReadyInput } from '../../writes.js'
import { CALLS } from '../freshness.js'
import { lineOf } from '../map/current-calls.js'
import { isSameNumber } from '../map/row-facts.js'
import type { WireChannel, WireNewCall } from '../wire.js'
import { asDialled } from './dial.js'
import { channelsNow, userOf, type Switchboard } from './switchboard.js'

type Ready = ReadyInput<OriginateInput>

/** The calls that were under way before one was placed, by the write that places it. */
const callsBefore = new WeakMap<Ready, ReadonlySet<string>>()

/** `POST /calls` from a line: its phone rings first. The answer has the call's id. */
export function originate(switchboard: Switchboard): NonNullable<CallWrites['originate']> {
  const { rest, url, pbx, account } = switchboard
  return {
    affects: CALLS,
    mistakes: (input) => [
      ...targetMistakes(input, { Extension: 'fromExtensionId' }),
      ...numberMistakes(input.to, ['to']),
    ],
    async check(ready) {
      await rememberCalls(ready, switchboard)
      const { callerIdDidId } = ready.input
      return [
        ...(lineIn(ready) ? [] : [notFound(['fromExtensionId'])]),
        ...(callerIdDidId == null || shownIn(ready) ? [] : [notFound(['callerIdDidId'])]),
      ]
    },
    async send(ready) {
      const { to } = ready.input
      const shown = shownIn(ready)
      const body: WireNewCall = {
        to: asDialled(to, account),
        fromUser: { identityType: 'line', identityValue: lineIn(ready)!.number },
        ...(shown && { callerId: shown.rawNumber }),
      }
      const reply = await rest.write('POST', `${url}/calls${chosen(pbx['pbxId'])}`, body, CALLS)
      return { callId: text(received<{ callId: unknown }>(reply.body)?.callId) }
    },
    async look(ready) {
      const before = callsBefore.get(ready)
      const line = lineIn(ready)
      if (!before || !line) return null
      const calls = new Map<string, Received<WireChannel>[]>()
      for (const channel of await channelsNow(switchboard, { fresh: true })) {
        const callId = text(channel?.callId)
        if (channel && callId !== null && !before.has(callId))
          calls.set(callId, [...(calls.get(callId) ?? []), channel])
      }
      const isOfLine = (channel: Received<WireChannel>) =>
        lineOf(channel, account) === line.number ||
        text(channel.src) === line.number ||
        (line.ownerId != null && userOf(channel) === line.ownerId)
      const isToNumber = ({ src, dst }: Received<WireChannel>) =>
        [src, dst].some((side) => isSameNumber(text(side), ready.input.to, account))
      const found = [...calls].filter(([, channels]) => channels.some(isOfLine) && channels.some(isToNumber))
      // Of two alike nothing tells which one it is.
      return found.length === 1 ? { callId: found[0]![0] } : null
    },
  }
}

/** What cannot be read keeps no call from being placed; it only cannot be looked for. */
async function rememberCalls(ready: Ready, switchboard: Switchboard): Promise<void> {
  try {
    const channels = await channelsNow(switchboard, { fresh: true })
    callsBefore.set(ready, new Set(channels.flatMap((channel) => text(channel?.callId) ?? [])))
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error
  }
}

const lineIn = ({ input, named }: Ready): Extension | null => namedObject(named, input.fromExtensionId, 'Extension')
const shownIn = ({ input, named }: Ready) => namedObject(named, input.callerIdDidId, 'Did')

const chosen = (pbxId: unknown): string => (pbxId == null ? '' : `?${new URLSearchParams({ pbxId: String(pbxId) })}`)
