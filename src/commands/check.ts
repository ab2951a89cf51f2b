import { readRequiredConfig, requiredFile } from './required-config.js'

/** `check`: reads the configuration and says what is in it. */
export async function check(option: string | undefined): Promise<void> {
  const file = requiredFile(option)
  const { accounts, warnings } = (await readRequiredConfig(file)).config
  for (const warning of warnings) console.warn(`warning: ${warning}`)
  console.log(`${file} is fine: ${accounts.length} ${accounts.length === 1 ? 'account' : 'accounts'}`)
}
