import type { IconName } from '../parts/icon.js'
import type { Tone } from '../parts/badge.js'
import type { Call } from './log-entries.js'

type Party = Call['caller']

/** The two sides of a call as one of ours sees them. */
export interface Sides {
  /** Whom it was with. */
  readonly other: Party
  /** Our number or line. */
  readonly own: Party
}

/** Who called from outside, or was called there; within the house: who called, and whom. */
export const sidesOf = ({ direction, caller, callee }: Pick<Call, 'direction' | 'caller' | 'callee'>): Sides =>
  direction === 'OUTBOUND' ? { other: callee, own: caller } : { other: caller, own: callee }

/** The number of a side, where its name does not say it already. */
export function numberOf({ label, number, rawNumber }: Party): string | null {
  const shown = number ?? rawNumber ?? null
  return shown === null || label.includes(shown) ? null : shown
}

/** The picture of each way. */
export const DIRECTION_ICONS: Readonly<Record<Call['direction'], IconName>> = {
  INBOUND: 'inbound',
  OUTBOUND: 'outbound',
  INTERNAL: 'internal',
  UNKNOWN: 'calls',
}

/** How good or bad each outcome is for whoever minds the phones. */
export const OUTCOME_TONES: Readonly<Record<Call['disposition'], Tone>> = {
  ANSWERED: 'good',
  MISSED: 'bad',
  NO_ANSWER: 'warning',
  BUSY: 'warning',
  REJECTED: 'warning',
  CANCELLED: 'neutral',
  VOICEMAIL: 'busy',
  FAILED: 'bad',
  IN_PROGRESS: 'busy',
  UNKNOWN: 'neutral',
}
