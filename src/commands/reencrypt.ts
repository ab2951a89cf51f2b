import { reencryptStore } from './reencrypt-store.js'
import { readRequiredConfig } from './required-config.js'

/** `reencrypt`: seals everything stored anew, and tells a terminal how far it is. */
export async function reencrypt(option: string | undefined): Promise<void> {
  const { config } = await readRequiredConfig(option)
  const moved = await reencryptStore(config, ({ seen, all }) => {
    if (process.stderr.isTTY) process.stderr.write(`\r${seen} of ${all} rows`)
  })
  if (process.stderr.isTTY) process.stderr.write('\r\x1b[K')
  console.log(`${moved} ${moved === 1 ? 'row was' : 'rows were'} sealed anew; no row needs another key than the first.`)
}
