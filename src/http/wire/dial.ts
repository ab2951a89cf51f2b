import { lookup as systemLookup, type LookupAddress } from 'node:dns'
import type { LookupFunction } from 'node:net'
import { promisify } from 'node:util'

import { buildConnector } from 'undici'

import { ProviderError } from '../../errors.js'
import { isPrivateAddress, isPrivateHost } from './private-address.js'

/** All addresses of a name. */
export type Resolve = (hostname: string) => Promise<readonly LookupAddress[]>

export interface Dialling {
  /** Whether this origin may be at a private address. Called for every connection. */
  readonly mayBePrivate: (origin: string) => boolean
  /** Called with the host of every connection that was refused for that reason. */
  readonly onRefused?: (host: string) => void
  /** Default: the system's resolver. */
  readonly resolve?: Resolve
  /** Certificates to trust, PEM; default: those Node trusts, and those of `NODE_EXTRA_CA_CERTS`. */
  readonly authorities?: string
}

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
  const secure = { rejectUnauthorized: true, minVersion: 'TLSv1.2', ...(authorities && { ca: authorities }) } as const
  const anywhere = buildConnector({ ...secure, timeout, lookup: lookupWith(shared, () => false) })
  const guarded = buildConnector({ ...secure, timeout, lookup: lookupWith(shared, isPrivateAddress) })
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
