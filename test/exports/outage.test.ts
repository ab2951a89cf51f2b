import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'

import { memoryStore } from '../../src/store/memory.js'
import type { Store } from '../../src/store/store.js'
import { fill } from '../archive/filled.js'
import { linesIn } from './exporting.js'
import { accountOf, ask, FROM, KEY, longCalls, made, making, NOW } from './making.js'

const CALLS = longCalls(250)
const COVERED = [{ from: FROM, until: '2100-01-01T00:00:00.000Z' }]

/** What is read and written for a file; leases are another test's. */
const USED = ['changeExport', 'archivedCalls', 'eventStream', 'exportChunk', 'storedExport'] as const
type Used = (typeof USED)[number]
interface Outage {
  readonly method: Used
  /** Calls of the method before it. */
  readonly after: number
  readonly times: number
  /** Whether what was asked for happens, and only the answer is lost. */
  readonly hasEffect: boolean
}

function failing(inner: Store, outages: readonly Outage[]): Store {
  const calls = new Map<string, number>()
  const wrapped = USED.map((name) => [
    name,
    async (...given: never[]): Promise<unknown> => {
      const before = calls.get(name) ?? 0
      calls.set(name, before + 1)
      const outage = outages.find(
        ({ method, after, times }) => method === name && before >= after && before < after + times,
      )
      const work = () => (inner[name] as (...all: never[]) => Promise<unknown>)(...given)
      if (!outage) return work()
      if (outage.hasEffect) await work()
      throw new Error('Connection terminated unexpectedly')
    },
  ])
  return { ...inner, ...(Object.fromEntries(wrapped) as Partial<Store>) }
}

async function filledStore(): Promise<Store> {
  const store = memoryStore(() => 0)
  await fill(store, { key: KEY, calls: CALLS, covered: COVERED, syncedAt: new Date(NOW).toISOString() })
  return store
}

/** The export of a replica that is woken again after each trouble. */
async function exportOver(store: Store, outages: readonly Outage[]) {
  const id = await ask(store)
  const troubles: unknown[] = []
  const { exports, ended } = making(failing(store, outages), [accountOf()], {
    onTrouble(error) {
      troubles.push(error)
      setImmediate(() => exports.wake())
    },
  })
  const end = ended()
  exports.open()
  await end
  await exports.close()
  return { ...(await made(store, id)), troubles }
}

describe('an export whose store is away for a while', () => {
  test('goes on where it was: each call is there once, whatever was lost', async () => {
    const whole = await exportOver(await filledStore(), [])
    expect(linesIn(whole.bytes).map((line) => line['id'])).toEqual(CALLS.map(({ id }) => id))
    const outage = fc.record({
      method: fc.constantFrom(...USED),
      after: fc.nat(8),
      times: fc.integer({ min: 1, max: 2 }),
      hasEffect: fc.boolean(),
    })
    await fc.assert(
      fc.asyncProperty(fc.uniqueArray(outage, { selector: ({ method }) => method, maxLength: 2 }), async (outages) => {
        const { bytes, status, sha256, records } = await exportOver(await filledStore(), outages)
        expect({ status, sha256, records }).toEqual({
          status: 'COMPLETED',
          sha256: whole.sha256,
          records: CALLS.length,
        })
        expect(bytes.equals(whole.bytes)).toBe(true)
      }),
      { numRuns: 8 },
    )
  }, 60_000)

  test('is given up where it comes no further five times, and says that it is our fault', async () => {
    const store = await filledStore()
    const outage: Outage = { method: 'archivedCalls', after: 0, times: Infinity, hasEffect: false }
    const { status, error, troubles } = await exportOver(store, [outage])
    expect([status, error, troubles.length]).toEqual(['FAILED', 'INTERNAL_SERVER_ERROR', 5])
  })

  test('does not hold on to the turn of its workspace when it could not begin', async () => {
    const inner = await filledStore()
    let failures = 2
    const store: Store = {
      ...inner,
      async lease(key, ...given) {
        if (/^export [0-9a-f]/.test(key) && failures-- > 0) throw new Error('Connection terminated unexpectedly')
        return inner.lease(key, ...given)
      },
    }
    const id = await ask(inner)
    const { exports, ended } = making(store, [accountOf()], {
      limits: { running: 1, kept: 20, keptHours: 24, bytes: 1e9 },
      onTrouble: () => void setImmediate(() => exports.wake()),
    })
    const end = ended()
    exports.open()
    await end
    await exports.close()
    expect((await made(inner, id)).status).toBe('COMPLETED')
  })
})
