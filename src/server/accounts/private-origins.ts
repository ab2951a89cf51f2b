import type { Dialling } from '../../http/wire/dial.js'
import { isPrivateHost } from '../../http/wire/private-address.js'
import type { Config } from '../config/config.js'
import { isLoopback } from '../config/loopback.js'
import type { Log } from '../observing/log.js'
import { factsOf } from './connect-account.js'

/**
 * Whether the server is reachable from this machine only: it listens on loopback and has no other
 * public URL.
 */
export function servesThisMachineOnly({ server }: Pick<Config, 'server'>): boolean {
  return isLoopback(server.host) && (server.publicUrl === null || isLoopback(new URL(server.publicUrl).hostname))
}

/** Which connections may be opened; a refused host is logged once. */
export function guardedDialling(
  config: Pick<Config, 'server' | 'accounts' | 'proxies'>,
  log: Pick<Log, 'warning'>,
): Dialling {
  const logged = new Set<string>()
  return {
    mayBePrivate: privateOrigins(config),
    proxies: config.proxies,
    onRefused(host) {
      if (logged.has(host) || logged.size >= MAXIMUM_LOGGED) return
      logged.add(host)
      log.warning(`nothing is sent to ${host}: it is at a private address`)
    },
  }
}

const MAXIMUM_LOGGED = 1_000

/**
 * Whether an origin may resolve to a loopback or private address: only one that a configured
 * account gives as such an address, or with `allowInsecure`. An origin that a caller names when
 * linking an account never may, except loopback on a server that is reachable from its own machine
 * only. Checked when a connection is opened, after the name is resolved.
 */
export function privateOrigins(config: Pick<Config, 'server' | 'accounts'>): (origin: string) => boolean {
  const allowed = new Set(
    config.accounts.flatMap((account) => {
      const { origins } = account.provider.connect(account.settings, factsOf(account))
      return origins.filter((origin) => account.allowInsecure || isPrivateHost(new URL(origin).hostname))
    }),
  )
  const ownMachine = servesThisMachineOnly(config)
  return (origin) => allowed.has(origin) || (ownMachine && isLoopback(new URL(origin).hostname))
}
