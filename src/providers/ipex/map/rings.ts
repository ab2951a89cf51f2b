import { CallDirection } from '../../../model/call-record.js'
import type { Reference } from '../../../model/reference.js'
import type { AccountFacts } from '../../provider.js'
import { endOrStart, type CallRow } from '../call-rows.js'
import { directionOf, dispositionWord, isSameNumber, numberOf, phoneOf } from './row-facts.js'

/** One phone that rang once. */
export interface Ring {
  /** In log order; the first one has its start. */
  readonly rows: readonly CallRow[]
  readonly phone: Reference
}

/**
 * The phones that rang, each once. A call that reaches a phone through a channel within the
 * switchboard (Asterisk's Local) has a row for each channel on the way, and another one when they
 * are joined. Rows that name no phone are steps of the switchboard.
 */
export function ringsOf(rows: readonly CallRow[], account: AccountFacts): readonly Ring[] {
  const rings: { readonly rows: CallRow[]; readonly phone: Reference }[] = []
  for (const row of rows) {
    const phone = phoneOf(row, account)
    if (phone === null) continue
    const known = rings.find(
      (ring) =>
        isSameNumber(numberOf(ring.phone), numberOf(phone), account) &&
        ring.rows.some((other) => isOnTheWay(other, row) || isContinued(other, row)),
    )
    if (known) known.rows.push(row)
    else rings.push({ rows: [row], phone })
  }
  return rings
}

/** The same time told by a channel on the way to the phone; the rows are in log order. */
const isOnTheWay = (one: CallRow, other: CallRow): boolean =>
  (isInside(one) || isInside(other)) && (other.startedAt === one.startedAt || other.startedAt < endOrStart(one))

/** A conversation that another channel goes on with; times are cut to seconds. */
const isContinued = (one: CallRow, next: CallRow): boolean =>
  [one, next].every((row) => dispositionWord(row) === 'ANSWERED') &&
  endOrStart(one) > one.startedAt &&
  Math.abs(next.startedAt - endOrStart(one)) <= A_CUT_SECOND

const isInside = (row: CallRow) => directionOf(row) === CallDirection.INTERNAL

/** Times of rows are cut to seconds. */
const A_CUT_SECOND = 1000
