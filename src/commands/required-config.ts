import { ConfigurationError } from '../errors.js'
import { providers } from '../providers/index.js'
import { findConfigFile, readConfig, type Config } from '../server/config/config.js'

/**
 * The configuration of a command that does nothing without one. `option`: what `--config` names.
 * @throws ConfigurationError when there is none, or it is wrong
 */
export const readRequiredConfig = (option: string | undefined): Config => readConfig(requiredFile(option), providers)

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
