import type { Random } from '../../../src/emulator/random.js'
import type { Feed, FeedItem } from '../../../src/graphql/feed.js'
import type { LiveAccount } from '../../../src/live/live-account.js'
import { LiveCalls } from '../../../src/live/live-calls.js'
import { storedEvent } from '../../../src/loaders/live/call-events.js'
import { bulutfonWebhook } from '../../../src/providers/bulutfon/live.js'
import { Group } from '../../../src/server/subscriptions/group.js'
import { Payload } from '../../../src/server/subscriptions/payload.js'
import { Rounds } from '../../../src/server/subscriptions/rounds.js'
import { LiveSubscription } from '../../../src/server/subscriptions/subscription.js'
import { Turns } from '../../../src/server/subscriptions/turns.js'
import { memoryStore } from '../../../src/store/memory.js'
import type { Store } from '../../../src/store/store.js'
import { fakeAccount, standingClock } from '../../live/live-accounts.js'
import type { ToldEvent } from './follower.js'
import type { ScriptedCall } from './scripted-calls.js'
import { compare, wrongStates, type Differences, type SequenceCheck } from './sequence-check.js'

/** Deliveries under way at once. */
const DELIVERIES_AT_ONCE = 8
/** When nobody was told anything for so long, nothing comes any more, ms. */
const PATIENCE_MS = 2_000

const OFFICE = { key: 'izmir', country: 'TR', timeZone: 'Europe/Istanbul' }

const turn = () => new Promise<void>((resolve) => setImmediate(resolve))
/** A promise of its own for each who waits: one for all would keep everything that ever did. */
const never = () => new Promise<never>(() => {})

/** Lets a few others go first. */
async function pause(random: Random, most: number): Promise<void> {
  for (let left = random.whole(0, most); left > 0; left--) await turn()
}

/** All that records and follows calls in one server, but for its transports. */
interface Replica {
  readonly live: LiveCalls
  readonly group: Group
  readonly turns: Turns
  readonly rounds: Rounds
  isDead: boolean
}

/**
 * The same check with the parts of servers in this process: whatever they ask of their common log is
 * done, and answered, when chance says so. One that dies asks nothing more and is answered nothing,
 * whether it was done or not.
 */
export async function checkInterleaved(
  scriptCalls: (count: number, random: Random) => readonly ScriptedCall[],
  { calls: count, times, followers: crowd, kills, random }: SequenceCheck,
): Promise<Differences> {
  const clock = standingClock()
  const store = memoryStore(clock.monotonic)
  const account = { ...fakeAccount({ webhook: true }).account, provider: { slug: 'bulutfon', capabilities: [] } }
  const served = account as unknown as LiveAccount
  const calls = scriptCalls(count, random)
  const replicas = [0, 1].map(() => replicaOf(served, store, clock, random))
  const followers = Array.from({ length: crowd }, () => new InterleavedFollower(replicas, random))
  const posts = calls.flatMap(({ posts: one }) => one)
  const waiting = random.shuffled(Array.from({ length: times }, () => posts).flat())
  const everything = waiting.length

  const deliver = async () => {
    for (let body = waiting.pop(); body; body = waiting.pop()) {
      const facts = bulutfonWebhook.read(body, OFFICE, {})!
      while (!(await taken(random.pick(replicas), (replica) => replica.live.receive(served, facts))));
    }
  }
  const kill = async (at: number) => {
    while (waiting.length > at) await turn()
    const victim = replicas.splice(random.whole(0, replicas.length - 1), 1)[0]!
    victim.isDead = true
    replicas.push(replicaOf(served, store, clock, random))
    for (const follower of followers) follower.loses(victim)
  }
  const killing = Array.from({ length: kills }, () => kill(random.whole(0, everything - 1)))
  const restless = async () => {
    while (waiting.length > 0) {
      await pause(random, 40)
      random.pick(followers).leave()
    }
  }
  await Promise.all([...Array.from({ length: DELIVERIES_AT_ONCE }, deliver), ...killing, restless()])

  const events = calls.reduce((sum, call) => sum + call.events.length, 0)
  await settled(() => followers.reduce((sum, { told }) => sum + told.length, 0), events * crowd)
  const underWay = (await replicas[0]!.live.current([served])).calls
  for (const follower of followers) follower.close()
  return { events, ...compare(calls, followers), states: wrongStates(underWay, calls, followers) }
}

/** Whether the work was answered, and not by a replica that died meanwhile. */
async function taken(replica: Replica, work: (replica: Replica) => Promise<unknown>): Promise<boolean> {
  let isAnswered: boolean | null = null
  void work(replica).then(
    () => (isAnswered = true),
    () => (isAnswered = false),
  )
  while (isAnswered === null && !replica.isDead) await turn()
  return isAnswered ?? false
}

function replicaOf(
  account: LiveAccount,
  store: Store,
  clock: ReturnType<typeof standingClock>,
  random: Random,
): Replica {
  const trouble = (error: unknown) => {
    throw error
  }
  const state = { isDead: false }
  const live = new LiveCalls({
    ...{ accounts: () => [account], find: () => account, store: linked(store, state, random), clock },
    limits: { live: { retentionHours: 24 }, changesDays: 90, operationTimeoutMs: 10_000 },
    ...{ onTrouble: trouble, onDefect: trouble, onPoll: () => {} },
  })
  const [turns, rounds] = [new Turns(), new Rounds()]
  const group = new Group({ feed: feedOf(live), turns, rounds, execute, onEmpty: () => {} })
  return Object.assign(state, { live, group, turns, rounds })
}

/** A store as one replica has it. */
function linked(store: Store, replica: { readonly isDead: boolean }, random: Random): Store {
  return new Proxy(store, {
    get(target, name) {
      const value = Reflect.get(target, name) as unknown
      if (typeof value !== 'function') return value
      const call = value as (...given: unknown[]) => unknown
      if (name === 'wakeOnEvents')
        return (wake: () => void) =>
          target.wakeOnEvents(() => void pause(random, 3).then(() => replica.isDead || wake()))
      return async (...given: unknown[]) => {
        await pause(random, 2)
        if (replica.isDead) return never()
        const answer = await call.apply(target, given)
        await pause(random, 2)
        return replica.isDead ? never() : answer
      }
    },
  })
}

/** The events of all calls. */
function feedOf({ tail }: LiveCalls): Feed {
  const item = (event: Parameters<typeof storedEvent>[0]): FeedItem => ({
    position: event.position,
    value: { ...storedEvent(event), id: String(event.position), cursor: String(event.position) },
  })
  return {
    get position() {
      return tail.position
    },
    follow: () => tail.follow(),
    async *read(after, until) {
      for await (const event of tail.read(after, until)) yield item(event)
    },
    listen: (listener) => tail.listen((event) => listener(item(event))),
  }
}

const execute = ({ value }: FeedItem) => Promise.resolve(new Payload(JSON.stringify(value)))

/** Somebody who goes on after what came last, at any server, whenever the line is cut. */
class InterleavedFollower {
  readonly told: ToldEvent[] = []
  readonly complaints: string[] = []
  readonly #replicas: readonly Replica[]
  readonly #random: Random
  #line: { readonly replica: Replica; readonly subscription: LiveSubscription } | null = null

  constructor(replicas: readonly Replica[], random: Random) {
    this.#replicas = replicas
    this.#random = random
    this.#follow()
  }

  leave(): void {
    this.close()
    this.#follow()
  }

  /** The server has died: it does not learn that the line is cut. */
  loses(replica: Replica): void {
    if (this.#line?.replica === replica) this.#follow()
  }

  close(): void {
    this.#line?.subscription.stop('client')
    this.#line = null
  }

  #follow(): void {
    const replica = this.#random.pick(this.#replicas)
    const { group } = replica
    /** What has been sent and has not come yet; lost with the line. */
    let coming = Promise.resolve()
    const receive = async (text: string) => {
      await pause(this.#random, 2)
      if (this.#line?.subscription === subscription) this.told.push(JSON.parse(text) as ToldEvent)
    }
    const subscription: LiveSubscription = new LiveSubscription({
      ...{ group, after: Number(this.told.at(-1)?.cursor ?? 0), execute },
      subscriber: {
        next: ({ texts }) => {
          for (const text of texts) coming = coming.then(() => receive(text))
        },
        drained: () => {},
        complete: () => void this.complaints.push('completed'),
        // It comes back at once, as clients do.
        fallBehind: () => void (this.#line?.subscription === subscription && this.leave()),
      },
      failure: (error) => new Payload(JSON.stringify({ id: String(error), cursor: '0', call: {} })),
      onEnd: () => {},
    })
    this.#line = { replica, subscription }
    subscription.begin()
  }
}

/** Resolves once so many were told, or nothing came for a while. */
async function settled(told: () => number, count: number): Promise<void> {
  let [before, since] = [told(), performance.now()]
  while (before < count && performance.now() - since < PATIENCE_MS) {
    await turn()
    const now = told()
    if (now !== before) [before, since] = [now, performance.now()]
  }
}
