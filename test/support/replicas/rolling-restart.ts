import { randomBytes } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'

import type { Emulator } from '../../../src/emulator/emulator.js'
import { providers } from '../../../src/providers/index.js'
import { checkConfig } from '../../../src/server/config/config.js'
import { createLog } from '../../../src/server/observing/log.js'
import { startServer } from '../../../src/server/server.js'
import { startBuiltServer } from '../../calls/built-server.js'
import { startProxy } from './proxy.js'

/** One of several servers with one store. */
export interface Replica {
  readonly url: string
  /** Sends SIGTERM; resolves with the exit code. */
  stop(): Promise<number | null>
}

export interface RollingRestart {
  readonly start: (config: object) => Promise<Replica>
  /** URL of the shared store. */
  readonly store: string
  readonly restarts: number
  readonly queriesPerSecond: number
  /** How long a replica keeps accepting after SIGTERM, ms. */
  readonly noticeMs: number
}

export interface Rolled {
  readonly queries: number
  /** Errors of the queries that failed. */
  readonly failures: readonly string[]
  /** Exit codes of the replaced replicas. */
  readonly exits: readonly (number | null)[]
  readonly tokenRequests: number
  /** Token requests that were refused. */
  readonly refusals: readonly string[]
  /** States of the logins at the end. */
  readonly logins: Readonly<Record<string, string>>
}

/** Refresh tokens are single-use without grace, where the emulator can do that. */
const LOGINS = [
  { slug: 'bulutfon', account: 'authorizationCode', knobs: {} },
  { slug: 'ipex', account: 'password', knobs: { refreshReuse: 'reject' } },
  { slug: 'postacell', account: 'login', knobs: {} },
  {
    slug: 'rails-api-v1',
    account: 'authorizationCode',
    knobs: { refreshRevocation: 'immediate' },
  },
] as const

/** About as long as a token that is refused at once is given before another is asked for. */
const AGAIN_MS = 600

interface Expiring {
  expireAccessTokens(): void
}

const QUESTION = '{ accounts { nodes { key profile { name } groups(first: 1) { totalCount } } } }'
const LOGIN_STATES = '{ accounts { nodes { key authorization { status } } } }'

interface Answer {
  readonly data?: {
    readonly accounts: { readonly nodes: readonly { key: string; authorization: { status: string } }[] }
  }
  readonly errors?: readonly { readonly message: string; readonly extensions: { readonly code: string } }[]
}

/**
 * Two replicas with one store behind a proxy, under steady load, are replaced one after the other.
 */
export async function rollingRestart({
  start,
  store,
  restarts,
  queriesPerSecond,
  noticeMs,
}: RollingRestart): Promise<Rolled> {
  const emulators: (Emulator & Expiring)[] = []
  for (const { slug, knobs } of LOGINS)
    emulators.push(
      (await (
        await providers.find((one) => one.slug === slug)!.emulator()
      )({ scale: 0.02, knobs })) as never,
    )
  const config = {
    server: { port: 0 },
    store: { url: store, encryptionKeys: [randomBytes(32).toString('base64')] },
    // Without a cache every query needs every login.
    limits: { drainNoticeMs: noticeMs, cacheBytes: 0 },
    accounts: LOGINS.map(({ slug, account }, index) => ({ id: slug, ...emulators[index]!.accounts[account] })),
  }
  const proxy = await startProxy()
  const replicas: Replica[] = []
  const begin = async () => {
    const replica = await start(config)
    replicas.push(replica)
    await proxy.add(replica.url)
  }
  const exits: (number | null)[] = []
  const failures: string[] = []
  const asked: Promise<void>[] = []
  const ask = async (query: string): Promise<Answer> => {
    const response = await fetch(`${proxy.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query }),
    })
    if (response.status !== 200) throw new Error(`${response.status}: ${await response.text()}`)
    return (await response.json()) as Answer
  }
  const askOnce = async () => {
    const errors = await ask(QUESTION).then(
      (answer) => answer.errors?.map(({ message, extensions }) => `${extensions.code}: ${message}`) ?? [],
      (error: unknown) => [String(error)],
    )
    failures.push(...errors)
  }
  const expireAll = () => emulators.forEach((emulator) => emulator.expireAccessTokens())
  let isOver = false
  async function load(): Promise<void> {
    for (let next = performance.now(); !isOver; next += 1_000 / queriesPerSecond) {
      await sleep(Math.max(0, next - performance.now()))
      asked.push(askOnce())
    }
  }

  try {
    await begin()
    await begin()
    await askOnce()
    const loaded = load()
    for (let restart = 0; restart < restarts; restart++) {
      const oldest = replicas.shift()!
      const ending = oldest.stop()
      // All tokens expire while one replica ends, and again soon after: both refresh, and every grant must be stored.
      expireAll()
      await sleep(AGAIN_MS)
      expireAll()
      exits.push(await ending)
      proxy.remove(oldest.url)
      await begin()
    }
    isOver = true
    await loaded
    await Promise.all(asked)
    const { data } = await ask(LOGIN_STATES)
    const tokenRequests = emulators.flatMap(({ journal }) => journal.tokenRequests)
    return {
      ...{ queries: asked.length, failures, exits, tokenRequests: tokenRequests.length },
      refusals: tokenRequests.filter(({ status }) => status !== 200).map(({ path, status }) => `${path}: ${status}`),
      logins: Object.fromEntries(data!.accounts.nodes.map(({ key, authorization }) => [key, authorization.status])),
    }
  } finally {
    isOver = true
    await Promise.all(replicas.map((replica) => replica.stop()))
    await proxy.close()
    for (const emulator of emulators) await emulator.close()
  }
}

/** The built server in a process of its own. */
export async function startBuiltReplica(config: object): Promise<Replica> {
  const { said, stop } = await startBuiltServer(config)
  return { url: said, stop }
}

/** A server in this process, which is cheaper. */
export async function startReplicaHere(config: object): Promise<Replica> {
  const log = createLog({ write: () => true })
  const server = await startServer(checkConfig(config, providers, { environment: {} }), { providers, log })
  return { url: server.url, stop: async () => ((await server.close()) ? 0 : 1) }
}
