import { parse } from 'graphql'
import { describe, expect, test } from '@jest/globals'

import { providers } from '../../src/providers/index.js'
import { liveGoals, liveReport, type LiveResults } from './live/report-live.js'
import type { LiveSample } from './live/measure-live.js'
import { deliveryOf, documentOf, EVENTS_AT_ONCE, isoTime, requireTold } from './live/question.js'

describe('what is delivered', () => {
  const deliveries = Array.from({ length: EVENTS_AT_ONCE }, (_, index) => deliveryOf(index, 1_790_000_000_001 + index))

  test('is of whole calls, and one thing happens in each delivery', () => {
    const bulutfon = providers.find(({ slug }) => slug === 'bulutfon')!
    const account = { key: 'office-0', timeZone: 'Europe/Istanbul' }
    const facts = deliveries.flatMap(
      (delivery) => bulutfon.webhook!.read({ ...delivery }, account as never, new Map() as never) ?? [],
    )
    const typesOf = (id: string) => facts.filter(({ callId }) => callId === id).map(({ type }) => type)
    expect(facts).toHaveLength(EVENTS_AT_ONCE)
    for (const { uuid } of deliveries) expect(typesOf(uuid)).toEqual(['STARTED', 'RINGING', 'ENDED'])
  })

  test('must be told as it happened', () => {
    const told = ({ uuid, caller, callee, ...delivery }: (typeof deliveries)[number], type: string, state: string) => ({
      data: {
        callEvents: {
          ...{ id: 'event', cursor: 'cursor', type, occurredAt: isoTime({ ...delivery, uuid, caller, callee }) },
          call: {
            ...{ id: uuid, state, startedAt: isoTime(deliveries[0]!) },
            caller: { number: `+${caller}` },
            callee: { number: `+${callee}` },
            currentTarget: { rawNumber: callee },
          },
        },
      },
    })
    const right = JSON.stringify(told(deliveries[0]!, 'STARTED', 'RINGING'))
    const wrong = JSON.stringify(told(deliveries[0]!, 'STARTED', 'QUEUED'))
    expect(() => requireTold('same', 0, deliveries.slice(0, 1), [right])).not.toThrow()
    expect(() => requireTold('same', 0, deliveries.slice(0, 1), [wrong])).toThrow('QUEUED')
    expect(() => requireTold('same', 0, deliveries.slice(0, 1), [])).toThrow('undefined')
  })
})

test('no two who ask differently ask the same, and those who ask the same do', () => {
  const documents = (asking: 'same' | 'different') =>
    new Set(Array.from({ length: 1_000 }, (_, index) => documentOf(asking, index)))
  expect([documents('same').size, documents('different').size]).toEqual([1, 1_000])
  expect(() => parse(documentOf('slow', 999, true))).not.toThrow()
})

describe('goals of subscriptions', () => {
  const sample = (perCpuSecond: number, idleKib: number, p99: number | null): LiveSample => ({
    ...{ perSecond: 1_000, perCpuSecond, idleKib, slow: null },
    steady: [...(p99 === null ? [] : [{ rate: 50, p50: 1, p99 }]), { rate: 5, p50: 1, p99: 2 }],
  })
  const cell = (server: string, asking: string, one: LiveSample) => ({
    ...{ server, asking, transport: 'websocket', samples: [one] },
  })
  const results = {
    ...{ command: 'npm run bench -- live', date: '2026-01-01', machine: 'a machine', node: 'v20.0.0', rounds: 1 },
    pace: { subscribers: 1_000, slow: 100, warmUp: 1, measured: 1, steady: 1, slowSeconds: 1 },
    servers: ['dialgraph', 'yoga', 'mercurius'].map((name) => ({ name, about: '' })),
    cells: [
      cell('dialgraph', 'same', sample(9_000, 20, 50)),
      cell('yoga', 'same', sample(500, 15, null)),
      cell('mercurius', 'same', sample(1_000, 40, null)),
      cell('dialgraph', 'different', sample(900, 20, null)),
      cell('yoga', 'different', sample(1_000, 20, 10)),
    ],
  } as unknown as LiveResults

  test('are held against the peer that is better in each, and a rate that cannot be held is missed', () => {
    const shown = liveGoals(results).map(({ id, measured, state }) => [id, measured?.median, state])
    expect(shown.slice(0, 6)).toEqual([
      ['L1', 9, 'goal'],
      ['L2', 0.9, 'missed'],
      ['L3', 50, 'goal'],
      ['L3', Infinity, 'missed'],
      ['L4', 20 / 15, 'missed'],
      ['L4', 1, 'goal'],
    ])
    expect(shown.slice(6).every(([, , state]) => state === 'not measured')).toBe(true)
  })

  test('latencies are shown at the highest rate that everybody holds', () => {
    expect(liveReport(results)).toMatch(/dialgraph, WebSocket .*\| +1 \/ 50 \| +1 \/ 2 \|/)
  })
})
