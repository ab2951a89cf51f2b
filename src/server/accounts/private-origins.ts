import type { Dialling } from '../../http/wire/dial.js'
import { isPrivateHost } from '../../http/wire/private-address.js'
import { factsOf } from './connect-account.js'
import type { Config } from '../config/config.js'
import { isLoopback } from '../config/loopback.js'
import type { Log } from '../observing/log.js'

/** Whether nobody but the people of this machine reaches the server: it listens here, and says of no other address that it is its own. */
export function servesThisMachineOnly({ server }: Pick<Config, 'server'>): boolean {
  return isLoopback(server.host) && (server.publicUrl === null || isLoopback(new URL(server.publicUrl).hostname))
}

/** How this server's connections are made; a host that is left alone is written down once. */
export function guardedDialling(config: Pick<Config, 'server' | 'accounts'>, log: Pick<Log, 'warning'>): Dialling {
  const told = new Set<string>()
  return {
    mayBePrivate: privateOrigins(config),
    onRefused(host) {
      if (told.has(host) || told.size >= MOST_TOLD) return
      told.add(host)
      log.warning(`nothing is sent to ${host}: it is at a private address`)
    },
  }
}

const MOST_TOLD = 1_000

/**
 * Tells which origins may be at an address of this machine or of a private network: those that an account of the configuration names
 * as such itself, or that it says `allowInsecure` of. What a caller names when linking an account never is one, except on this very
 * machine where only its own people can call. Names are not enough: where one leads is looked at when it is dialled.
 */
export function privateOrigins(config: Pick<Config, 'server' | 'accounts'>): (origin: string) => boolean {
  const named = new Set(
    config.accounts.flatMap((account) => {
      const { origins } = account.provider.connect(account.settings, factsOf(account))
      return origins.filter((origin) => account.allowInsecure || isPrivateHost(new URL(origin).hostname))
    }),
  )
  const ownMachine = servesThisMachineOnly(config)
  return (origin) => named.has(origin) || (ownMachine && isLoopback(new URL(origin).hostname))
}
