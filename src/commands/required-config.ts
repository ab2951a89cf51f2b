import { ConfigurationError } from '../errors.js'
import type { Provider } from '../providers/provider.js'
import { registeredProviders } from './registered-providers.js'
import { findConfigFile, readConfig, type Config } from '../server/config/config.js'

/** A configuration, and the providers that it is served with. */
export interface RequiredConfig {
  readonly config: Config
  readonly providers: readonly Provider[]
}

/**
 * The configuration of a command that does nothing without one. `option`: what `--config` names.
 * @throws ConfigurationError when there is none, or it is wrong
 */
export async function readRequiredConfig(option: string | undefined): Promise<RequiredConfig> {
  const file = requiredFile(option)
  const providers = await registeredProviders(file)
  return { config: readConfig(file, providers), providers }
}

/**
 * The file of such a configuration.
 * @throws ConfigurationError when there is none
 */
export function requiredFile(option: string | undefined): string {
  const file = findConfigFile({ file: option })
  if (file === null)
    throw new ConfigurationError('The configuration', [
      'there is none: name one with --config, or write ./dialgraph.config.yaml',
    ])
  return file
}
