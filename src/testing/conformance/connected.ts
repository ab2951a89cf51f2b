import type { EmulatedAccount } from '../../emulator/emulator.js'
import type { Connection, Provider } from '../../providers/provider.js'
import { checkConfig } from '../../server/config/config.js'

/** An account of the emulator as the configuration would have it; throws what the check would. */
export function connected(provider: Provider, entry: EmulatedAccount | object): Connection {
  const [account] = checkConfig({ accounts: [{ id: 'one', ...entry }] }, [provider]).accounts
  return provider.connect(account!.settings, account!.facts)
}
