import { once } from 'node:events'

import { forkProcess } from './fork-process.js'
import type { Answer, Command, CrashPoint, CrashSignal, LoginProcessSettings, Said } from './login-process.js'
import { READY } from './ready.js'

export interface LoginProcess {
  query(times: number): Promise<Required<Omit<Answer, 'stands'>>>
  advance(seconds: number): Promise<void>
  readonly pid: number
  /** From now on it dies, or stops, at this point. */
  crashAt(point: CrashPoint, by?: CrashSignal): Promise<void>
  /** Sends one query without waiting for its result, which may never come. */
  queryAndDie(): void
  /** Sends one query, and waits until the login stands at its point. */
  queryAndStand(): Promise<void>
  /** Suspends the process until it is resumed; messages wait until then. */
  pause(): void
  resume(): void
  kill(): Promise<void>
  /** Resolves with the signal it died of. */
  readonly died: Promise<string | null>
}

/** A process that opens any number of logins; what ends it ends them all. */
export interface LoginHost {
  open(settings: LoginProcessSettings): Promise<LoginProcess>
  kill(): Promise<void>
}

/** Starts a process with one account, and waits until it is ready. */
export async function startLoginProcess(settings: LoginProcessSettings): Promise<LoginProcess> {
  return (await startLoginHost()).open(settings)
}

/** Starts a process that has no account yet. */
export async function startLoginHost(): Promise<LoginHost> {
  const child = await forkProcess('login-process')
  child.setMaxListeners(0)
  const died = once(child, 'exit').then(([, signal]) => signal as string | null)
  const kill = async () => {
    child.kill('SIGKILL')
    await died
  }
  let opened = 0
  await answerOf(READY)
  return { open, kill }

  /** The next thing that the process says of one of its logins. */
  function answerOf(login: number): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const hear = (said: Said<Answer>) => {
        if (said.login !== login) return
        child.off('message', hear)
        resolve(said.about)
      }
      child.on('message', hear)
      void died.then(() => reject(new Error('the process has died')))
    })
  }

  async function open(settings: LoginProcessSettings): Promise<LoginProcess> {
    const login = opened++
    const tell = (about: Command) => void child.send({ login, about } satisfies Said<Command>)
    const ask = (command: Command) => {
      const said = answerOf(login)
      tell(command)
      return said
    }
    await ask({ do: 'open', settings })
    return {
      query: async (times) => ({ outcomes: [], ...(await ask({ do: 'query', times })) }),
      advance: async (seconds) => void (await ask({ do: 'advance', seconds })),
      pid: child.pid!,
      crashAt: async (point, by = 'SIGKILL') => void (await ask({ do: 'crash', at: point, by })),
      queryAndDie: () => tell({ do: 'query', times: 1 }),
      async queryAndStand() {
        if (!(await ask({ do: 'query', times: 1 })).stands) throw new Error('the query went on')
      },
      pause: () => void child.kill('SIGSTOP'),
      resume: () => void child.kill('SIGCONT'),
      kill,
      died,
    }
  }
}
