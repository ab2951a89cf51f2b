import type { StoryCall, StoryRing, StoryStep } from '../../../emulator/story.js'
import { choiceFor } from './choice.js'
import { asLogged } from './numbers.js'
import type { Switchboard, User } from './switchboard.js'

/** What the rows and the events of a call must agree on, read from the story in one place. */

/** Where a step led: its number, whose it is, and the queue it is in. */
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

/** The number that was dialled, as the log writes it. */
export function dialledIn(call: StoryCall, { user }: Switchboard): string {
  if (call.direction === 'local') return user(call.to)?.extension.number ?? ''
  const outside = call.direction === 'in' ? call.did : call.outside
  return outside ? asLogged(outside) : ''
}

/** Who calls, as the log writes it: the outside number, or our line; one outgoing call in four shows the number it went out with. */
export function callerIn(call: StoryCall, { user }: Switchboard): string {
  if (call.direction === 'in') return call.outside ? asLogged(call.outside) : 'anonymous'
  const showsNumber = call.direction === 'out' && choiceFor(`shown ${call.id}`, [true, false, false, false])
  return showsNumber && call.did ? asLogged(call.did) : (user(call.from)?.extension.number ?? '')
}

/** Whether a phone fell silent because the caller hung up. */
export function gaveUp({ hungUpBy, endedAt }: StoryCall, { result, until }: StoryRing): boolean {
  return result === 'no answer' && hungUpBy === 'caller' && until >= endedAt
}

/**
 * When a forwarded call was taken; null when nobody took it. The story tells only when the call was first answered: after a menu the
 * outside phone is taken after a third of its time.
 */
export function takenOutside({ answeredAt }: StoryCall, step: StoryStep): number | null {
  if (step.kind !== 'forward' || !step.answered) return null
  if (answeredAt !== null && answeredAt >= step.at && answeredAt <= step.until) return answeredAt
  return Math.floor((step.at + (step.until - step.at) / 3) / 1000) * 1000
}
