import { CallDirection } from '../../../model/call-record.js'
import { toE164 } from '../../../model/values/phone-number.js'
import type { Reference } from '../../../model/reference.js'
import { flag, text } from '../../../model/values/wire-value.js'
import type { AccountFacts } from '../../provider.js'
import type { CallRow } from '../call-rows.js'
import { dialled, externalOf, insideOf } from './endpoints.js'

/** What one row tells, whatever the others of its call tell. */

export const CALL_DIRECTION: ReadonlyMap<string, CallDirection> = new Map([
  ['in', CallDirection.INBOUND],
  ['out', CallDirection.OUTBOUND],
  ['loc', CallDirection.INTERNAL],
])

type ExtensionReference = Extract<Reference, { kind: 'Extension' }> & { readonly number: string }

/** The provider's word for which way a call goes. */
export const readDirection = (said: unknown): CallDirection =>
  CALL_DIRECTION.get(text(said)?.toLowerCase() ?? '') ?? CallDirection.UNKNOWN

export const directionOf = ({ wire }: CallRow): CallDirection => readDirection(wire.way)

/** The disposition words of an Asterisk call log, without separators. */
export const dispositionWord = ({ wire }: CallRow): string =>
  (text(wire.disposition) ?? '').toUpperCase().replace(/[^A-Z]/g, '')

const isAnswered = (row: CallRow): boolean => dispositionWord(row) === 'ANSWERED'

/** What a row, or an event, tells of the two sides and of the phone. */
interface ToldPhone {
  readonly line?: unknown
  readonly src?: unknown
  readonly dst?: unknown
}

export const lineOf = ({ wire }: CallRow): string | null => lineIn(wire)

/** The extension of a row; null where it names none. */
export const lineRef = ({ wire }: CallRow): ExtensionReference | null => lineRefIn(wire)

/**
 * A numeric `line` has lost its leading zeros: the side of the call with the same number is the
 * line.
 */
export function lineIn({ line: told, src, dst }: ToldPhone): string | null {
  const line = dialled(told)
  if (typeof told !== 'number') return line
  const whole = [dialled(dst), dialled(src)].find(
    (side) => side !== null && /^\d+$/.test(side) && Number(side) === told,
  )
  return whole ?? line
}

export function lineRefIn(told: ToldPhone): ExtensionReference | null {
  const line = lineIn(told)
  if (line === null) return null
  const hasLostZeros = typeof told.line === 'number' && text(told.line) === line
  return { kind: 'Extension', number: line, ...(hasLostZeros && { zerosLost: true }) }
}

/**
 * The phone that rang or talked in a row; null where only the switchboard did: a menu, a mailbox, a
 * queue without anybody, a step of the dialplan.
 */
export const phoneOf = (row: CallRow, account: AccountFacts): Reference | null =>
  phoneIn(directionOf(row), row.wire, account)

/** As `phoneOf`, of whatever else tells a direction, two sides and a line. */
export function phoneIn(
  direction: CallDirection,
  told: ToldPhone,
  account: Pick<AccountFacts, 'country'>,
): Reference | null {
  const dst = dialled(told.dst)
  const line = lineRefIn(told)
  switch (direction) {
    case CallDirection.OUTBOUND:
      return dst === null ? null : externalOf(dst, account)
    case CallDirection.INTERNAL:
      // The line may be the caller's, who is not who was called.
      if (dst !== null) return insideOf(dst, account)
      return line?.number === dialled(told.src) ? null : line
    default:
      return line
  }
}

/**
 * Whether a person took the call in this row. `ANSWERED` is also what a menu, a queue or a mailbox
 * writes: `userAnswered` decides, and where that is not told, a row of an incoming call that names
 * no phone is the switchboard's. Of people outside `userAnswered` tells nothing.
 */
export function isTaken(row: CallRow, call: CallDirection, account: AccountFacts): boolean {
  if (!isAnswered(row)) return false
  if (directionOf(row) === CallDirection.OUTBOUND) return true
  return flag(row.wire.userAnswered) ?? (call !== CallDirection.INBOUND || phoneOf(row, account) !== null)
}

/** Whether two texts are one number, however each is written. */
export function isSameNumber(one: string | null, other: string | null, { country }: AccountFacts): boolean {
  if (one === null || other === null) return false
  return one === other || (toE164(one, country) ?? one) === (toE164(other, country) ?? other)
}

/** The number of a phone, as the provider writes it. */
export const numberOf = (phone: Reference | null): string | null =>
  phone?.kind === 'Extension' ? (phone.number ?? null) : phone?.kind === 'ExternalNumber' ? phone.rawNumber : null

export const withoutZeros = (line: string) => line.replace(/^0+(?=\d)/, '')
