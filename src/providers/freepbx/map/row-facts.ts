import { text, type Reference } from '../../../provider.js'
import type { CallRow } from '../call-rows.js'
import { group, outside, type Home } from './destination.js'

/** Digits of the longest number of an extension; longer ones are outside. */
export const LONGEST_EXTENSION = 8

/**
 * The line of ours that a channel is of: what is between `/` and the last `-`, without the place behind
 * an `@`. A trunk has a name, or a number that is longer.
 */
export function lineOf(channel: unknown): string | null {
  const [, party] = /^[\w.]+\/(.+)-[^-]*$/.exec(text(channel) ?? '') ?? []
  const [line = ''] = party?.split('@') ?? []
  return /^\d+$/.test(line) && line.length <= LONGEST_EXTENSION ? line : null
}

/** Whether somebody's phone was in it: without a second channel it is the switchboard itself. */
export const namesPhone = ({ wire }: CallRow): boolean => text(wire.dstchannel) !== null

export const isMailbox = ({ wire }: CallRow): boolean =>
  text(wire.lastapp)?.toLowerCase() === 'voicemail' || /^vm[busi]?\d/.test(text(wire.dst) ?? '')

/** The ring group or queue that a row is of. */
export function groupOf({ wire }: CallRow): ReturnType<typeof group> | null {
  const context = text(wire.dcontext)
  const number = text(wire.dst)
  if (number === null || !/^\d+$/.test(number)) return null
  if (context === 'ext-group') return group('ringgroup', number)
  return context === 'ext-queues' ? group('queue', number) : null
}

/** A number that somebody dialled: places of the dialplan (`s`, `h`) and mailboxes are none. */
export function dialled(value: unknown): string | null {
  const written = text(value)
  return written !== null && /^[+*#]?[\d*#]+$/.test(written) ? written : null
}

/**
 * Who was reached through a trunk. Where a line of ours sent a call from outside on, its row may have
 * the line in place of the number: then it is nobody.
 */
export function reachedOutside({ wire }: CallRow, account: Home): Reference | null {
  const number = dialled(wire.dst)
  const isLine = text(wire.did) !== null && number !== null && number.length <= LONGEST_EXTENSION
  return number === null || isLine ? null : outside(number, account)
}

/** A code of the switchboard's own: `*97`. */
export const isFeatureCode = (number: string): boolean => /^[*#]/.test(number)

/**
 * The rows that a person would count: the second half of a local channel, by which a queue reaches
 * an agent, says the same as the first.
 */
export function withoutSecondHalves(rows: readonly CallRow[]): readonly CallRow[] {
  const halves = new Set(rows.map(({ wire }) => localName(wire.dstchannel)))
  return rows.filter(({ wire }) => {
    const local = localName(wire.channel)
    return local === null || !halves.has(local)
  })
}

function localName(channel: unknown): string | null {
  const written = text(channel)
  return written?.startsWith('Local/') ? written.replace(/;[12]$/, '') : null
}
