import { once } from 'node:events'

import { forkProcess } from '../support/processes/fork-process.js'
import type { ChangingSettings } from '../support/processes/changing-process.js'

/** Kills a process that has claimed a request and begun its change; the signal that ended it. */
export async function killChange(settings: ChangingSettings): Promise<string | null> {
  const child = await forkProcess('changing-process', JSON.stringify(settings))
  const died = once(child, 'exit') as Promise<[number | null, string | null]>
  await Promise.race([once(child, 'message'), died.then(([code]) => Promise.reject(new Error(`ended with ${code}`)))])
  child.kill('SIGKILL')
  return (await died)[1]
}
