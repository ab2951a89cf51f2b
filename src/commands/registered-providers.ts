import { dirname } from 'node:path'

import { providers } from '../providers/index.js'
import type { Provider } from '../providers/provider.js'
import { parseConfigFile, providerModules } from '../server/config/config.js'
import { loadProviders } from '../server/providers/provider-modules.js'

/**
 * The built-in providers, and those that the configuration names.
 * @throws ConfigurationError for one that cannot be loaded, by its key
 */
export async function registeredProviders(file: string | null): Promise<readonly Provider[]> {
  if (file === null) return providers
  const names = providerModules(parseConfigFile(file))
  return loadProviders(names, providers, { source: file, directory: dirname(file) })
}
