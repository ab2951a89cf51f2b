import { setTimeout as passed } from 'node:timers/promises'

import type { Random } from '../../../src/emulator/random.js'
import type { FollowedReplicas } from './followed-replicas.js'
import type { Follower, ToldEvent } from './follower.js'
import { scriptCalls, type ScriptedCall } from './scripted-calls.js'

export interface SequenceCheck {
  readonly calls: number
  /** How often each event is delivered. */
  readonly times: number
  readonly followers: number
  /** How many servers are killed meanwhile. */
  readonly kills: number
  readonly random: Random
}

/** What is not as the script has it; all are empty where everything is. */
export interface Differences {
  /** `call TYPE` of events that some follower was not told. */
  readonly lost: readonly string[]
  /** Ids of events that a follower was told twice. */
  readonly twice: readonly string[]
  /** Calls whose last state is another one, as a follower or as a server has it. */
  readonly states: readonly string[]
  /** Followers that were told in another order than the first one. */
  readonly orders: readonly number[]
  readonly complaints: readonly string[]
  /** Events that each follower has to be told. */
  readonly events: number
}

/** Plays scripted calls to the servers, while followers leave and come back elsewhere and servers are killed. */
export async function checkSequence(
  replicas: FollowedReplicas,
  { calls: count, times, followers: crowd, kills, random }: SequenceCheck,
): Promise<Differences> {
  return followed(replicas, scriptCalls(count, random), crowd, async (calls, followers) => {
    let isOver = false
    const restless = (async () => {
      while (!isOver) {
        await passed(random.whole(20, 220))
        random.pick(followers).leave()
      }
    })()
    const killing = (async () => {
      for (let index = 0; index < kills; index++) {
        await passed(random.whole(200, 1_000))
        await replicas.kill()
      }
    })()
    await replicas.deliver(calls, times)
    await killing
    isOver = true
    await restless
  })
}

export interface RestartCheck {
  readonly restarts: number
  readonly followers: number
  readonly eventsPerSecond: number
  readonly random: Random
}

/** Exchanges the servers one after the other, while calls are told at a steady pace and followers go on at whoever is there. */
export async function checkRestarts(
  replicas: FollowedReplicas,
  { restarts, followers: crowd, eventsPerSecond, random }: RestartCheck,
): Promise<Differences & { readonly exits: readonly (number | null)[] }> {
  const exits: (number | null)[] = []
  // About four deliveries a call, and some three seconds a restart.
  const calls = scriptCalls(Math.ceil((eventsPerSecond * restarts * 3) / 4), random)
  const differences = await followed(replicas, calls, crowd, async () => {
    const telling = replicas.deliverAtPace(calls, eventsPerSecond)
    for (let index = 0; index < restarts; index++) exits.push(await replicas.exchange())
    await telling
  })
  return { ...differences, exits }
}

/** What followers miss of what is told to the servers meanwhile. */
async function followed(
  replicas: FollowedReplicas,
  calls: readonly ScriptedCall[],
  crowd: number,
  tell: (calls: readonly ScriptedCall[], followers: readonly Follower[]) => Promise<void>,
): Promise<Differences> {
  const { cursor } = (await replicas.now()).liveCalls
  const followers = Array.from({ length: crowd }, () => replicas.follow(cursor))
  await tell(calls, followers)
  const events = calls.reduce((sum, call) => sum + call.events.length, 0)
  await replicas.settled(events)
  const { nodes } = (await replicas.now()).liveCalls
  const differences = { events, ...compare(calls, followers), states: wrongStates(nodes, calls, followers) }
  await Promise.all(replicas.followers.splice(0).map((follower) => follower.close()))
  return differences
}

/** What somebody who follows the calls was told. */
export interface Told {
  readonly told: readonly ToldEvent[]
  readonly complaints: readonly string[]
}

/** How what was told differs from the script, and from what the others were told. */
export function compare(calls: readonly ScriptedCall[], followers: readonly Told[]) {
  const expected = new Set(calls.flatMap(({ uuid, events }) => numbered(events.map((type) => `${uuid} ${type}`))))
  const of = ({ told }: Told) =>
    new Set(numbered(told.map(({ call, type }) => `${call.providerCallId} ${type}`).sort()))
  const ids = ({ told }: Told) => told.map(({ id }) => id)
  const first = ids(followers[0]!).join()
  return {
    lost: followers.flatMap((follower) => {
      const told = of(follower)
      return [...expected].filter((one) => !told.has(one))
    }),
    twice: followers.flatMap((follower) => [
      ...ids(follower).filter((id, index, all) => all.indexOf(id) !== index),
      ...[...of(follower)].filter((one) => !expected.has(one)),
    ]),
    orders: followers.flatMap((follower, index) => (ids(follower).join() === first ? [] : [index])),
    complaints: followers.flatMap(({ complaints }) => complaints),
  }
}

/** `x`, `x`, `y` as `x 1`, `x 2`, `y 1`. */
function numbered(sorted: readonly string[]): string[] {
  const counts = new Map<string, number>()
  return sorted.map((one) => {
    counts.set(one, (counts.get(one) ?? 0) + 1)
    return `${one} ${counts.get(one)}`
  })
}

/** Calls that are in another state than the script ends with, among those under way or as they were told last. */
export function wrongStates(
  underWay: readonly { readonly providerCallId: string; readonly state: string }[],
  calls: readonly ScriptedCall[],
  followers: readonly Told[],
): string[] {
  const open = new Map(underWay.map(({ providerCallId, state }) => [providerCallId, state]))
  const lastOf = (told: readonly ToldEvent[]) => new Map(told.map(({ call }) => [call.providerCallId, call.state]))
  const seen = followers.map(({ told }) => lastOf(told))
  return calls.flatMap(({ uuid, state }) => [
    ...((open.get(uuid) ?? 'ENDED') === state ? [] : [`${uuid}: ${open.get(uuid)}, not ${state}`]),
    ...seen.flatMap((states) =>
      states.get(uuid) === state ? [] : [`${uuid}: told ${states.get(uuid)}, not ${state}`],
    ),
  ])
}
