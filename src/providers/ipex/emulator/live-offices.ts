import type { EmulatorClock } from '../../../emulator/emulator.js'
import { createAgenda } from '../../../emulator/live/agenda.js'
import type { LiveCall } from '../../../emulator/live/live.js'
import { createLiveOffice, type EmulatedOffice } from '../../../emulator/live/live-office.js'
import { createWebhookSender } from '../../../emulator/live/webhook-sender.js'
import { createRandom } from '../../../emulator/random.js'
import type { CallChannels, EmulatedCallLog } from './call-log.js'
import type { IpexKnobs, IpexWebhook } from './knobs.js'
import type { LogRow } from './log-rows.js'
import type { Switchboard } from './switchboard.js'
import { createCallWebhooks, type AgentEvent } from './webhooks.js'

/** A channel of a call under way. */
export interface LiveChannel {
  readonly row: LogRow
  readonly state: 'Down' | 'Dialing' | 'Ring' | 'Ringing' | 'Up'
}

export interface LiveOfficesOptions {
  readonly ours: Switchboard
  readonly neighbour: Switchboard
  readonly logOf: (switchboard: Switchboard) => EmulatedCallLog
  readonly knobs: IpexKnobs
  readonly clock: EmulatorClock
  readonly seed: number
}

/** The calls of all PBXes that are under way. */
export interface LiveOffices {
  of(switchboard: Switchboard): EmulatedOffice<IpexWebhook>
  channelsOf(switchboard: Switchboard): readonly LiveChannel[]
  agentEvent(name: AgentEvent, line?: string): Promise<void>
  /** Does what is due after the clock has been moved. */
  run(): void
  reset(): void
}

export function liveOffices({ ours, neighbour, logOf, knobs, clock, seed }: LiveOfficesOptions): LiveOffices {
  const agenda = createAgenda(clock)
  const made = new Map([ours, neighbour].map((board) => [board, create(board)]))
  const first = () => made.get(ours)!
  first().webhooks.deliverTo(knobs.webhook)

  function create(switchboard: Switchboard) {
    const sender = createWebhookSender(clock, agenda)
    const webhooks = createCallWebhooks(switchboard, sender)
    const channels = new Map<string, CallChannels>()
    const ringsOutside = new Set<string>()
    const live = createLiveOffice<IpexWebhook>({
      office: switchboard.office,
      clock,
      agenda,
      sender,
      random: () => createRandom(seed).fork(`pbx ${switchboard.pbxId}`),
      recordDelayMs: knobs.recordDelayMs,
      slowRecords: knobs.slowRecords,
      settleDelayMs: knobs.settleDelayMs,
      begin({ startedAt }) {
        const own = logOf(switchboard).begin(startedAt)
        const linkedid = own[0] as string
        channels.set(linkedid, own)
        return linkedid
      },
      onMoment(call, moment) {
        if (moment.kind === 'ringing' && !moment.step && !moment.ring) ringsOutside.add(call.id)
        return webhooks.post(call, moment)
      },
      async record(call, linkedid) {
        logOf(switchboard).add(call, channels.get(linkedid))
        channels.delete(linkedid)
        ringsOutside.delete(linkedid)
        await webhooks.postRecord(call, linkedid)
      },
      settle(linkedid, change) {
        if (logOf(switchboard).byId(linkedid)) logOf(switchboard).change(linkedid, change)
      },
      deliverTo: webhooks.deliverTo,
    })
    const callersOwn = (row: LogRow): LogRow => ({
      ...row,
      answered: null,
      ...(row.way === 'In' && { line: '', user: null, queue: null }),
    })
    const channelsNow = (call: LiveCall): LiveChannel[] => {
      const rows = logOf(switchboard).rowsOf(call.told, channels.get(call.id)!)
      const open = rows.filter(({ end }) => end === Infinity)
      const rings = ringsOutside.has(call.id)
      // The caller's channel is there as long as the call is, even where no phone rings.
      const shown = open.length > 0 ? open : rows.slice(0, 1).map(callersOwn)
      return shown.map((row) => ({ row, state: stateOf(row, call, rings) }))
    }
    return {
      sender,
      live,
      webhooks,
      channels: () => live.calls.flatMap(channelsNow),
      reset() {
        live.reset()
        sender.reset()
        webhooks.deliverTo(null)
        channels.clear()
        ringsOutside.clear()
      },
    }
  }

  function stateOf(row: LogRow, { told, callerPhone }: LiveCall, ringsOutside: boolean): LiveChannel['state'] {
    if (callerPhone === 'rings') return 'Ringing'
    if (row.answered !== null) return 'Up'
    const step = told.steps.at(-1)
    if (step?.kind === 'menu') return knobs.stateInMenu
    if (step || ringsOutside) return 'Ringing'
    return { in: 'Ring', out: 'Dialing', local: 'Down' }[told.direction] as LiveChannel['state']
  }

  return {
    of: (switchboard) => made.get(switchboard)!.live,
    channelsOf: (switchboard) => made.get(switchboard)!.channels(),
    agentEvent: (name, line) => first().webhooks.postAgent(name, line),
    run: agenda.run,
    reset() {
      agenda.clear()
      for (const { reset } of made.values()) reset()
      first().webhooks.deliverTo(knobs.webhook)
    },
  }
}
