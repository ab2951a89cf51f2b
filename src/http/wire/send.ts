import { Bulkhead } from '../../bulkhead.js'
import type { Clock } from '../../clock.js'
import { VERSION } from '../../version.js'
import { ByOrigin, targetOf } from '../address.js'
import type { Send } from '../http.js'
import type { HttpLimits } from '../limits.js'
import { DIAL_ANYWHERE, type Dialling } from './dial.js'
import { Exchange } from './exchange.js'
import { waysOut } from './ways.js'

/** How the server names itself to providers (RFC 9110, section 10.1.5). */
export const USER_AGENT = `dialgraph/${VERSION} (one GraphQL graph over phone systems)`

/** `send` and the connections it keeps alive. */
export interface Sender {
  readonly send: Send
  close(): Promise<void>
}

/**
 * Sends over pooled keep-alive connections, each exchange within one deadline and one cap of decoded
 * bytes. Every origin has its own pool and queue, so that one that hangs blocks no other.
 */
export function createSender(limits: HttpLimits, clock: Clock, dialling: Dialling = DIAL_ANYWHERE): Sender {
  const { originConnections, originQueue } = limits
  const ways = waysOut(dialling, limits.tokenTimeoutMs, {
    connections: originConnections,
    keepAliveTimeout: 30_000,
    pipelining: 1,
    // An exchange has its own deadline.
    headersTimeout: 0,
    bodyTimeout: 0,
  })
  const origins = new ByOrigin(({ origin, host }) => ({
    origin,
    host,
    places: new Bulkhead(originConnections, originQueue),
  }))
  const services = { ways, limits, clock }

  const send: Send = (request, { timeoutMs = limits.providerTimeoutMs, signal } = {}) =>
    new Promise((resolve, reject) => {
      const { url } = request
      const asked = { request, target: targetOf(url), at: origins.of(url), timeoutMs, signal }
      const headers = { 'user-agent': USER_AGENT, 'accept-encoding': 'gzip, br', ...request.headers }
      new Exchange(services, asked, headers, resolve, reject).begin()
    })
  return { send, close: () => ways.close() }
}
