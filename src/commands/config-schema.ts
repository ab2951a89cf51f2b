import { findConfigFile } from '../server/config/config.js'
import { configJsonSchema } from '../server/config/schema.js'
import { registeredProviders } from './registered-providers.js'

/** `config-schema`: the JSON Schema of the configuration, for editors; without a file, of the built-in providers. */
export async function printConfigSchema(option: string | undefined): Promise<void> {
  const schema = configJsonSchema(await registeredProviders(findConfigFile({ file: option })))
  console.log(JSON.stringify(schema, null, 2))
}
