import { expect, test } from '@jest/globals'

import type { Context } from '../../src/graphql/context.js'
import { feedOf, type FeedItem } from '../../src/graphql/feed.js'
import { ACCOUNTS } from '../../src/live/account-changes.js'
import { Tail } from '../../src/live/tail.js'
import { memoryStore } from '../../src/store/memory.js'
import { schema } from './ask.js'

test('an account that changes while the present states are told is told again', async () => {
  const log = memoryStore()
  const fail = (error: unknown) => {
    throw error
  }
  const tail = new Tail({ log, onTrouble: fail, onDefect: fail })
  const context = {
    viewer: { workspace: 'default' },
    loaders: { accounts: new Map(['izmir', 'praha'].map((key) => [key, { account: { key } }])) },
    liveCalls: { live: { tail, account: (key: string) => (key === 'gone' ? null : { key }) } },
  } as unknown as Context
  const change = (account: string, workspace = 'default', revision = 0) =>
    log.appendEvents({
      ...{ topic: ACCOUNTS, stream: account, workspace, account, from: revision, state: '{}', isOpen: false },
      ...{ events: ['{}'], at: 0 },
    })
  const { open } = feedOf(schema.getSubscriptionType()!.getFields()['accountHealthChanged']!)!
  const { feed } = await open({}, context)
  const unfollow = await feed.follow()
  const first = await feed.first!()
  expect(first.map(({ value }) => value)).toEqual([{ accountKey: 'izmir' }, { accountKey: 'praha' }])
  await change('izmir')
  await change('elsewhere', 'other')
  await change('gone')
  await tail.catchUp()
  const told: FeedItem[] = []
  for await (const item of feed.read(first[0]!.position, feed.position)) told.push(item)
  expect(told).toEqual([{ position: 1, value: { accountKey: 'izmir' } }])
  const heard: FeedItem[] = []
  const end = feed.listen((item) => heard.push(item))
  await change('izmir', 'default', 1)
  await tail.catchUp()
  expect(heard).toEqual([{ position: 4, value: { accountKey: 'izmir' } }])
  end()
  unfollow()
})
