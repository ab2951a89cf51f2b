import { setTimeout as delay } from 'node:timers/promises'

import { describe, expect, test } from '@jest/globals'

import type { Feed, FeedItem } from '../../../src/graphql/feed.js'
import { Group, type Member } from '../../../src/server/subscriptions/group.js'
import { Payload } from '../../../src/server/subscriptions/payload.js'
import { Rounds } from '../../../src/server/subscriptions/rounds.js'
import { Turns } from '../../../src/server/subscriptions/turns.js'
import { nextFrames } from '../../../src/server/subscriptions/websocket-frames.js'

/** A group, its feed, and members that note what they are given together. */
function withGroup(execute: (item: FeedItem) => Promise<Payload>, turns = new Turns(), rounds = new Rounds()) {
  let tell: (item: FeedItem) => void = () => {}
  const feed: Feed = {
    position: 0,
    follow: async () => () => {},
    async *read() {},
    listen(listener) {
      tell = listener
      return () => {}
    },
  }
  const group = new Group({ feed, turns, rounds, execute, onEmpty() {} })
  const member = (position: number) => {
    const given: (readonly string[])[] = []
    const joined: Member = {
      position,
      deliver: (payload) => void given.push(payload.texts),
      fallBehind() {
        given.push(['behind'])
        group.leave(joined)
      },
    }
    group.enter()
    group.join(joined)
    return given
  }
  return { group, member, tell: (position: number) => tell({ position, value: null }) }
}

describe('a round', () => {
  test('hands out together what is ready together, to each member what is after its position', async () => {
    const { group, member, tell } = withGroup(async ({ position }) => new Payload(String(position)))
    const [early, late] = [member(0), member(2)]
    for (const position of [1, 2, 3]) tell(position)
    await group.settle()
    expect([early, late]).toEqual([[['1', '2', '3']], [['3']]])
  })

  test('gives a member that falls behind all before the event it must do without, and nothing after it', async () => {
    const { group, member, tell } = withGroup(async ({ position }) => {
      if (position === 2) throw new Error('too many wait')
      return new Payload(String(position))
    })
    const [first, other] = [member(0), member(0)]
    for (const position of [1, 2, 3]) tell(position)
    await group.settle()
    expect([first, other]).toEqual([
      [['1'], ['behind']],
      [['1'], ['behind']],
    ])
  })

  test('waits for what is likely to come together, as it did before, and for nothing else', async () => {
    const { group, member, tell } = withGroup(async ({ position }) => new Payload(String(position)))
    const given = member(0)
    const tellApart = async (...positions: readonly number[]) => {
      for (const position of positions) {
        tell(position)
        // A round that waits for nothing is over by then.
        for (let turns = 0; turns < 5; turns += 1) await new Promise((resolve) => setImmediate(resolve))
      }
    }
    await tellApart(1, 2)
    expect(given.splice(0)).toEqual([['1'], ['2']])
    for (const position of [3, 4, 5]) tell(position)
    await group.settle()
    await tellApart(6, 7)
    await group.settle()
    expect(given.splice(0)).toEqual([
      ['3', '4', '5'],
      ['6', '7'],
    ])
    await tellApart(8)
    await group.settle()
    await tellApart(9, 10)
    expect(given).toEqual([['8'], ['9'], ['10']])
  })

  test('takes what came while the last one was handed out, however often it came', async () => {
    const rounds = new Rounds()
    const handed: string[] = []
    const done = new Promise<void>((resolve) => {
      const second = () => {
        handed.push('second')
        resolve()
        return 1
      }
      rounds.join(() => {
        handed.push('first')
        rounds.join(second)
        rounds.join(second)
        return 1
      })
    })
    await done
    await delay(0)
    expect(handed).toEqual(['first', 'second'])
  })
})

test.each([1, 124, 126, 200, 65_400, 70_000])('results of %i letters are whole messages in one piece', (letters) => {
  const texts = ['a', 'b'].map((letter) => JSON.stringify(letter.repeat(letters)))
  const payload = new Payload(...texts)
  for (const id of ['1', '2', 'ğ"\\']) {
    const bytes = nextFrames(Buffer.from(JSON.stringify(id)), payload)
    expect(messagesIn(bytes)).toEqual(texts.map((text) => ({ id, type: 'next', payload: JSON.parse(text) as string })))
  }
})

/** The messages of frames that are not masked. */
function messagesIn(bytes: Buffer): unknown[] {
  const messages: unknown[] = []
  for (let at = 0; at < bytes.length;) {
    expect(bytes[at]).toBe(0x81)
    const short = bytes[at + 1]!
    const [head, length] =
      short < 126 ? [2, short] : short === 126 ? [4, bytes.readUInt16BE(at + 2)] : [10, bytes.readUInt32BE(at + 6)]
    messages.push(JSON.parse(bytes.toString('utf8', at + head, at + head + length)))
    at += head + length
  }
  return messages
}

describe('a turn', () => {
  test('begins all events of a group that wait before those of the next, which are executed by other code', async () => {
    const [turns, begun] = [new Turns(), [] as string[]]
    const groups = ['one', 'two'].map((name) => {
      const execute = async ({ position }: FeedItem) => {
        begun.push(`${name} ${position}`)
        return new Payload(String(position))
      }
      const { group, member, tell } = withGroup(execute, turns)
      return { group, tell, given: member(0) }
    })
    for (const position of [1, 2, 3]) for (const { tell } of groups) tell(position)
    expect(begun).toEqual([])
    await Promise.all(groups.map(({ group }) => group.settle()))
    expect(begun).toEqual(['one 1', 'one 2', 'one 3', 'two 1', 'two 2', 'two 3'])
    expect(groups.map(({ given }) => given)).toEqual([[['1', '2', '3']], [['1', '2', '3']]])
  })

  test('begins no more of a group than may run at once, and the rest as those end, all in order', async () => {
    const [begun, ends] = [[] as number[], [] as (() => void)[]]
    const { group, member, tell } = withGroup(async ({ position }) => {
      begun.push(position)
      await new Promise<void>((resolve) => ends.push(resolve))
      return new Payload(String(position))
    })
    const given = member(0)
    const all = Array.from({ length: 20 }, (_, index) => index + 1)
    all.forEach(tell)
    while (begun.length < 8) await delay(0)
    for (let turns = 0; turns < 5; turns += 1) await delay(0)
    expect(begun).toEqual(all.slice(0, 8))
    // The later ones end first.
    while (ends.length > 0) {
      for (const end of ends.splice(0).reverse()) end()
      for (let turns = 0; turns < 5; turns += 1) await delay(0)
    }
    await group.settle()
    expect([begun, given.flat()]).toEqual([all, all.map(String)])
  })

  test('is over after a little, in order, and what waits keeps nobody from beginning', async () => {
    const turns = new Turns()
    const begun: number[] = []
    const all = Array.from({ length: 200 }, (_, index) => index)
    for (const index of all) turns.join(() => begun.push(index) && 1)
    const seen: number[] = []
    while (begun.length < all.length) {
      await new Promise((resolve) => setImmediate(resolve))
      seen.push(begun.length)
    }
    expect(seen.length).toBeGreaterThan(5)
    expect(begun).toEqual(all)
  })
})
