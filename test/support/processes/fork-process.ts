import { fork, type ChildProcess } from 'node:child_process'

import { processScript } from './bundles.js'

/** Starts one of the processes beside this file, by its name without the ending. What it prints is left out, but for its errors. */
export async function forkProcess(name: `${string}-process`, ...args: readonly string[]): Promise<ChildProcess> {
  const { script, execArgv } = await processScript(name)
  return fork(script, args, {
    execArgv: [...execArgv, '--disable-warning=ExperimentalWarning'],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
}
