import type { Tone } from '../parts/badge.js'
import type { ConsoleAccountsQuery } from './generated/graphql.js'

/** An account as its card shows it. */
export type Account = ConsoleAccountsQuery['accounts']['edges'][number]['node']

/** Its login; absent for a caller that sees one extension only. */
export type Login = NonNullable<Account['authorization']>

/** How good or bad each state of a login is. */
export const LOGIN_TONES: Readonly<Record<Login['status'], Tone>> = {
  NEW: 'neutral',
  ACTIVE: 'good',
  BACKOFF: 'warning',
  REAUTHORIZATION_REQUIRED: 'bad',
}

/** The same of its requests. */
export const CIRCUIT_TONES: Readonly<Record<NonNullable<Account['health']>['circuit'], Tone>> = {
  CLOSED: 'good',
  HALF_OPEN: 'warning',
  OPEN: 'bad',
}

/** The same of its archive. */
export const ARCHIVE_TONES: Readonly<Record<NonNullable<Account['archive']>['state'], Tone>> = {
  BACKFILLING: 'busy',
  CURRENT: 'good',
  BEHIND: 'warning',
  STOPPED: 'bad',
}

/** Whether a person must agree in a browser before it works: only then has it a page for that. */
export const needsPerson = ({ authorization }: Account): boolean => authorization?.authorizeUrl != null

/** Logged in, or able to by itself, and answering. */
export const isWell = (account: Account): boolean =>
  !needsPerson(account) &&
  (account.authorization?.status === 'ACTIVE' || account.authorization?.status === 'NEW') &&
  account.health?.circuit === 'CLOSED'
