import { existsSync, statSync } from 'node:fs'
import { join, resolve } from 'node:path'

import { providers } from '../../providers/index.js'
import type { Provider } from '../../providers/provider.js'
import { loadProviders } from '../../server/providers/provider-modules.js'

/**
 * A provider by what stands on the command line: the slug of a built-in one, a folder, a file, or the
 * name of an installed package.
 * @throws ConfigurationError where it cannot be loaded
 */
export async function findProvider(name: string, directory = process.cwd()): Promise<Provider> {
  const path = resolve(directory, name)
  const isThere = existsSync(path)
  const builtIn = providers.find(({ slug }) => slug === name)
  if (builtIn && !isThere) return builtIn
  const isFolder = isThere && statSync(path).isDirectory()
  const isPath = isThere || /^\.{0,2}\//.test(name)
  const module = isFolder ? join(path, 'index.js') : isPath ? path : name
  const place = { source: `The provider ${name}`, directory, key: 'provider' }
  const [provider] = await loadProviders([module], [], place)
  return provider!
}
