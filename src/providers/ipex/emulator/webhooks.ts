import type { LiveCall, LiveMoment } from '../../../emulator/live/live.js'
import type { WebhookSender } from '../../../emulator/live/webhook-sender.js'
import type { StoryCall } from '../../../emulator/story.js'
import { callerIn, dialledIn, placeOf } from './call-facts.js'
import type { IpexWebhook, WebhookKey } from './knobs.js'
import type { Switchboard, User } from './switchboard.js'

export type AgentEvent = 'AgentLogin' | 'AgentLogout' | 'AgentPaused' | 'AgentUnPaused'
type CallEvent = 'NewCall' | 'Ringing' | 'Answered' | 'Hangup' | 'AttendedTransfer' | 'CDR'
type Values = Partial<Record<WebhookKey, string>>

/** The webhook of one PBX. */
export interface CallWebhooks {
  deliverTo(webhook: IpexWebhook | null): void
  post(call: LiveCall, moment: LiveMoment): Promise<void>
  /** The record of a call was written. */
  postRecord(call: StoryCall, linkedid: string): Promise<void>
  /** Default: the first agent of a queue. */
  postAgent(name: AgentEvent, line?: string): Promise<void>
}

const KEYS: readonly WebhookKey[] = [
  ...(['EventName', 'From', 'To', 'Line', 'Email', 'Login', 'UniqueId', 'Queue', 'Direction', 'Reason'] as const),
]
/** After so many calls an agent pauses, or comes back. */
const CALLS_PER_PAUSE = 4

/** `UniqueId` is the `linkedid` of the call's rows; events have no times. */
export function createCallWebhooks(switchboard: Switchboard, sender: WebhookSender): CallWebhooks {
  let hook: IpexWebhook | null = null
  let over = 0

  async function send(values: Values, call: string | null, isLast = false): Promise<void> {
    if (hook) await sender.post(hook, false, { call, values: inNames(values, hook), isLast })
  }

  const event = (name: CallEvent, call: StoryCall, linkedid: string, more: Values = {}): Values => ({
    EventName: name,
    From: callerIn(call, switchboard),
    To: dialledIn(call, switchboard),
    ...ownerOf(switchboard.user(call.from)),
    UniqueId: linkedid,
    Direction: directionOf(call, false),
    ...more,
  })

  /** Of the phone that rings or talks; an internal call comes in there. */
  function ofPhone(name: CallEvent, { told, id }: LiveCall, { step, ring }: LiveMoment): Values {
    const user = ring && switchboard.user(ring.extension)
    const place = step && placeOf(step, switchboard)
    return event(name, told, id, {
      ...(ring && ownerOf(user)),
      ...(ring && { Direction: directionOf(told, true) }),
      ...(place?.queue != null && { Queue: place.queue }),
      ...(step?.kind === 'forward' && { To: place!.number }),
    })
  }

  function eventsOf(call: LiveCall, moment: LiveMoment): Values[] {
    switch (moment.kind) {
      case 'started':
        return [event('NewCall', call.told, call.id)]
      case 'ringing':
        return [ofPhone('Ringing', call, moment)]
      case 'answered': {
        const isTransfer = moment.step?.kind === 'extension' && moment.step.askedFirst
        return isTransfer ? [] : [...stopped(call, moment), ofPhone('Answered', call, moment)]
      }
      case 'transferred':
        // The next Ringing tells of a blind one.
        return moment.step?.kind === 'extension' && moment.step.askedFirst
          ? [ofPhone('AttendedTransfer', call, moment)]
          : []
      case 'ended':
        return [event('Hangup', call.told, call.id, { ...ownerOf(talker(call.told)), Reason: reasonOf(call.told) })]
      default:
        return []
    }
  }

  /** The phones that stopped ringing because another was faster. */
  function stopped(call: LiveCall, moment: LiveMoment): Values[] {
    const { step, at } = moment
    if (hook?.hangups !== 'phones' || !step || !('rings' in step)) return []
    const told = call.told.steps.at(-1)
    const rings = told && 'rings' in told ? told.rings : []
    return rings
      .filter(({ result, until }) => result === 'elsewhere' && until === at)
      .map((ring) => ({ ...ofPhone('Hangup', call, { ...moment, ring }), Reason: 'ANSWERED_ELSEWHERE' }))
  }

  function talker(call: StoryCall): User | null {
    if (call.direction !== 'in') return switchboard.user(call.from)
    const rings = call.steps.flatMap((step) => ('rings' in step ? step.rings : []))
    return switchboard.user(rings.findLast(({ answeredAt }) => answeredAt !== null)?.extension ?? null)
  }

  async function postAgent(name: AgentEvent, line?: string): Promise<void> {
    const { users, queuesOf } = switchboard
    const agent = users.find((user) => (line ? user.extension.number === line : queuesOf(user).length > 0))
    if (!agent) throw new Error(`The IPEX emulator has no agent ${line ?? ''}`)
    const Queue = queuesOf(agent)[0]?.name ?? ''
    await send({ EventName: name, ...ownerOf(agent), Queue, ...(name === 'AgentPaused' && { Reason: 'Oběd' }) }, null)
  }

  async function pauseNowAndThen(): Promise<void> {
    if (!(hook?.agents ?? hook?.varied)) return
    over += 1
    if (over % CALLS_PER_PAUSE !== 0) return
    await postAgent(over % (2 * CALLS_PER_PAUSE) === 0 ? 'AgentUnPaused' : 'AgentPaused')
  }

  return {
    deliverTo: (webhook) => void (hook = webhook),
    async post(call, moment) {
      const isLast = moment.kind === 'ended'
      const posts = eventsOf(call, moment).map((values) => send(values, call.id, isLast))
      await Promise.all([...posts, ...(isLast ? [pauseNowAndThen()] : [])])
    },
    postRecord: (call, linkedid) =>
      send(event('CDR', call, linkedid, { ...ownerOf(talker(call)), Reason: reasonOf(call) }), null),
    postAgent,
  }

  function directionOf({ direction }: StoryCall, isCalled: boolean): string {
    if (direction !== 'local') return direction === 'in' ? 'incoming' : 'outgoing'
    const word = isCalled ? 'incomingLocal' : 'outgoingLocal'
    return hook?.localSpelling === 'lower' ? word.toLowerCase() : word
  }
}

const ownerOf = (user: User | null): Values =>
  user ? { Line: user.extension.number, Email: user.email, Login: user.login } : {}

/** Asterisk's words; those of `Reason` are not published. */
const reasonOf = ({ outcome, hungUpBy }: StoryCall): string => {
  if (outcome === 'missed') return hungUpBy === 'caller' ? 'CANCEL' : 'NO ANSWER'
  return REASONS[outcome]
}

const REASONS: Readonly<Record<Exclude<StoryCall['outcome'], 'missed'>, string>> = {
  answered: 'NORMAL_CLEARING',
  voicemail: 'NORMAL_CLEARING',
  'no answer': 'NO ANSWER',
  busy: 'BUSY',
  rejected: 'CALL_REJECTED',
  cancelled: 'CANCEL',
  failed: 'CONGESTION',
}

/** In the order of the documentation, in the names that were chosen. */
function inNames(values: Values, { keys, emptyKeys }: IpexWebhook): Record<string, string> {
  const entries = KEYS.map((key) => [keys?.[key] ?? key, values[key] ?? ''] as const)
  return Object.fromEntries(emptyKeys === 'absent' ? entries.filter(([, value]) => value !== '') : entries)
}
