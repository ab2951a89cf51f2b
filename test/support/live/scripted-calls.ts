import { randomUUID } from 'node:crypto'

import type { Random } from '../../../src/emulator/random.js'

/** A call as a script has it. */
export interface ScriptedCall {
  readonly uuid: string
  /** What Bulutfon posts of it, in the order in which it happened. */
  readonly posts: readonly Readonly<Record<string, string | number>>[]
  /** Types of the events that tell of it, sorted. */
  readonly events: readonly string[]
  /** Where it is when all has been told. */
  readonly state: 'RINGING' | 'IN_MENU' | 'QUEUED' | 'ENDED'
}

/** Names of events as Bulutfon's text, and as its samples, have them. */
const NAMES = {
  menu: ['call_init_manu', 'call_init_menu'],
  group: ['call_init_group', 'incoming_call_group'],
  phone: ['call_init_extension', 'incoming_call_extension'],
} as const
const EVENTS = { menu: 'ENTERED_MENU', group: 'ENTERED_GROUP', phone: 'RINGING' } as const
const STATES = { menu: 'IN_MENU', group: 'QUEUED', phone: 'RINGING' } as const

/**
 * Incoming calls that go through a menu, a group and phones; are answered, missed, or go on. A place is visited once, since Bulutfon's
 * deliveries of a second visit look like those of the first.
 */
export function scriptCalls(count: number, random: Random): ScriptedCall[] {
  return Array.from({ length: count }, () => scriptCall(random))
}

function scriptCall(random: Random): ScriptedCall {
  const uuid = randomUUID()
  const began = Date.now() - random.whole(0, 59_999)
  let seconds = 0
  const posts: Record<string, string | number>[] = []
  const events: string[] = []
  const post = (event_type: string, more: Record<string, string | number> = {}) =>
    posts.push({
      ...{ event_type, uuid, caller: '905321112233', callee: '902320000041', direction: 'IN' },
      ...{ timestamp: (began + seconds++ * 1000) * 1000, ...more },
    })

  post('call_init')
  events.push('STARTED')
  let state: ScriptedCall['state'] = 'RINGING'
  const places = (['menu', 'group', 'phone', 'phone'] as const).filter(() => random.chance(0.6))
  places.forEach((place, index) => {
    post(random.pick(NAMES[place]), { destination: 1001 + index })
    events.push(EVENTS[place])
    state = STATES[place]
  })
  const ending = random.next()
  if (ending < 0.15) return { uuid, posts, events: events.sort(), state }
  const isAnswered = ending < 0.65
  if (!isAnswered) post('missing_call')
  if (isAnswered) seconds += 5
  post('call_hangup', { talk_duration: isAnswered ? 4 : 0, result_disposition: isAnswered ? 'SUCCESS' : '' })
  events.push(isAnswered ? 'ANSWERED' : 'MISSED', 'ENDED')
  return { uuid, posts, events: events.sort(), state: 'ENDED' }
}
