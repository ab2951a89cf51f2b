import { Pool, type Agent, type Dispatcher } from 'undici'

import type { Awaitable } from '../../awaitable.js'
import type { Secret } from '../../secret.js'
import { DIAL_ANYWHERE, dialler, refusal, SECURE, type Dialling } from './dial.js'
import { proxyFor, throughProxy } from './proxy.js'

/** What a connection is used for at most: a name that moves to another address is followed soon. */
const CONNECTION_AGE_MS = 30_000
/** For how long a target is believed to be public, once it was. */
const CHECK_MS = 30_000

/** The way to an origin. */
export interface Way {
  readonly dispatcher: Dispatcher
  readonly isProxied: boolean
}

/** The ways to all origins, and the connections they keep. */
export interface Ways {
  /** @throws ProviderError for an origin at a private address, also as a rejection. */
  to(origin: string): Awaitable<Way>
  close(): Promise<void>
}

/**
 * Straight to each origin, or through the proxy for it. Connections are dialled within `timeoutMs`.
 * Behind a proxy the proxy dials: what we can check of the target is the address its name has here.
 */
export function waysOut(dialling: Dialling, timeoutMs: number, options: Agent.Options): Ways {
  const direct = new DirectWays({ ...options, connect: dialler(dialling, timeoutMs) })
  const { proxies = null, authorities, resolve } = dialling
  if (!proxies) return direct

  const pool = { ...options, clientTtl: CONNECTION_AGE_MS }

  const proxied = new Map<Secret, Way>()
  const checked = new Map<string, { readonly at: number; readonly result: Promise<void> }>()

  const wayThrough = (proxy: Secret): Way => {
    const known = proxied.get(proxy)
    if (known) return known
    const connect = dialler({ ...DIAL_ANYWHERE, authorities, resolve }, timeoutMs)
    const tls = { ...SECURE, ...(authorities && { ca: authorities }) }
    const way = { dispatcher: throughProxy({ proxy, pool, connect, tls }), isProxied: true }
    proxied.set(proxy, way)
    return way
  }

  const check = (origin: string): Promise<void> => {
    const known = checked.get(origin)
    if (known && performance.now() - known.at < CHECK_MS) return known.result
    const result = refusal(dialling, new URL(origin)).then((error) => {
      if (error) throw error
    })
    checked.set(origin, { at: performance.now(), result })
    return result
  }

  return {
    to(origin) {
      const proxy = proxyFor(proxies, new URL(origin))
      return proxy ? check(origin).then(() => wayThrough(proxy)) : direct.to(origin)
    },
    close: async () =>
      void (await Promise.all([
        direct.close(),
        ...[...proxied.values()].map(({ dispatcher }) => dispatcher.destroy()),
      ])),
  }
}

/**
 * Straight to each origin. Its connections age together: to ask each of them for its age costs more
 * than the rest of choosing one.
 */
class DirectWays implements Ways {
  readonly #ways = new Map<string, Way>()
  /** With those that are closing: what runs over their connections comes to its end. */
  readonly #pools = new Set<Pool>()

  #isClosed = false

  constructor(private readonly options: Pool.Options) {}

  to(origin: string): Way {
    return this.#ways.get(origin) ?? this.#open(origin)
  }

  async close(): Promise<void> {
    this.#isClosed = true
    await Promise.all([...this.#pools].map((pool) => pool.destroy()))
  }

  #open(origin: string): Way {
    const dispatcher = new Pool(origin, this.options)
    const way = { dispatcher, isProxied: false }
    this.#ways.set(origin, way)
    this.#pools.add(dispatcher)
    // Nothing is sent any more, also to an origin that nothing was sent to before.
    if (this.#isClosed) void dispatcher.destroy()
    setTimeout(() => {
      this.#ways.delete(origin)
      const closed = () => void this.#pools.delete(dispatcher)
      dispatcher.close().then(closed, closed)
    }, CONNECTION_AGE_MS).unref()
    return way
  }
}
