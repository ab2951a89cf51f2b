import type { CallRecord } from '../model/call-record.js'
import type { Addends } from './sum.js'

/**
 * What a call is to statistics: one that was answered; one from outside that waited for somebody, and
 * nobody answered; or any other.
 */
export type CallSort = 'ANSWERED' | 'ABANDONED' | 'OTHER'

/** What calls of one kind, direction and disposition have in common. */
export interface CallClass {
  readonly kind: string
  readonly direction: string
  readonly disposition: string
  readonly sort: CallSort
}

/** How a call from outside ends that nobody answers; it may still go on, or end in a way we do not know. */
const NOBODY_ANSWERED: ReadonlySet<string> = new Set([
  ...['MISSED', 'NO_ANSWER', 'BUSY', 'REJECTED', 'CANCELLED', 'VOICEMAIL', 'FAILED'],
])

const classes = new Map<string, CallClass>()

/** A class by its words, as `wordsOf` gives them; the same object each time. */
export function callClass(words: string): CallClass {
  let known = classes.get(words)
  if (!known) {
    const [kind = '', direction = '', disposition = ''] = words.split(' ')
    classes.set(words, (known = { kind, direction, disposition, sort: sortOf(direction, disposition) }))
  }
  return known
}

export const wordsOf = ({ kind, direction, disposition }: CallRecord): string => `${kind} ${direction} ${disposition}`

function sortOf(direction: string, disposition: string): CallSort {
  if (disposition === 'ANSWERED') return 'ANSWERED'
  return direction === 'INBOUND' && NOBODY_ANSWERED.has(disposition) ? 'ABANDONED' : 'OTHER'
}

/** What is added up of a call. Waits count where somebody waited to be answered. */
export function addendsOf({ waitSeconds, talkSeconds, cost }: CallRecord, { sort }: CallClass): Addends {
  const ms = (seconds: number | null | undefined) => (seconds == null ? null : Math.round(seconds * 1_000))
  return { waitMs: sort === 'OTHER' ? null : ms(waitSeconds), talkMs: ms(talkSeconds), cost: cost ?? null }
}
