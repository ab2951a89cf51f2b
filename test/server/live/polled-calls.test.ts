import { expect, test } from '@jest/globals'

import { followCalls } from './followed-calls.js'
import { EVENTS, NOW, type Event, type Now } from './questions.js'

test('the calls of a provider that only lists them are told as they change, and end once they are missing twice', async () => {
  const polled = await followCalls({ provider: 'ipex', live: { pollSeconds: 1 } })
  const { journal, live } = polled.sandbox.emulators.get('ipex')!
  try {
    const first = (await polled.ask<Now>(NOW)).data.liveCalls
    expect(first.sources).toEqual([{ account: { key: 'izmir' }, state: 'COMPLETE', message: null }])
    const looks = () => journal.entries.filter(({ path }) => path.endsWith('/calls/current')).length
    const lookedAt = looks()
    expect(lookedAt).toBe(1)
    const events = polled.subscribe(EVENTS, { resumeAfter: first.cursor })
    const call = await live!.call()
    await call.ring()
    const [started, ringing] = await events.next<Event>(2)
    await call.answer()
    const [answered] = await events.next<Event>(1)
    await call.hangUp()
    const [ended] = await events.next<Event>(1)
    expect(
      [started, ringing, answered, ended].map((event) => {
        const { type, inferred, call: after } = event!.data.callEvents!
        return [type, after.state, inferred]
      }),
    ).toEqual([
      ['STARTED', 'RINGING', false],
      ['RINGING', 'RINGING', false],
      ['ANSWERED', 'ANSWERED', false],
      ['ENDED', 'ENDED', true],
    ])
    await events.end()
    expect((await polled.ask<Now>(NOW)).data.liveCalls.nodes).toEqual([])
  } finally {
    await polled.close()
  }
}, 60_000)
