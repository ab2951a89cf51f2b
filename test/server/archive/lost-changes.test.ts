import { expect, test } from '@jest/globals'

import type { ArchivedAccount } from '../../../src/archive/archived-account.js'
import type { Feed, FeedItem } from '../../../src/graphql/feed.js'
import { Tail } from '../../../src/live/tail.js'
import { archiveReads } from '../../../src/loaders/archive/archive-reads.js'
import { FollowedChanges, type FollowedChange } from '../../../src/loaders/archive/followed-changes.js'
import type { JudgeChanges } from '../../../src/loaders/archive/own-changes.js'
import { cursorSigner } from '../../../src/loaders/cursor.js'
import { Group } from '../../../src/server/subscriptions/group.js'
import { Payload } from '../../../src/server/subscriptions/payload.js'
import { Rounds } from '../../../src/server/subscriptions/rounds.js'
import { Turns } from '../../../src/server/subscriptions/turns.js'
import { memoryStore } from '../../../src/store/memory.js'
import { call } from '../../loaders/in-memory.js'
import { changeArchive, IZMIR } from './archived-calls.js'

const fail = (error: unknown) => {
  throw error
}

/** Follows the changes of İzmir, each of which is judged. */
async function follow(judge: JudgeChanges) {
  const store = memoryStore()
  const tail = new Tail({ log: store, onTrouble: fail, onDefect: fail })
  const izmir = { ...IZMIR, archive: {} } as unknown as ArchivedAccount
  const changes = new FollowedChanges({
    ...{ store: archiveReads(store), tail, judge, workspace: 'default', cursors: cursorSigner(Buffer.from('key')) },
    accounts: () => new Map([['izmir', izmir]]),
    isSelected: () => true,
  })
  const unfollow = await tail.follow()
  const heard: FollowedChange[] = []
  const end = changes.listen((followed) => heard.push(followed))
  return {
    heard,
    changes,
    add: async (...ids: string[]) => {
      await changeArchive(
        store,
        IZMIR,
        ids.map((id) => ({ kind: 'CREATED', call: call('izmir', id) }) as const),
      )
      await tail.catchUp()
    },
    /** Everything that waits has been judged once whatever could run has run. */
    settled: () => new Promise(setImmediate),
    end: () => {
      end()
      unfollow()
    },
  }
}

const shown = (heard: readonly FollowedChange[]) => heard.map(({ position, change }) => [position, change !== null])

test('changes are told in their order, however long it takes to judge one', async () => {
  const waiting: (() => void)[] = []
  const slow: JudgeChanges = async (changes) => {
    if (changes[0]!.position === 1) await new Promise<void>((resolve) => waiting.push(resolve))
    return changes.map(({ position }) => position !== 2)
  }
  const followed = await follow(slow)
  await followed.add('a', 'b', 'c')
  await followed.settled()
  expect(followed.heard).toEqual([])
  for (const go of waiting) go()
  await followed.settled()
  expect(shown(followed.heard)).toEqual([
    [1, true],
    [3, true],
  ])
  followed.end()
})

test('a change that cannot be judged just now is not passed over, but said to be lost', async () => {
  const followed = await follow(async ([change]) => {
    if (change!.position === 2) throw new Error('the provider does not answer')
    return [true]
  })
  await followed.add('a', 'b', 'c')
  await followed.settled()
  expect(shown(followed.heard)).toEqual([
    [1, true],
    [2, false],
    [3, true],
  ])
  followed.end()
})

test('more changes than may wait are said to be lost, and are not judged', async () => {
  let judged = 0
  const waiting: (() => void)[] = []
  const followed = await follow(async () => {
    judged += 1
    await new Promise<void>((resolve) => waiting.push(resolve))
    return [true]
  })
  await followed.add(...Array.from({ length: 1_100 }, (_, at) => `${at}`))
  await followed.settled()
  expect(judged).toBe(1)
  waiting.shift()!()
  await followed.settled()
  const lost = followed.heard.filter(({ change }) => change === null)
  expect(lost.length).toBeGreaterThanOrEqual(98)
  followed.end()
})

test('who follows has to come back for what is lost, and is told nothing after it', async () => {
  let listener: (item: FeedItem) => void = fail
  const feed: Feed = {
    position: 0,
    follow: async () => () => {},
    async *read() {},
    listen(given) {
      listener = given
      return () => {}
    },
  }
  const group = new Group({
    ...{ feed, turns: new Turns(), rounds: new Rounds(), onEmpty: () => {} },
    execute: async ({ position }) => new Payload(String(position)),
  })
  const told: string[] = []
  group.enter()
  const member = {
    position: 0,
    deliver: ({ texts }: Payload) => void told.push(...texts),
    fallBehind: () => {
      told.push('come back')
      group.leave(member)
    },
  }
  group.join(member)
  listener({ position: 1, value: {} })
  listener({ position: 2, value: null, isLost: true })
  await group.settle()
  expect(told).toEqual(['1', 'come back'])
  expect(member.position).toBe(1)
})
