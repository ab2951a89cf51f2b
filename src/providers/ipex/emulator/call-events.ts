import type { StoryCall, StoryRing, StoryStep } from '../../../emulator/story.js'
import { callerIn, dialledIn, gaveUp, placeOf, takenOutside } from './call-facts.js'
import type { Switchboard } from './switchboard.js'

/**
 * The values of `eventtype`, which are not documented: Asterisk's channel events (CEL), and similar
 * words for menus, queues and unanswered phones. `README.md` in this folder explains each.
 */
export type EventType =
  | 'CHAN_START'
  | 'IVR_ENTER'
  | 'IVR_EXIT'
  | 'QUEUE_ENTER'
  | 'QUEUE_EXIT'
  | 'FORWARD'
  | 'BLINDTRANSFER'
  | 'ATTENDEDTRANSFER'
  | 'ANSWER'
  | 'BRIDGE_ENTER'
  | 'BRIDGE_EXIT'
  | 'NOANSWER'
  | 'BUSY'
  | 'REJECTED'
  | 'CANCEL'
  | 'CONGESTION'
  | 'ANSWERED_ELSEWHERE'
  | 'VOICEMAIL_START'
  | 'VOICEMAIL_END'
  | 'HANGUP'
  | 'LINKEDID_END'

export interface CallEvent {
  readonly type: EventType
  /** ms. */
  readonly at: number
  readonly src: string | null
  readonly dst: string | null
}

/** Everything that happened in a call, in order of time; simultaneous events in order of cause. */
export function eventsOf(call: StoryCall, switchboard: Switchboard): CallEvent[] {
  const caller = callerIn(call, switchboard)
  const dialled = dialledIn(call, switchboard)
  const events: CallEvent[] = []
  const tell = (type: EventType, at: number, dst: string | null, src: string | null = caller) =>
    void events.push({ type, at, src, dst })

  tell('CHAN_START', call.startedAt, dialled)
  if (call.direction === 'out' || call.steps.length === 0) tellDirect()
  call.steps.forEach(tellStep)
  if (call.outcome === 'voicemail') tellVoicemail()
  tell('HANGUP', call.endedAt, dialled)
  tell('LINKEDID_END', call.endedAt, null)
  // The sort is stable: simultaneous events keep their order.
  return events.sort((a, b) => a.at - b.at)

  function tellStep(step: StoryStep, index: number): void {
    const { number } = placeOf(step, switchboard)
    const before = whoTalkedBefore(index)
    const askedFirst = step.kind === 'extension' && step.askedFirst
    if (before && askedFirst) tell('ATTENDEDTRANSFER', before.until, number, before.line)
    else if (before) tell('BLINDTRANSFER', step.at, number, before.line)
    if (step.kind === 'menu') {
      tell('IVR_ENTER', step.at, number)
      tell('IVR_EXIT', step.until, number)
    } else if (step.kind === 'forward') {
      const before = call.steps[index - 1]
      tell('FORWARD', step.at, number, before ? placeOf(before, switchboard).number : dialled)
      const silence = call.hungUpBy === 'caller' ? 'CANCEL' : 'NOANSWER'
      tellChannel(number, step.at, takenOutside(call, step), step.until, silence)
    } else {
      if (step.kind === 'group') tell('QUEUE_ENTER', step.at, number)
      // The winner's events come before those of the phones it stopped.
      const rings = [...step.rings].sort((a, b) => Number(a.result === 'elsewhere') - Number(b.result === 'elsewhere'))
      for (const ring of rings) {
        const line = switchboard.user(ring.extension)?.extension.number ?? number
        tellChannel(line, ring.from, ring.answeredAt, ring.until, silenceOf(ring, call))
      }
      // A phone that is off, or forwards every call, does not ring: its channel cannot be created.
      if (step.kind === 'extension' && rings.length === 0) tellChannel(number, step.at, null, step.until, 'CONGESTION')
      if (step.kind === 'group') tell('QUEUE_EXIT', step.until, number)
    }
  }

  /** The events of one phone or outside line: ringing, answered or not, hung up. */
  function tellChannel(line: string, from: number, answeredAt: number | null, until: number, silence: EventType): void {
    tell('CHAN_START', from, line)
    if (answeredAt === null) tell(silence, until, line)
    else {
      tell('ANSWER', answeredAt, line)
      tell('BRIDGE_ENTER', answeredAt, line)
      tell('BRIDGE_EXIT', until, line)
    }
    tell('HANGUP', until, line)
  }

  /**
   * A call without steps (outgoing, to a fax machine, or to no destination) is a single channel.
   */
  function tellDirect(): void {
    if (call.outcome === 'answered') {
      const answeredAt = call.answeredAt ?? call.startedAt
      tell('ANSWER', answeredAt, dialled)
      tell('BRIDGE_ENTER', answeredAt, dialled)
      tell('BRIDGE_EXIT', call.endedAt, dialled)
    } else if (call.outcome !== 'voicemail') {
      tell(DIRECT_SILENCE[call.outcome], call.endedAt, dialled)
    }
  }

  function tellVoicemail(): void {
    const last = call.steps.at(-1)
    const box = last ? placeOf(last, switchboard).number : dialled
    const from = last ? Math.max(last.until, last.at) : (call.answeredAt ?? call.startedAt)
    tell('VOICEMAIL_START', from, box)
    tell('VOICEMAIL_END', call.endedAt, box)
  }

  /** A step that follows a conversation is a transfer. */
  function whoTalkedBefore(index: number): { readonly line: string; readonly until: number } | null {
    if (index === 0 && call.direction === 'out') {
      const line = switchboard.user(call.from)?.extension.number
      return line === undefined ? null : { line, until: (call.steps[0] as StoryStep).at }
    }
    const before = call.steps[index - 1]
    if (!before || before.kind === 'menu' || before.kind === 'forward') return null
    const talked = before.rings.find(({ result }) => result === 'answered')
    const line = talked && switchboard.user(talked.extension)?.extension.number
    return line ? { line, until: talked.until } : null
  }
}

const DIRECT_SILENCE = {
  missed: 'NOANSWER',
  'no answer': 'NOANSWER',
  busy: 'BUSY',
  rejected: 'REJECTED',
  cancelled: 'CANCEL',
  failed: 'CONGESTION',
} as const satisfies Partial<Record<StoryCall['outcome'], EventType>>

function silenceOf(ring: StoryRing, call: StoryCall): EventType {
  return gaveUp(call, ring) ? 'CANCEL' : RING_SILENCE[ring.result]
}

const RING_SILENCE = {
  elsewhere: 'ANSWERED_ELSEWHERE',
  busy: 'BUSY',
  rejected: 'REJECTED',
  'no answer': 'NOANSWER',
  // Without an answer time nobody can have talked.
  answered: 'NOANSWER',
} as const satisfies Record<StoryRing['result'], EventType>
