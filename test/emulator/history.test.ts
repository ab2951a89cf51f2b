import { afterEach, describe, expect, test } from '@jest/globals'

import { HISTORY_KINDS, type HistoryKind } from '../../src/emulator/history/history-writer.js'
import { startHistory, type ProviderHistory, type ProviderHistoryOptions } from '../archive/history.js'

const PROVIDERS = ['bulutfon', 'ipex'] as const
const HOUR = 60 * 60 * 1000

let started: ProviderHistory[] = []
afterEach(async () => {
  await Promise.all(started.map(({ emulator }) => emulator.close()))
  started = []
})

async function start(
  provider: (typeof PROVIDERS)[number],
  options: Partial<ProviderHistoryOptions> = {},
): Promise<ProviderHistory> {
  const history = await startHistory(provider, { calls: 40, seed: 1, ...options })
  started.push(history)
  return history
}

const steps = (history: ProviderHistory, count: number) => Array.from({ length: count }, () => history.step())

describe.each(PROVIDERS)('the history of a call log of %s', (provider) => {
  test('is the same for the same seed, and another for another', async () => {
    const [first, same, other] = [
      await start(provider, { seed: 7 }),
      await start(provider, { seed: 7 }),
      await start(provider, { seed: 8 }),
    ]
    expect(first.calls()).toHaveLength(40)
    expect(same.calls()).toEqual(first.calls())
    const told = steps(first, 60)
    expect(steps(same, 60)).toEqual(told)
    expect(same.calls()).toEqual(first.calls())
    expect(steps(other, 60)).not.toEqual(told)
  })

  test('has every kind of step, and none that the provider does not know', async () => {
    const history = await start(provider)
    const kinds = new Set(steps(history, 400).map(({ kind }) => kind))
    const known = HISTORY_KINDS.filter((kind) => provider === 'ipex' || kind !== 'extended')
    expect([...kinds].toSorted()).toEqual(known.toSorted())
  })

  test('has calls that ended by now, each once, earliest first', async () => {
    const history = await start(provider)
    for (let step = 0; step < 200; step += 1) {
      history.step()
      const calls = history.calls()
      expect(calls.filter(({ story }) => story.endedAt > history.now())).toEqual([])
      expect(new Set(calls.map(({ id }) => id)).size).toBe(calls.length)
      const times = calls.map(({ story }) => story.startedAt)
      expect(times).toEqual(times.toSorted((a, b) => a - b))
    }
  })

  test('does what each kind of step says', async () => {
    const history = await start(provider)
    const after = (kind: HistoryKind) => {
      const before = history.calls()
      const at = history.now()
      const step = history.step(kind)
      const now = history.calls()
      const isIn = (calls: typeof now) => (id: string) => calls.some((call) => call.id === id)
      const changed = before.filter((call) => {
        const same = now.find(({ id }) => id === call.id)
        return same && JSON.stringify(same) !== JSON.stringify(call)
      })
      return {
        step,
        newest: Math.max(...before.map(({ story }) => story.endedAt)),
        added: now.filter(({ id }) => !isIn(before)(id)),
        gone: before.map(({ id }) => id).filter((id) => !isIn(now)(id)),
        changed: changed.map(({ id }) => id),
        passed: history.now() - at,
      }
    }
    for (const kind of ['new', 'late', 'burst'] as const) {
      const { step, added, gone, changed } = after(kind)
      expect({ gone, changed }).toEqual({ gone: [], changed: [] })
      expect(step.ids.toSorted()).toEqual(added.map(({ id }) => id).toSorted())
      expect(added.length > 1).toBe(kind === 'burst')
    }
    const fresh = after('new')
    expect(fresh.added[0]!.story.endedAt).toBe(Math.floor(fresh.step.at / 1000) * 1000)
    const late = after('late')
    expect(late.added[0]!.story.endedAt).toBeLessThan(late.newest)
    expect(late.added[0]!.story.endedAt).toBeLessThanOrEqual(history.now() - 60_000)
    expect(after('changed')).toMatchObject({ added: [], gone: [] })
    for (let again = 0; again < 30; again += 1) {
      const { step, changed } = after('changed')
      expect(changed).toEqual(step.ids)
    }
    const deleted = after('deleted')
    expect(deleted).toMatchObject({ added: [], changed: [], gone: deleted.step.ids })
    expect(deleted.gone).toHaveLength(1)
    const oldest = history.calls().map(({ id }) => id)
    const purged = after('purged')
    expect(purged.gone.length).toBeGreaterThan(1)
    expect(purged.gone).toEqual(oldest.slice(0, purged.gone.length))
    const gap = after('gap')
    expect(gap).toMatchObject({ added: [], changed: [], gone: [] })
    expect(gap.passed).toBeGreaterThanOrEqual(HOUR)
  })

  test('may reach back no further than it is told to', async () => {
    const history = await start(provider, { reachMs: 6 * HOUR })
    const begun = history.now()
    const oldest = history.calls()[0]!.story
    expect(oldest.startedAt).toBeGreaterThan(begun - 6 * HOUR)
    let touched = 0
    for (let step = 0; step < 100; step += 1) {
      const before = new Map(history.calls().map((call) => [call.id, call.story]))
      const { kind, ids, at } = history.step()
      if (kind === 'purged') continue
      for (const id of ids) {
        const story = before.get(id) ?? history.calls().find((call) => call.id === id)!.story
        expect(story.startedAt).toBeGreaterThan(at - 6 * HOUR)
        touched += 1
      }
    }
    expect(touched).toBeGreaterThan(50)
  })

  test('is forgotten when the emulator is reset', async () => {
    const history = await start(provider)
    const { emulator } = history
    emulator.reset()
    const told = emulator.history!.calls()
    emulator.history!.remove(told.slice(0, 3).map(({ id }) => id))
    emulator.history!.change(told[5]!.id, { endedAt: told[5]!.story.endedAt + 1000 })
    emulator.history!.add({ ...told[7]!.story, startedAt: told[7]!.story.startedAt - HOUR })
    expect(emulator.history!.calls()).not.toEqual(told)
    emulator.reset()
    expect(emulator.history!.calls()).toEqual(told)
  })

  test('refuses to change a call that is not there', async () => {
    const history = await start(provider)
    const { change, extend } = history.emulator.history!
    expect(() => change('nobody', { price: 1 })).toThrow(RangeError)
    expect(() => extend('nobody', { kind: 'survey', seconds: 3 })).toThrow(RangeError)
  })
})

test('a call of IPEX gets further rows, and keeps those it had', async () => {
  const history = await start('ipex')
  for (let again = 0; again < 10; again += 1) {
    const before = history.calls()
    const { kind, ids } = history.step('extended')
    expect(kind).toBe('extended')
    const [rows, now] = [before, history.calls()].map((calls) => calls.find(({ id }) => id === ids[0])!.rows)
    expect(now!.slice(0, -1)).toEqual(rows)
    expect(rows).not.toContain(now!.at(-1))
  }
})
