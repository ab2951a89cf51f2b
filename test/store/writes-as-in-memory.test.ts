import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'

import { memoryStore } from '../../src/store/memory.js'
import { openDialect } from '../../src/store/open-store.js'
import type { WriteStore } from '../../src/store/write-store.js'
import { postgresUnavailable } from '../support/postgres.js'
import { cases } from '../support/proof.js'
import { eventStores } from './event-stores.js'
import { uuid, writtenChange } from './written-change.js'

const stores = eventStores()
if (postgresUnavailable) console.warn(`skipped: ${postgresUnavailable}`)

/** One call of the store; `name` is only shown. */
interface Step {
  readonly name: string
  readonly run: (store: WriteStore) => Promise<unknown>
}

const REQUESTS = ['a', 'b']
const CHANGES = [1, 2, 3].map(uuid)
const [request, owner, change] = [
  fc.constantFrom(...REQUESTS),
  fc.constantFrom('one', 'two'),
  fc.constantFrom(...CHANGES),
]
const outcome = fc.constantFrom('DONE' as const, 'REFUSED' as const, 'UNKNOWN' as const)
const time = fc.integer({ min: 0, max: 6 })
const refused = () => 'refused'

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.tuple(request, owner, time, time).map(([id, owner, expiresAt, now]) => ({
    name: `claim ${id} for ${owner} until ${expiresAt} at ${now}`,
    run: (store: WriteStore) => store.claimWrite({ id, owner, input: `of ${owner}`, expiresAt }, now),
  })),
  fc.tuple(request, owner, owner).map(([id, from, to]) => ({
    name: `take ${id} over from ${from} to ${to}`,
    run: (store: WriteStore) => store.takeOverWrite(id, from, to),
  })),
  fc.tuple(request, owner).map(([id, owner]) => ({
    name: `drop ${id} of ${owner}`,
    run: (store: WriteStore) => store.dropWrite(id, owner),
  })),
  fc.tuple(change, fc.option(fc.record({ id: request, owner })), time).map(([id, of, at]) => ({
    name: `begin ${id} at ${at} for ${JSON.stringify(of)}`,
    run: (store: WriteStore) => store.beginChange(writtenChange({ id, at }), of).catch(refused),
  })),
  fc
    .tuple(change, outcome, fc.option(fc.record({ request, answer: fc.json({ maxDepth: 1 }) })))
    .map(([id, outcome, answer]) => ({
      name: `end ${id} as ${outcome} with ${JSON.stringify(answer)}`,
      run: (store: WriteStore) =>
        store.endChange(id, { outcome, code: outcome === 'DONE' ? null : 'INVALID', targetId: null }, answer),
    })),
  fc.tuple(time, time).map(([before, now]) => ({
    name: `forget before ${before} at ${now}`,
    run: (store: WriteStore) => store.forgetChanges(before, now),
  })),
)

/** What a store answers to a step, and all that can be read of it afterwards. */
async function told(store: WriteStore, { run }: Step): Promise<unknown> {
  const answer = await run(store)
  const of = { workspace: 'default', accounts: ['izmir'] }
  const before = { at: 3, id: uuid(2) }
  return {
    // One that is refused for its id may be refused for its request first.
    answer: answer === 'refused' ? false : answer,
    requests: await Promise.all(REQUESTS.map((id) => store.writeRequest(id))),
    changes: [
      await store.changes({ ...of, before: null, atMost: 9 }),
      await store.changes({ ...of, before, atMost: 1 }),
    ],
    each: await Promise.all(CHANGES.map((id) => store.change(id))),
    count: await store.countChanges(of),
  }
}

describe.each(['sqlite', 'postgres'] as const)(
  'whatever is claimed, sent, ended and forgotten, the %s store',
  (name) => {
    const it = name === 'postgres' && postgresUnavailable ? test.skip : test

    it('answers as the one in memory does', async () => {
      const url = await stores.url(name)
      const store = await stores.open(url)
      const { db } = await openDialect(url)
      stores.later(() => db.destroy())
      await fc.assert(
        fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 20 }), async (steps) => {
          for (const table of ['changes', 'write_requests'] as const) await db.deleteFrom(table).execute()
          const defined = memoryStore()
          for (const one of steps) expect(await told(store, one)).toEqual(await told(defined, one))
        }),
        { numRuns: cases(60) },
      )
    }, 120_000)
  },
)
