import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

import type { ChangingSettings } from '../support/processes/changing-process.js'

const at = (name: string) => fileURLToPath(new URL(name, import.meta.url))

/** Kills a process that has claimed a request and begun its change; the signal that ended it. */
export async function killChange(settings: ChangingSettings): Promise<string | null> {
  const child = fork(at('../support/processes/changing-process.ts'), [JSON.stringify(settings)], {
    execArgv: ['--import', at('../support/processes/typescript.mjs'), '--disable-warning=ExperimentalWarning'],
  })
  const died = once(child, 'exit') as Promise<[number | null, string | null]>
  await Promise.race([once(child, 'message'), died.then(([code]) => Promise.reject(new Error(`ended with ${code}`)))])
  child.kill('SIGKILL')
  return (await died)[1]
}
