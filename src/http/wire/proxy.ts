import { BlockList, isIP, isIPv4 } from 'node:net'

import { Agent, Dispatcher, ProxyAgent } from 'undici'

import type { Secret } from '../../secret.js'

/** The proxies that requests go through; an address may hold a name and a password. */
export interface Proxies {
  /** For `http:` addresses. */
  readonly http: Secret | null
  /** For `https:` addresses. */
  readonly https: Secret | null
  /** Hosts that are reached without one, as in `NO_PROXY`. */
  readonly except: string
}

/** The proxy for an origin; null where it is reached without one. */
export function proxyFor({ http, https, except }: Proxies, origin: URL): Secret | null {
  const proxy = origin.protocol === 'https:' ? https : http
  return proxy && !isExcepted(origin, except) ? proxy : null
}

/**
 * Whether `NO_PROXY` names a host: `*`, a name with all below it, an address, a network
 * (`10.0.0.0/8`), each with or without a port.
 */
function isExcepted({ hostname, port, protocol }: URL, except: string): boolean {
  const host = hostname.replace(/^\[(.*)\]$/, '$1').replace(/\.$/, '')
  const ownPort = port || (protocol === 'https:' ? '443' : '80')
  return except
    .toLowerCase()
    .split(/[\s,]+/)
    .filter(Boolean)
    .some((entry) => entry === '*' || isNamed(host, ownPort, entry))
}

function isNamed(host: string, port: string, entry: string): boolean {
  const [bare, onlyPort] = partsOf(entry)
  if (onlyPort !== undefined && onlyPort !== port) return false
  if (isIP(host) !== 0) return bare === host || isWithin(host, bare)
  const name = bare.replace(/^\*?\./, '').replace(/\.$/, '')
  return name !== '' && (host === name || host.endsWith(`.${name}`))
}

/** The host of an entry and its port. An IPv6 address has a port only in brackets. */
function partsOf(entry: string): readonly [host: string, port: string | undefined] {
  const written = /^\[(.*)\](?::(\d+))?$/.exec(entry) ?? /^([^:]*)(?::(\d+))?$/.exec(entry)
  return written ? [written[1]!, written[2]] : [entry, undefined]
}

function isWithin(address: string, network: string): boolean {
  const [base = '', prefix = ''] = network.split('/')
  if (!/^\d{1,3}$/.test(prefix) || isIP(base) === 0 || isIP(base) !== isIP(address)) return false
  const family = isIPv4(base) ? 'ipv4' : 'ipv6'
  if (Number(prefix) > (family === 'ipv4' ? 32 : 128)) return false
  const list = new BlockList()
  list.addSubnet(base, Number(prefix), family)
  return list.check(address, family)
}

export interface ProxyOptions {
  readonly proxy: Secret
  /** How connections are kept. */
  readonly pool: Agent.Options
  /** Makes the connections to the proxy itself. */
  readonly connect: Agent.Options['connect']
  readonly tls: { readonly ca?: string; readonly rejectUnauthorized: true; readonly minVersion: 'TLSv1.2' }
}

/** Sends what is for `https:` through a tunnel (CONNECT, RFC 9110 §9.3.6), and hands on the rest. */
export function throughProxy({ proxy, pool, connect, tls }: ProxyOptions): Dispatcher & { destroy(): Promise<void> } {
  const { username, password, origin, href } = new URL(proxy.reveal())
  const authorization =
    username || password
      ? `Basic ${Buffer.from(`${decodeURIComponent(username)}:${decodeURIComponent(password)}`).toString('base64')}`
      : null
  const toProxy = new Agent({ ...pool, connect })
  const tunnels = new ProxyAgent({
    ...pool,
    uri: Object.assign(new URL(href), { username: '', password: '' }).href,
    ...(authorization && { token: authorization }),
    clientFactory: () => toProxy,
    requestTls: tls,
  })
  return new ProxyDispatcher(tunnels, toProxy, origin, authorization)
}

class ProxyDispatcher extends Dispatcher {
  constructor(
    private readonly tunnels: Dispatcher,
    private readonly toProxy: Dispatcher,
    private readonly proxyOrigin: string,
    private readonly authorization: string | null,
  ) {
    super()
  }

  override dispatch(options: Dispatcher.DispatchOptions, handler: Dispatcher.DispatchHandler): boolean {
    const target = new URL(String(options.origin))
    if (target.protocol === 'https:') return this.tunnels.dispatch(options, handler)
    const headers = {
      ...(options.headers as Record<string, string>),
      host: target.host,
      ...(this.authorization && { 'proxy-authorization': this.authorization }),
    }
    // The absolute form, RFC 9112 §3.2.2.
    return this.toProxy.dispatch(
      { ...options, origin: this.proxyOrigin, path: target.origin + options.path, headers },
      handler,
    )
  }

  override async destroy(): Promise<void> {
    await Promise.all([this.tunnels.destroy(), this.toProxy.destroy()])
  }
}
