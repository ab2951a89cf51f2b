import type { Clock } from '../../clock.js'
import { keysFor, signedText } from '../../signed-text.js'

export interface ConnectLink {
  readonly url: string
  /** ISO 8601; null for a link that stays good. */
  readonly expiresAt: string | null
}

/** The links that begin a login in a browser. A browser shows no API key, so who may begin one stands in the link itself. */
export interface ConnectLinks {
  /** For the account whose login is kept under this key; `holder` is the identity of the caller who is given it, null without callers. */
  to(login: string, holder: string | null): ConnectLink
  /** The key of the login that this ticket lets begin; null when it lets nobody begin anything. */
  loginOf(ticket: string): Promise<string | null>
  /** Whether a link needs a ticket: without callers, whoever reaches this server is its owner. */
  readonly needTickets: boolean
}

export interface ConnectLinksOptions {
  readonly signingKeys: readonly Buffer[]
  readonly clock: Pick<Clock, 'now'>
  readonly publicUrl: () => string
  /** Whether there are callers, so that not everyone may begin a login. */
  readonly needTickets: boolean
  /** Whether whoever was given a link may still use it. */
  readonly isStillAuthorized: (holder: string | null) => boolean | Promise<boolean>
}

/** Path of every link, before the key of its account. */
export const CONNECT_PATH = '/connect'
/** Holder of a link that was made by command, with the keys of the server at hand. */
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

/** The key of the account a login is kept for. */
export const accountKeyOf = (login: string): string => /^[^~#]*/.exec(login)![0]
