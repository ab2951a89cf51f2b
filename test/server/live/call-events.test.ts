import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'

import { memoryStore } from '../../../src/store/memory.js'
import { followCalls } from './followed-calls.js'
import { EVENTS, NOW, type Event, type Now } from './questions.js'

let calls: Awaited<ReturnType<typeof followCalls>>
let url: string
let number = 0

beforeAll(async () => {
  calls = await followCalls()
  const { data } = await calls.ask<{ data: { account: { webhook: { url: string }; capabilities: unknown } } }>(
    '{ account(key: "izmir") { webhook { url } capabilities(resource: LIVE_CALL) { operation support } } }',
  )
  url = data.account.webhook.url
  expect(data.account.capabilities).toEqual([
    { operation: 'SUBSCRIBE', support: 'NATIVE' },
    { operation: 'LIST', support: 'EMULATED' },
    { operation: 'ORIGINATE', support: 'NATIVE' },
    { operation: 'UPDATE', support: 'UNSUPPORTED' },
    { operation: 'DELETE', support: 'UNSUPPORTED' },
  ])
}, 60_000)
afterAll(() => calls.close())

/** What Bulutfon posts of a call, one after the other. */
function bulutfonCall() {
  const uuid = `11111111-2222-4333-8444-${String((number += 1)).padStart(12, '0')}`
  let second = 0
  const post = (event_type: string, more: object = {}) =>
    calls.deliver(url, {
      event_type,
      caller: '905321112233',
      callee: '902320000041',
      uuid,
      direction: 'IN',
      timestamp: (Date.now() + (second += 1) * 1000) * 1000,
      ...more,
    })
  return { uuid, post }
}

const shown = ({ data }: Event) => [data.callEvents!.type, data.callEvents!.call.state, data.callEvents!.live]

describe('a screen', () => {
  test('sees the calls of now, and then each event once, as it happens', async () => {
    const call = bulutfonCall()
    await call.post('call_init')
    const { data } = await calls.ask<Now>(NOW)
    expect(data.liveCalls.nodes.map(({ providerCallId, state }) => [providerCallId, state])).toEqual([
      [call.uuid, 'RINGING'],
    ])
    expect(data.liveCalls.sources).toEqual([{ account: { key: 'izmir' }, state: 'COMPLETE', message: null }])
    const events = calls.subscribe(EVENTS, { resumeAfter: data.liveCalls.cursor })
    await call.post('call_init_extension', { destination: 11 })
    await call.post('incoming_call_extension', { destination: 11 })
    await call.post('call_hangup', { talk_duration: 1, result_disposition: 'SUCCESS' })
    const told = await events.next<Event>(3)
    expect(
      told.map(({ data: { callEvents } }) => [callEvents!.type, callEvents!.call.state, callEvents!.inferred]),
    ).toEqual([
      ['RINGING', 'RINGING', false],
      ['ANSWERED', 'ANSWERED', true],
      ['ENDED', 'ENDED', false],
    ])
    await events.end()
    expect((await calls.ask<Now>(NOW)).data.liveCalls.nodes).toEqual([])
  })

  test('that was away is told what it has missed, and goes on with what comes', async () => {
    const { cursor } = (await calls.ask<Now>(NOW)).data.liveCalls
    const call = bulutfonCall()
    await call.post('call_init')
    await call.post('call_init_group', { destination: 101 })
    const events = calls.subscribe(EVENTS, { resumeAfter: cursor })
    const missed = await events.next<Event>(2)
    expect(missed.map(shown)).toEqual([
      ['STARTED', 'RINGING', false],
      ['ENTERED_GROUP', 'QUEUED', false],
    ])
    await call.post('missing_call')
    expect((await events.next<Event>(1)).map(shown)).toEqual([['MISSED', 'QUEUED', true]])
    await events.end()
    const again = calls.subscribe(EVENTS, { resumeAfter: missed[1]!.data.callEvents!.cursor })
    expect((await again.next<Event>(1)).map(shown)).toEqual([['MISSED', 'QUEUED', false]])
    await again.end()
  })

  test('finds a call and an event again by their ids', async () => {
    const { cursor } = (await calls.ask<Now>(NOW)).data.liveCalls
    const call = bulutfonCall()
    await call.post('call_init')
    const events = calls.subscribe(EVENTS, { resumeAfter: cursor })
    const [event] = await events.next<Event>(1)
    await events.end()
    const { id, call: its } = event!.data.callEvents!
    const found = await calls.ask<{ data: { nodes: unknown[] } }>(
      '($ids: [ID!]!) { nodes(ids: $ids) { __typename id } }'.replace(/^/, 'query '),
      { ids: [id, its.id] },
    )
    expect(found.data.nodes).toEqual([
      { __typename: 'CallEvent', id },
      { __typename: 'LiveCall', id: its.id },
    ])
  })

  test('with a filter by extensions sees the calls that have rung there', async () => {
    const { data } = await calls.ask<{
      data: { account: { extensions: { nodes: { id: string; number: string }[] } } }
    }>('{ account(key: "izmir") { extensions(first: 5) { nodes { id number } } } }')
    const [mine, other] = data.account.extensions.nodes
    const { cursor } = (await calls.ask<Now>(NOW)).data.liveCalls
    const [one, two] = [bulutfonCall(), bulutfonCall()]
    await one.post('call_init')
    await one.post('call_init_extension', { destination: Number(other!.number) })
    await two.post('call_init')
    await two.post('call_init_extension', { destination: Number(mine!.number) })
    const events = calls.subscribe(EVENTS, { resumeAfter: cursor, extensionIds: [mine!.id] })
    const [event] = await events.next<Event>(1)
    expect(event!.data.callEvents).toMatchObject({
      type: 'RINGING',
      call: { currentTarget: { displayNumber: mine!.number } },
    })
    await events.end()
  })

  test('that was away for too long is told so, and finds neither call nor event any more', async () => {
    const store = memoryStore()
    const short = await followCalls({ store })
    const { cursor } = (await short.ask<Now>(NOW)).data.liveCalls
    const address = short.server.webhookUrl('izmir')!
    const uuid = '11111111-2222-4333-8444-555555555541'
    for (const event_type of ['call_init', 'call_hangup'])
      await short.deliver(address, { event_type, uuid, direction: 'IN', timestamp: Date.now() * 1000 })
    const events = short.subscribe(EVENTS, { resumeAfter: cursor })
    const [event] = await events.next<Event>(1)
    await events.end()
    const [stream] = (await store.openStreams('calls')).streams
    if (stream)
      await store.appendEvents({ ...stream, from: stream.revision, isOpen: false, events: [], at: Date.now() })
    await store.forgetEvents(Date.now() + 60_000)
    const late = short.subscribe(EVENTS, { resumeAfter: cursor })
    const [refused] = await late.next<Event>(1)
    expect(refused!.errors![0]!.extensions).toMatchObject({ code: 'CURSOR_INVALID', reason: 'EXPIRED' })
    const ids = [event!.data.callEvents!.id, event!.data.callEvents!.call.id]
    const found = await short.ask('query ($ids: [ID!]!) { nodes(ids: $ids) { id } }', { ids })
    expect(found).toEqual({ data: { nodes: [null, null] } })
    await short.close()
  })

  test('with a cursor that is none of ours, or with an empty one, is told so', async () => {
    for (const resumeAfter of ['', 'bm9uZQ']) {
      const events = calls.subscribe(EVENTS, { resumeAfter })
      const [result] = await events.next<Event>(1)
      expect(result!.errors).toMatchObject([
        { message: expect.stringContaining('Ask `liveCalls`'), extensions: { code: 'CURSOR_INVALID' } },
      ])
    }
  })
})

describe('accountHealthChanged', () => {
  test('tells the present state of each account first', async () => {
    const states = calls.subscribe(
      'subscription { accountHealthChanged { key authorization { status } health { circuit } } }',
    )
    expect(await states.next(1)).toEqual([
      {
        data: {
          accountHealthChanged: { key: 'izmir', authorization: { status: 'ACTIVE' }, health: { circuit: 'CLOSED' } },
        },
      },
    ])
    await states.end()
  })
})
