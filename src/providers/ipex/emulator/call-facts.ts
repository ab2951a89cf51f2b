import type { StoryCall, StoryRing, StoryStep } from '../../../emulator/story.js'
import { choiceFor } from './choice.js'
import { asLogged } from './numbers.js'
import type { Switchboard, User } from './switchboard.js'

/** What the rows and the events of a call have in common. */

/** A step's number, its user, and its queue. */
export interface Place {
  readonly number: string
  readonly user: User | null
  readonly queue: string | null
}

export function placeOf(step: StoryStep, { office, user }: Switchboard): Place {
  if (step.kind === 'forward') return { number: asLogged(step.to), user: null, queue: null }
  if (step.kind === 'extension') {
    const owner = user(step.extension)
    return { number: owner?.extension.number ?? '', user: owner, queue: null }
  }
  if (step.kind === 'menu') {
    return { number: office.menus.find(({ id }) => id === step.menu)?.number ?? '', user: null, queue: null }
  }
  const group = office.groups.find(({ id }) => id === step.group)
  return { number: group?.number ?? '', user: null, queue: group?.name ?? null }
}

/** The dialled number in the log's spelling. */
export function dialledIn(call: StoryCall, { user }: Switchboard): string {
  if (call.direction === 'local') return user(call.to)?.extension.number ?? ''
  const outside = call.direction === 'in' ? call.did : call.outside
  return outside ? asLogged(outside) : ''
}

/**
 * The caller in the log's spelling: an outside number or a line; one outgoing call in four has the
 * number shown.
 */
export function callerIn(call: StoryCall, { user }: Switchboard): string {
  if (call.direction === 'in') return call.outside ? asLogged(call.outside) : 'anonymous'
  const showsNumber = call.direction === 'out' && choiceFor(`shown ${call.id}`, [true, false, false, false])
  return showsNumber && call.did ? asLogged(call.did) : (user(call.from)?.extension.number ?? '')
}

/** Whether a phone stopped ringing because the caller hung up. */
export function gaveUp({ hungUpBy, endedAt }: StoryCall, { result, until }: StoryRing): boolean {
  return result === 'no answer' && hungUpBy === 'caller' && until >= endedAt
}

/**
 * When a forwarded call was answered; null when it was not. The story has only the first answer of
 * a call: after a menu, the outside phone answers after a third of its time.
 */
export function takenOutside({ answeredAt }: StoryCall, step: StoryStep): number | null {
  if (step.kind !== 'forward' || !step.answered) return null
  if (answeredAt !== null && answeredAt >= step.at && answeredAt <= step.until) return answeredAt
  return Math.floor((step.at + (step.until - step.at) / 3) / 1000) * 1000
}
