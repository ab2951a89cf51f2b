import { setTimeout as delay } from 'node:timers/promises'

import { describe, expect, test } from '@jest/globals'

import type { Feed, FeedItem } from '../../../src/graphql/feed.js'
import { Group, type Member } from '../../../src/server/subscriptions/group.js'
import { Payload } from '../../../src/server/subscriptions/payload.js'
import { Rounds } from '../../../src/server/subscriptions/rounds.js'
import { Turns } from '../../../src/server/subscriptions/turns.js'
import { nextFrames } from '../../../src/server/subscriptions/websocket-frames.js'

/** A group, its feed, and members that note what they are given together. */
function withGroup(execute: (item: FeedItem) => Promise<Payload>) {
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
  const group = new Group({ feed, rounds: new Rounds(), execute, onEmpty() {} })
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

  test('takes what came while the last one was handed out, however often it came', async () => {
    const rounds = new Rounds()
    const handed: string[] = []
    const done = new Promise<void>((resolve) => {
      const second = () => {
        handed.push('second')
        resolve()
      }
      rounds.join(() => {
        handed.push('first')
        rounds.join(second)
        rounds.join(second)
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

describe('turns', () => {
  test('begin a little at a time, in order, and what waits keeps nobody from beginning', async () => {
    const turns = new Turns()
    const begun: number[] = []
    const never = new Promise<void>(() => {})
    const begin = (index: number) =>
      void turns.begin(() => {
        begun.push(index)
        return never
      })
    const all = Array.from({ length: 200 }, (_, index) => index)
    all.forEach(begin)
    expect(begun.length).toBeLessThan(100)
    while (begun.length < all.length) await delay(0)
    expect(begun).toEqual(all)
  })

  test('give what the work gives', async () => {
    const turns = new Turns()
    const given = await Promise.all(Array.from({ length: 100 }, (_, index) => turns.begin(async () => index)))
    expect(given).toEqual(given.map((_, index) => index))
  })
})
