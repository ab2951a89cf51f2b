import { randomBytes } from 'node:crypto'
import { setTimeout as passed } from 'node:timers/promises'

import { request } from 'undici'

import type { Random } from '../../../src/emulator/random.js'
import { startBulutfonEmulator } from '../../../src/providers/bulutfon/emulator/emulator.js'
import { startBuiltServer } from '../../calls/built-server.js'
import { Follower } from './follower.js'
import type { ScriptedCall } from './scripted-calls.js'

const NOW = '{ liveCalls { cursor nodes { id providerCallId state } } account(key: "izmir") { webhook { url } } }'

interface Now {
  readonly liveCalls: {
    readonly cursor: string
    readonly nodes: readonly { readonly id: string; readonly providerCallId: string; readonly state: string }[]
  }
  readonly account: { readonly webhook: { readonly url: string } }
}

/** How many deliveries a provider has under way at once. */
const DELIVERIES_AT_ONCE = 32
/** How soon a provider delivers again what was not taken, ms. */
const AGAIN_MS = 50

type Replica = Awaited<ReturnType<typeof startBuiltServer>>

/** Built servers with one PostgreSQL, whose provider delivers to any of them, and whom followers ask in turn. */
export class FollowedReplicas {
  readonly followers: Follower[] = []
  /** Deliveries that had to be repeated. */
  repeated = 0
  #turn = 0

  private constructor(
    private readonly emulator: Awaited<ReturnType<typeof startBulutfonEmulator>>,
    private readonly config: object,
    private readonly replicas: Replica[],
    private readonly random: Random,
  ) {}

  static async start(store: string, count: number, random: Random): Promise<FollowedReplicas> {
    const emulator = await startBulutfonEmulator({ scale: 0.02 })
    const config = {
      server: { port: 0 },
      store: { url: store, encryptionKeys: [randomBytes(32).toString('base64')] },
      limits: { live: { connections: 10_000, subscriptionsPerCaller: 10_000 } },
      accounts: [{ id: 'izmir', ...emulator.accounts.masterToken, live: { webhook: true } }],
    }
    const replicas: Replica[] = []
    for (let index = 0; index < count; index++) replicas.push(await startBuiltServer(config))
    return new FollowedReplicas(emulator, config, replicas, random)
  }

  /** The next server in turn. */
  url(): string {
    return this.replicas[this.#turn++ % this.replicas.length]!.said
  }

  /** The calls of now, asked of another server where one is gone. */
  async now(): Promise<Now> {
    for (;;) {
      const response = await fetch(`${this.url()}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ query: NOW }),
      }).catch(() => null)
      if (response?.status === 200) return ((await response.json()) as { data: Now }).data
    }
  }

  /** Somebody who follows from here on, over one transport and the other in turn. */
  follow(cursor: string): Follower {
    const transport = this.followers.length % 2 === 0 ? 'sse' : 'websocket'
    const follower = new Follower(transport, () => this.url(), cursor)
    this.followers.push(follower)
    return follower
  }

  /** Delivers each of these as often as told, in any order, to any server, again and again until it is taken. */
  async deliver(calls: readonly ScriptedCall[], times: number): Promise<void> {
    const path = new URL((await this.now()).account.webhook.url).pathname
    const posts = calls.flatMap(({ posts: one }) => one)
    const waiting = this.random.shuffled(Array.from({ length: times }, () => posts).flat())
    const work = async () => {
      for (let body = waiting.pop(); body; body = waiting.pop()) await this.#deliver(path, body)
    }
    await Promise.all(Array.from({ length: DELIVERIES_AT_ONCE }, work))
  }

  /** Delivers each once, in order, so many a second. */
  async deliverAtPace(calls: readonly ScriptedCall[], perSecond: number): Promise<void> {
    const path = new URL((await this.now()).account.webhook.url).pathname
    const delivering: Promise<void>[] = []
    let next = performance.now()
    for (const body of calls.flatMap(({ posts }) => posts)) {
      await passed(Math.max(0, next - performance.now()))
      next += 1000 / perSecond
      delivering.push(this.#deliver(path, body))
    }
    await Promise.all(delivering)
  }

  async #deliver(path: string, body: ScriptedCall['posts'][number]): Promise<void> {
    while ((await this.post(path, body)) !== 204) {
      this.repeated += 1
      await passed(AGAIN_MS)
    }
  }

  /** The status of one delivery; null: there was no answer. */
  private async post(path: string, body: ScriptedCall['posts'][number]): Promise<number | null> {
    const asForm = this.random.chance(0.5)
    const text = new URLSearchParams(Object.entries(body).map(([name, value]) => [name, String(value)]))
    const type = asForm ? 'application/x-www-form-urlencoded' : 'application/json'
    return request(this.url() + path, {
      method: 'POST',
      headers: { 'content-type': type },
      body: asForm ? text.toString() : JSON.stringify(body),
    }).then(
      async ({ statusCode, body: answer }) => {
        await answer.dump()
        return statusCode
      },
      () => null,
    )
  }

  /** Ends one of them on the spot, and starts another. */
  async kill(): Promise<void> {
    const victim = this.replicas.splice(this.random.whole(0, this.replicas.length - 1), 1)[0]!
    process.kill(victim.pid, 'SIGKILL')
    await victim.stop()
    this.replicas.push(await startBuiltServer(this.config))
  }

  /** Exchanges the oldest for a new one; the code it has ended with. */
  async exchange(): Promise<number | null> {
    const replacement = await startBuiltServer(this.config)
    const oldest = this.replicas.shift()!
    this.replicas.push(replacement)
    return oldest.stop()
  }

  /** Resolves once every follower has been told so many events, or nothing came for a while. */
  async settled(count: number, patienceMs = 15_000): Promise<void> {
    const told = () => this.followers.reduce((sum, follower) => sum + follower.told.length, 0)
    let before = told()
    for (let waited = 0; waited < patienceMs && before < count * this.followers.length; waited += AGAIN_MS) {
      await passed(AGAIN_MS)
      if (told() !== before) waited = 0
      before = told()
    }
  }

  async close(): Promise<void> {
    await Promise.all(this.followers.splice(0).map((follower) => follower.close()))
    await Promise.all(this.replicas.map((replica) => replica.stop()))
    await this.emulator.close()
  }
}
