import { expect, test } from '@jest/globals'

import { followCalls } from './followed-calls.js'
import { NOW, type Now } from './questions.js'

const SELECTIONS = ['type call { id } callRecord { id disposition }', 'type callRecord { id startedAt disposition }']

interface Result {
  readonly data: {
    readonly callEvents: {
      readonly type: string
      readonly callRecord: { readonly id: string; readonly disposition: string } | null
    }
  }
}

/** What is told of a call, up to its record. */
async function untilRecorded(events: { next<T>(count: number): Promise<T[]> }) {
  const told: Result['data']['callEvents'][] = []
  while (told.at(-1)?.type !== 'RECORDED') {
    const [result] = await events.next<Result>(1)
    if (!result) break
    told.push(result.data.callEvents)
  }
  return told
}

test('the record of a call is told once it can be read, and read once for all who follow', async () => {
  const followed = await followCalls()
  const { journal, live } = followed.sandbox.emulators.get('bulutfon')!
  try {
    live!.deliverTo({ url: followed.server.webhookUrl('izmir')!, copies: 3, order: 'swapped' })
    const { cursor } = (await followed.ask<Now>(NOW)).data.liveCalls
    const crowd = Array.from({ length: 20 }, (_, index) =>
      followed.subscribe(
        `subscription ($after: String) { callEvents(resumeAfter: $after) { ${SELECTIONS[index % 2]} } }`,
        {
          after: cursor,
        },
      ),
    )
    journal.clear()
    const call = await live!.call()
    await call.ring()
    await call.answer()
    await call.hangUp()
    const told = await Promise.all(crowd.map(untilRecorded))
    const [first] = told
    for (const events of told) {
      expect(events.map(({ type }) => type)).toEqual(first!.map(({ type }) => type))
      expect(events.at(-1)!.callRecord).toMatchObject({ disposition: 'ANSWERED' })
    }
    expect(first!.map(({ type }) => type).sort()).toEqual(['ANSWERED', 'ENDED', 'RECORDED', 'RINGING', 'STARTED'])
    const asked = journal.entries.map(({ path }) => path)
    // With its end, when it might have been there, and when it was.
    expect(asked.filter((path) => path === `/cdrs/${call.id}`)).toHaveLength(2)
    expect(asked.filter((path) => path === '/cdrs').length).toBeLessThanOrEqual(4)
    const { id } = first!.at(-1)!.callRecord!
    const found = await followed.ask(
      `query ($id: ID!) { node(id: $id) { ... on CallRecord { providerResourceId } } }`,
      { id },
    )
    expect(found).toEqual({ data: { node: { providerResourceId: call.id } } })
    for (const events of crowd) await events.end()
  } finally {
    await followed.close()
  }
}, 60_000)
