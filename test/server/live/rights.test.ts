import { describe, expect, test } from '@jest/globals'

import { memoryStore } from '../../../src/store/memory.js'
import { followCalls } from './followed-calls.js'
import { EVENTS, NOW, type Event, type Now } from './questions.js'

describe('a caller bound to an extension', () => {
  const BOUND = { authorization: 'Bearer a-key-of-the-person-at-one-line-01' }

  test('has the calls of that extension alone: those of now, events, and what is found by id', async () => {
    const [mine, other] = ['1001', '1002']
    const apiKeys = [
      { name: 'board', key: 'a-key-of-the-switchboard-screen-01', scopes: ['telephony:read', 'accounts:manage'] },
      {
        ...{ name: 'person', key: 'a-key-of-the-person-at-one-line-01' },
        ...{ scopes: ['telephony:read:own'], extension: `izmir/${mine}` },
      },
    ]
    const bound = await followCalls({ callers: { apiKeys } })
    try {
      const all = { authorization: 'Bearer a-key-of-the-switchboard-screen-01' }
      const address = bound.server.webhookUrl('izmir')!
      const post = (uuid: string, event_type: string, destination?: number) =>
        bound.deliver(address, {
          ...{ event_type, uuid, caller: '905321112233', callee: '902320000041', direction: 'IN' },
          ...{ timestamp: Date.now() * 1000, ...(destination !== undefined && { destination }) },
        })
      const [theirs, own] = ['11111111-2222-4333-8444-555555555511', '11111111-2222-4333-8444-555555555512']
      const { cursor } = (await bound.ask<Now>(NOW, {}, BOUND)).data.liveCalls
      await post(theirs!, 'call_init')
      await post(theirs!, 'call_init_extension', Number(other))
      await post(own!, 'call_init')
      await post(own!, 'call_init_extension', Number(mine))
      const events = bound.subscribe(EVENTS, { resumeAfter: cursor }, BOUND)
      const [event] = await events.next<Event>(1)
      expect(event!.data.callEvents).toMatchObject({ type: 'RINGING', call: { state: 'RINGING' } })
      await events.end()
      const seen = (await bound.ask<Now>(NOW, {}, BOUND)).data.liveCalls.nodes
      expect(seen.map(({ providerCallId }) => providerCallId)).toEqual([own])
      const { nodes } = (await bound.ask<Now>(NOW, {}, all)).data.liveCalls
      expect(nodes).toHaveLength(2)
      const found = await bound.ask<{ data: { nodes: ({ id: string } | null)[] } }>(
        'query ($ids: [ID!]!) { nodes(ids: $ids) { id } }',
        { ids: nodes.map(({ id }) => id) },
        BOUND,
      )
      expect(found.data.nodes.filter((one) => one !== null)).toEqual(seen.map(({ id }) => ({ id })))
    } finally {
      await bound.close()
    }
  }, 60_000)

  test('cannot follow the logins of accounts', async () => {
    const apiKeys = [
      {
        ...{ name: 'person', key: 'a-key-of-the-person-at-one-line-01' },
        ...{ scopes: ['telephony:read:own'], extension: 'izmir/1001' },
      },
    ]
    const bound = await followCalls({ callers: { apiKeys } })
    try {
      const events = bound.subscribe('subscription { accountHealthChanged { key } }', {}, BOUND)
      const [result] = await events.next<Event>(1)
      expect(result!.errors?.map(({ extensions }) => extensions['code'])).toEqual(['FORBIDDEN'])
    } finally {
      await bound.close()
    }
  }, 60_000)
})

describe('workspaces are walls', () => {
  const keyOf = (workspace: string) => `a-key-of-the-workspace-${workspace}-01`
  const as = (workspace: string) => ({ authorization: `Bearer ${keyOf(workspace)}` })
  const apiKeys = ['default', 'other'].map((workspace) => ({
    ...{ name: workspace, key: keyOf(workspace), workspace, scopes: ['telephony:read'] },
  }))
  const FOUND = 'query ($ids: [ID!]!) { nodes(ids: $ids) { id } }'
  const started = (uuid: string) => ({
    ...{ event_type: 'call_init', uuid, caller: '905321112233', callee: '902320000041', direction: 'IN' },
    timestamp: Date.now() * 1000,
  })

  test('to events, to the calls of now, and to what is found by id', async () => {
    const walled = await followCalls({ callers: { apiKeys } })
    try {
      const { cursor } = (await walled.ask<Now>(NOW, {}, as('default'))).data.liveCalls
      const theirs = (await walled.ask<Now>(NOW, {}, as('other'))).data.liveCalls
      const foreign = walled.subscribe(EVENTS, { resumeAfter: theirs.cursor }, as('other'))
      const first = foreign.next<Event>(1)
      await walled.deliver(walled.server.webhookUrl('izmir')!, started('11111111-2222-4333-8444-555555555521'))
      const own = walled.subscribe(EVENTS, { resumeAfter: cursor }, as('default'))
      const [event] = await own.next<Event>(1)
      expect(event!.data.callEvents).toMatchObject({ type: 'STARTED' })
      // Whatever was told to the other workspace would have been told by now, and ends it.
      await own.end()
      await foreign.end()
      expect(await first).toEqual([])
      expect(theirs.sources).toEqual([])
      expect((await walled.ask<Now>(NOW, {}, as('other'))).data.liveCalls.nodes).toEqual([])
      const ids = [event!.data.callEvents!.id, event!.data.callEvents!.call.id]
      expect(await walled.ask(FOUND, { ids }, as('other'))).toEqual({ data: { nodes: [null, null] } })
      expect(await walled.ask(FOUND, { ids }, as('default'))).toEqual({ data: { nodes: ids.map((id) => ({ id })) } })
      const crossed = walled.subscribe(EVENTS, { resumeAfter: cursor }, as('other'))
      const [refused] = await crossed.next<Event>(1)
      expect(refused!.errors?.map(({ extensions }) => extensions['code'])).toEqual(['CURSOR_INVALID'])
    } finally {
      await walled.close()
    }
  }, 60_000)

  test('to what an account of this key has had when it belonged to another workspace', async () => {
    const store = memoryStore()
    const before = await followCalls({ store, callers: { apiKeys } })
    const { cursor } = (await before.ask<Now>(NOW, {}, as('default'))).data.liveCalls
    await before.deliver(before.server.webhookUrl('izmir')!, started('11111111-2222-4333-8444-555555555531'))
    const own = before.subscribe(EVENTS, { resumeAfter: cursor }, as('default'))
    const [event] = await own.next<Event>(1)
    await own.end()
    await before.close()
    const after = await followCalls({ store, workspace: 'other', callers: { apiKeys } })
    try {
      const { nodes } = (await after.ask<Now>(NOW, {}, as('other'))).data.liveCalls
      expect(nodes).toEqual([])
      const ids = [event!.data.callEvents!.id, event!.data.callEvents!.call.id]
      expect(await after.ask(FOUND, { ids }, as('other'))).toEqual({ data: { nodes: [null, null] } })
      expect(await after.ask(FOUND, { ids }, as('default'))).toEqual({ data: { nodes: [null, null] } })
    } finally {
      await after.close()
    }
  }, 60_000)
})
