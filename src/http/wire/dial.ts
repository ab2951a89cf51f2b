import { lookup as systemLookup, type LookupAddress } from 'node:dns'
import type { LookupFunction } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'

import { buildConnector } from 'undici'

import { ProviderError } from '../../errors.js'
import type { Proxies } from './proxy.js'
import { isPrivateAddress, isPrivateHost } from './private-address.js'

/** All addresses of a name. */
export type Resolve = (hostname: string) => Promise<readonly LookupAddress[]>

export interface Dialling {
  /** Whether this origin may be at a private address. Called for every connection. */
  readonly mayBePrivate: (origin: string) => boolean
  /** Called with the host of every connection that was refused for that reason. */
  readonly onRefused?: (host: string) => void
  /** Default: the system's resolver. */
  readonly resolve?: Resolve | undefined
  /** Certificates to trust, PEM; default: those Node trusts, and those of `NODE_EXTRA_CA_CERTS`. */
  readonly authorities?: string | undefined
  /** Absent or null: every host is dialled itself. */
  readonly proxies?: Proxies | null
}

/** Of every TLS connection, whatever the environment of the process says. */
export const SECURE = { rejectUnauthorized: true, minVersion: 'TLSv1.2' } as const

/** How long one of several addresses may take before the next is tried, ms. */
const FIRST_ROUND_MS = 250
/** The same where in the first round none of them connected. */
const SECOND_ROUND_MS = 2_500

/** Allows all addresses. */
export const DIAL_ANYWHERE: Dialling = { mayBePrivate: () => true }

/**
 * Makes the connections of an agent, each within `timeout` ms. It checks the address that is dialled
 * and not the name alone: a name may be public when it is checked and private when it is used (DNS
 * rebinding). Certificates are always verified, whatever the environment of the process says.
 */
export function dialler(
  { mayBePrivate, onRefused = () => {}, resolve = systemResolve, authorities }: Dialling,
  timeout: number,
): buildConnector.connector {
  const shared = oneAtATime(resolve)
  const connector = (isRefused: (address: string) => boolean, autoSelectFamilyAttemptTimeout: number) =>
    buildConnector({
      ...SECURE,
      ...(authorities && { ca: authorities }),
      timeout,
      lookup: lookupWith(shared, isRefused),
      autoSelectFamily: true,
      autoSelectFamilyAttemptTimeout,
    })
  const twice = (isRefused: (address: string) => boolean): buildConnector.connector => {
    const first = connector(isRefused, FIRST_ROUND_MS)
    const second = connector(isRefused, SECOND_ROUND_MS)
    return (options, callback) =>
      first(options, (error, socket) => {
        if (socket) return callback(null, socket)
        return wasCutShort(error) ? second(options, callback) : callback(error as Error, null)
      })
  }
  const anywhere = twice(() => false)
  const guarded = twice(isPrivateAddress)
  return (options, callback) => {
    const { hostname, host = hostname, protocol } = options
    const isTrusted = mayBePrivate(new URL(`${protocol}//${host}`).origin)
    const dial = isTrusted ? anywhere : guarded
    if (!isTrusted && isPrivateHost(hostname)) {
      onRefused(hostname)
      return callback(privateAddress(hostname), null)
    }
    dial(options, (error, socket) => {
      if (socket) return callback(null, socket)
      if (error instanceof ProviderError) onRefused(hostname)
      return callback(protocol === 'https:' ? inHandshake(error as Error) : (error as Error), null)
    })
  }
}

/** An address that was given up for the next, which then refused: it may only have been slow. */
const wasCutShort = (error: unknown): boolean =>
  ((error as Partial<AggregateError> | null)?.errors ?? []).some(
    (one: NodeJS.ErrnoException | undefined) => one?.code === 'ETIMEDOUT',
  )

/**
 * Why an origin must not be reached through somebody who dials for us; null where it may. Its name
 * is looked up here: one that is not known here, in time, cannot be checked.
 */
export async function refusal(
  { mayBePrivate, onRefused = () => {}, resolve = systemResolve }: Dialling,
  { origin, hostname }: URL,
): Promise<ProviderError | null> {
  if (mayBePrivate(origin)) return null
  const isPrivate = isPrivateHost(hostname) || (await addressesOf(resolve, hostname)).some(isPrivateAddress)
  if (!isPrivate) return null
  onRefused(hostname)
  return privateAddress(hostname)
}

/** None where nobody knows, or answers within a second. */
async function addressesOf(resolve: Resolve, hostname: string): Promise<readonly string[]> {
  const time = new AbortController()
  const late = sleep(CHECK_LOOKUP_MS, [], { signal: time.signal, ref: false }).catch(() => [])
  const found = await Promise.race([resolve(hostname).catch(() => []), late])
  time.abort()
  return found.map(({ address }: LookupAddress) => address)
}

const CHECK_LOOKUP_MS = 1_000

const privateAddress = (hostname: string): ProviderError =>
  new ProviderError(
    'PROVIDER_MISCONFIGURED',
    `${hostname} is at a private address, and nothing was sent there; an account of the configuration may name such an address itself, or say allowInsecure: true`,
    { reason: 'PRIVATE_ADDRESS', unsent: true },
  )

/** A closed port refuses the connection; a reset before the connection is secure is TLS failing. */
const inHandshake = (error: Error): Error =>
  (error as NodeJS.ErrnoException).code === 'ECONNRESET'
    ? Object.assign(new Error('the connection ended before it was secure', { cause: error }), {
        code: 'ERR_TLS_HANDSHAKE',
      })
    : error

/** One private address among several is enough to refuse: a name with both is a trap or a mistake. */
function lookupWith(resolve: Resolve, isRefused: (address: string) => boolean): LookupFunction {
  return (hostname, options, callback) => {
    resolve(hostname).then(
      (addresses) => {
        if (addresses.some(({ address }) => isRefused(address))) return callback(privateAddress(hostname), '', 0)
        const wanted = addresses.filter(({ family }) => !options.family || options.family === family)
        const [first = addresses[0]!] = wanted
        return options.all ? callback(null, [...addresses]) : callback(null, first.address, first.family)
      },
      (error: NodeJS.ErrnoException) => callback(error, '', 0),
    )
  }
}

/**
 * One look-up of a name at a time. A resolver that hangs holds a thread of libuv's pool, which all
 * look-ups, files and decompression share: one name must not hold them all. Nothing is cached, so
 * that a name that works again is found at once.
 */
function oneAtATime(resolve: Resolve): Resolve {
  const underWay = new Map<string, Promise<readonly LookupAddress[]>>()
  return (hostname) => {
    const shared = underWay.get(hostname)
    if (shared) return shared
    const lookup = resolve(hostname).finally(() => underWay.delete(hostname))
    underWay.set(hostname, lookup)
    return lookup
  }
}

const systemResolve: Resolve = (hostname) => promisify(systemLookup)(hostname, { all: true })
