import { expect, test } from '@jest/globals'
import fc, { type Scheduler } from 'fast-check'

import { memoryStore } from '../../src/store/memory.js'
import type { Store } from '../../src/store/store.js'
import { AnsweredWrites, type KeyedRun } from '../../src/writes/answered-writes.js'
import { Turns } from '../../src/writes/turns.js'
import { writtenChange } from '../store/written-change.js'
import { cases } from '../support/proof.js'

const KEYED = { workspace: 'default', caller: 'one', operation: 'extensionUpdate', idempotencyKey: 'key' }
/** What a process does that is killed: nothing more. */
const KILLED = new Promise<never>(() => {})

/** Longer than any lease. */
const LEASES_MS = 60_000

type Step = 'lease' | 'claimWrite' | 'beginChange' | 'endChange'

/** Every call of the store is one that the scheduler may put off; at its step the process is killed. */
function putOff(scheduler: Scheduler, inner: Store, killedAt: Step | null): Store {
  const put =
    <A extends unknown[], R>(name: string, method: (...given: A) => Promise<R>) =>
    async (...given: A): Promise<R> => {
      await scheduler.schedule(Promise.resolve(), name)
      const result = await method(...given)
      return name === killedAt ? KILLED : result
    }
  const { lease, release, prolong, claimWrite, writeRequest, takeOverWrite, dropWrite, beginChange, endChange } = inner
  const methods = {
    lease,
    release,
    prolong,
    claimWrite,
    writeRequest,
    takeOverWrite,
    dropWrite,
    beginChange,
    endChange,
  }
  const entries = Object.entries(methods).map(([name, method]) => [name, put(name, method as never)])
  return { ...inner, ...(Object.fromEntries(entries) as Partial<Store>) }
}

interface Plan {
  /** Where each process is killed; null: nowhere. */
  readonly processes: readonly (Step | null)[]
  /** Leases are lost while their holders go on. */
  readonly losesLeases: boolean
}

/** What was sent, and what each process that lived was told. */
async function runAll(scheduler: Scheduler, { processes, losesLeases }: Plan) {
  let now = 0
  const inner = memoryStore(() => now)
  let sent = 0
  let changes = 0
  const told: (string | null)[] = []
  const begin = async (store: Store, run: KeyedRun): Promise<string> => {
    const id = `change ${++changes}`
    if (!(await store.beginChange(writtenChange({ id }), run))) return 'stood still'
    sent += 1
    const answer = `answer of send ${sent}`
    await store.endChange(id, { outcome: 'DONE', code: null, targetId: null }, { request: run.id, answer })
    return answer
  }
  const settle = async (store: Store, run: KeyedRun, id: string): Promise<string> => {
    const answer = 'settled'
    await store.endChange(
      id,
      { outcome: 'UNKNOWN', code: 'OUTCOME_UNKNOWN', targetId: null },
      { request: run.id, answer },
    )
    return answer
  }
  const ask = async (store: Store): Promise<string> => {
    const answered = await new AnsweredWrites(store, { now: () => 0 }).run(
      { ...KEYED, input: '{}' },
      new AbortController().signal,
      { begin: (run) => begin(store, run), settle: (run, id) => settle(store, run, id) },
    )
    if ('done' in answered) return answered.done
    return answered.kind === 'ANSWER' ? answered.answer : answered.kind
  }
  processes.forEach((killedAt, index) => {
    void ask(putOff(scheduler, inner, killedAt)).then((one) => (told[index] = one))
  })
  if (losesLeases) void scheduler.schedule(Promise.resolve(), 'leases end').then(() => (now += LEASES_MS))
  await scheduler.waitIdle()
  // Every lease has ended: who comes now is told how it is.
  now += LEASES_MS
  const last = [await ask(inner), await ask(inner)]
  return { sent, told: told.filter((one) => one != null && one !== 'stood still'), last }
}

const step = fc.constantFrom<Step | null>(null, null, 'lease', 'claimWrite', 'beginChange', 'endChange')

test('however several processes with one key are interleaved, killed or robbed of their leases, it is sent once', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.scheduler(),
      fc.record({ processes: fc.array(step, { minLength: 1, maxLength: 4 }), losesLeases: fc.boolean() }),
      async (scheduler, plan) => {
        const { sent, told, last } = await runAll(scheduler, plan)
        expect(sent).toBeLessThanOrEqual(1)
        // Whoever asks later is told one thing for ever.
        expect(last[1]).toBe(last[0])
        if (plan.processes.some((one) => one !== null)) return
        expect(sent).toBe(1)
        if (!plan.losesLeases) expect(new Set([...told, ...last]).size).toBe(1)
      },
    ),
    { numRuns: cases(400) },
  )
})

test('one at a time writes to an object, in whatever order several processes come', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.scheduler(),
      fc.array(fc.nat(1), { minLength: 2, maxLength: 5 }),
      async (scheduler, objects) => {
        const inner = memoryStore(() => 0)
        const atWork = new Map<number, number>()
        let most = 0
        const work = objects.map((object) =>
          new Turns(putOff(scheduler, inner, null)).take(`object ${object}`, new AbortController().signal, async () => {
            atWork.set(object, (atWork.get(object) ?? 0) + 1)
            most = Math.max(most, atWork.get(object)!)
            await scheduler.schedule(Promise.resolve(), 'work')
            atWork.set(object, atWork.get(object)! - 1)
          }),
        )
        const all = Promise.all(work)
        let isOver = false
        void all.then(() => (isOver = true))
        while (!isOver) {
          await scheduler.waitIdle()
          await new Promise((resolve) => setTimeout(resolve, 5))
        }
        expect((await all).every(Boolean)).toBe(true)
        expect(most).toBe(1)
      },
    ),
    { numRuns: cases(20) },
  )
})
