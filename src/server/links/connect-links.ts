import type { Clock } from '../../clock.js'
import { keysFor, signedText } from '../../signed-text.js'
import type { IsStillAuthorized } from '../callers/authentication.js'

export interface ConnectLink {
  readonly url: string
  /** ISO 8601; null for a link that does not expire. */
  readonly expiresAt: string | null
}

/**
 * Links that start a login in a browser. A browser sends no API key, so a link carries a signed
 * ticket.
 */
export interface ConnectLinks {
  /**
   * For the account with this login key; `holder` is the identity of the caller it is made for,
   * null without callers.
   */
  to(login: string, holder: string | null): ConnectLink
  /** The login key that a ticket is for; null for a ticket that is not valid. */
  loginOf(ticket: string): Promise<string | null>
  /** False on a server without `callers`, where everyone may log in. */
  readonly needTickets: boolean
}

export interface ConnectLinksOptions {
  readonly signingKeys: readonly Buffer[]
  readonly clock: Pick<Clock, 'now'>
  readonly publicUrl: () => string
  readonly needTickets: boolean
  readonly isStillAuthorized: IsStillAuthorized
}

/** Path of every link, before the account key. */
export const CONNECT_PATH = '/connect'
/** Holder of a link made by command, on the server's own machine. */
export const OPERATOR = 'operator'

type Ticket = readonly [login: string, holder: string | null, expiresAt: number]

const TICKET_MS = 10 * 60_000
const MAXIMUM_TICKET_LENGTH = 1_024

export function connectLinks({
  signingKeys,
  clock,
  publicUrl,
  needTickets,
  isStillAuthorized,
}: ConnectLinksOptions): ConnectLinks {
  const tickets = signedText(keysFor('dialgraph connect', signingKeys), { maximumLength: MAXIMUM_TICKET_LENGTH })
  return {
    needTickets,
    to(login, holder) {
      const url = `${publicUrl()}${CONNECT_PATH}/${accountKeyOf(login)}`
      if (!needTickets) return { url, expiresAt: null }
      const expiresAt = clock.now() + TICKET_MS
      return {
        url: `${url}?ticket=${tickets.write([login, holder, expiresAt] satisfies Ticket)}`,
        expiresAt: new Date(expiresAt).toISOString(),
      }
    },
    async loginOf(ticket) {
      const [login, holder, expiresAt = 0] = (tickets.read(ticket) ?? []) as Partial<Ticket>
      if (login === undefined || holder === undefined || clock.now() >= expiresAt) return null
      return holder === OPERATOR || (await isStillAuthorized(holder)) ? login : null
    },
  }
}

/** The account key within a login key, `<account>[~<link>][#actor]`. */
export const accountKeyOf = (login: string): string => /^[^~#]*/.exec(login)![0]
