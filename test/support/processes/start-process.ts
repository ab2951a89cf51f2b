import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

import type { Answer, Command, CrashPoint, CrashSignal, LoginProcessSettings } from './login-process.js'

export interface LoginProcess {
  query(times: number): Promise<Required<Answer>>
  advance(seconds: number): Promise<void>
  readonly pid: number
  /** From now on it dies, or stops, at this point. */
  crashAt(point: CrashPoint, by?: CrashSignal): Promise<void>
  /** Sends one query without waiting for its result, which may never come. */
  queryAndDie(): void
  /** Suspends the process until it is resumed; messages wait until then. */
  pause(): void
  resume(): void
  kill(): Promise<void>
  /** Resolves with the signal it died of. */
  readonly died: Promise<string | null>
}

const at = (name: string) => fileURLToPath(new URL(name, import.meta.url))

/** Starts a process with one account, and waits until it is ready. */
export async function startLoginProcess(settings: LoginProcessSettings): Promise<LoginProcess> {
  const child: ChildProcess = fork(at('./login-process.ts'), [JSON.stringify(settings)], {
    execArgv: ['--import', at('./typescript.mjs'), '--disable-warning=ExperimentalWarning'],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
  const died = once(child, 'exit').then(([, signal]) => signal as string | null)
  const answer = async (): Promise<Answer> => {
    const [said] = (await Promise.race([once(child, 'message'), died.then(() => [null])])) as [Answer | null]
    if (!said) throw new Error('the process has died')
    return said
  }
  const ask = (command: Command) => {
    const said = answer()
    child.send(command)
    return said
  }
  await answer()
  return {
    query: async (times) => ({ outcomes: [], ...(await ask({ do: 'query', times })) }),
    advance: async (seconds) => void (await ask({ do: 'advance', seconds })),
    pid: child.pid!,
    crashAt: async (point, by = 'SIGKILL') => void (await ask({ do: 'crash', at: point, by })),
    queryAndDie: () => void child.send({ do: 'query', times: 1 } satisfies Command),
    pause: () => void child.kill('SIGSTOP'),
    resume: () => void child.kill('SIGCONT'),
    async kill() {
      child.kill('SIGKILL')
      await died
    },
    died,
  }
}
