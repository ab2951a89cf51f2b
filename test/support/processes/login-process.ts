import 'reflect-metadata'

import { TokenManager } from '../../../src/auth/token-manager.js'
import type { EmulatedAccount } from '../../../src/emulator/emulator.js'
import type { Send } from '../../../src/http/http.js'
import { createSender } from '../../../src/http/wire/send.js'
import { createStreamer } from '../../../src/http/wire/stream.js'
import { providers } from '../../../src/providers/index.js'
import { connectAccount } from '../../../src/server/accounts/connect-account.js'
import { checkConfig } from '../../../src/server/config/config.js'
import { openStore } from '../../../src/store/open-store.js'
import type { Store } from '../../../src/store/store.js'
import { query } from './query.js'
import { READY } from './ready.js'

/** Where a test may make this process die or stop; not part of the product. */
export type CrashPoint =
  | 'before lease'
  | 'before send'
  | 'after send'
  | 'after answer'
  | 'after write'
  | 'before release'
/** `kill -9`, or suspended until resumed; or this login alone goes no further, until the parent kills. */
export type CrashSignal = 'SIGKILL' | 'SIGSTOP' | 'none'

export interface LoginProcessSettings {
  readonly store: string
  readonly keys: readonly string[]
  readonly account: EmulatedAccount
  /** Path of the token endpoint. */
  readonly tokenPath: string
  /** False: nothing keeps two processes from redeeming the same refresh token. */
  readonly lease: boolean
  /** How far both of its clocks are ahead, in seconds. */
  readonly ahead: number
}

export type Command =
  | { readonly do: 'open'; readonly settings: LoginProcessSettings }
  | { readonly do: 'query'; readonly times: number }
  | { readonly do: 'advance'; readonly seconds: number }
  | { readonly do: 'crash'; readonly at: CrashPoint; readonly by: CrashSignal }

/** What parent and child say to each other is about one of the logins, by its number. */
export interface Said<About> {
  readonly login: number
  readonly about: About
}

export interface Answer {
  /** True when the login stands at its point and goes no further. */
  readonly stands?: true
  /** `ok`, or the code and the reason of the error. */
  readonly outcomes?: readonly string[]
  /** Events of the login since the last result. */
  readonly events: readonly string[]
}

/**
 * The real token manager and store, driven by a parent process. Several logins, each with a store of its own, know nothing of
 * each other.
 */
const logins = new Map<number, ReturnType<typeof openLogin>>()
process.on('message', ({ login, about }: Said<Command>) => {
  if (about.do === 'open') logins.set(login, openLogin(about.settings, login))
  void logins.get(login)!.then(async (obey) => tell(login, await obey(about)))
})
tell(READY, { events: [] })

function tell(login: number, about: Answer): void {
  process.send!({ login, about } satisfies Said<Answer>)
}

/** Returns what obeys the parent's commands. */
async function openLogin(
  settings: LoginProcessSettings,
  index: number,
): Promise<(command: Command) => Promise<Answer>> {
  let moved = settings.ahead * 1_000
  let crash: CrashPoint | null = null
  let signal: CrashSignal = 'SIGKILL'
  let events: string[] = []
  const die = async (): Promise<void> => {
    crash = null
    if (signal !== 'none') return void process.kill(process.pid, signal)
    tell(index, { events: [], stands: true })
    await new Promise(() => {})
  }
  const clock = { now: () => Date.now() + moved, monotonic: () => performance.now() + moved }
  const config = checkConfig(
    { limits: { providerConcurrency: 64 }, accounts: [{ id: 'shared', ...settings.account }] },
    providers,
    {
      environment: {},
    },
  )
  const { limits } = config
  const store = killable(await openStore(settings.store, settings.keys), settings.lease)
  const sender = createSender(limits, clock)
  const manager = new TokenManager({
    store,
    send: killableSend(sender.send),
    clock,
    limits,
    log: ({ reason, outcome, code }) => void events.push([reason, outcome, code].filter(Boolean).join(': ')),
  })
  const services = { manager, send: sender.send, openStream: createStreamer(limits, clock).open, limits, clock }
  const account = connectAccount(config.accounts[0]!, { ...services, publicUrl: () => 'http://127.0.0.1:4000' })

  function killable(inner: Store, lease: boolean): Store {
    return {
      ...inner,
      ...(!lease && { lease: async () => true }),
      async prolong(key, owner, milliseconds) {
        if (crash === 'before lease') await die()
        return lease ? inner.prolong(key, owner, milliseconds) : true
      },
      async write(key, expected, next) {
        const written = await inner.write(key, expected, next)
        if (crash === 'after write' && written && next.status === 'ACTIVE') await die()
        return written
      },
      async release(key, owner) {
        if (crash === 'before release') await die()
        return inner.release(key, owner)
      },
    }
  }

  function killableSend(send: Send): Send {
    return async (request, options) => {
      const point = new URL(request.url).pathname === settings.tokenPath ? crash : null
      if (point === 'before send') await die()
      const answer = send(request, options)
      if (point === 'after send') return signal === 'none' ? (await die(), answer) : new Promise(() => {})
      const response = await answer
      if (point === 'after answer') await die()
      return response
    }
  }

  async function obey(command: Command): Promise<Answer> {
    if (command.do === 'advance') moved += command.seconds * 1_000
    if (command.do === 'crash') [crash, signal] = [command.at, command.by]
    const outcomes =
      command.do === 'query'
        ? await Promise.all(Array.from({ length: command.times }, () => query(account)))
        : undefined
    if (outcomes) await manager.settle()
    const reported = events
    events = []
    return { outcomes, events: reported }
  }

  return obey
}
