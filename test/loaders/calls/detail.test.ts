import { describe, expect, test } from '@jest/globals'

import type { CallRecordPage } from '../../../src/loaders/calls/request.js'
import { CallDirection, type CallRecord } from '../../../src/model/call-record.js'
import { globalId } from '../../../src/model/id.js'
import type { Reference } from '../../../src/model/reference.js'
import { SimulatedLog } from './simulated-log.js'
import { BEGINNING, call, gapPage, ids, page, type World } from './simulated-world.js'

const extension = (number: string): Reference => ({ kind: 'Extension', number })
const criteria = [{ extensionIds: [globalId('Extension', 'a', 'x1001')] }]

/** Every tenth call rang at 1001, and only its detail tells. */
function world(
  count: number,
  rest: (index: number) => Partial<CallRecord> = () => ({}),
  limits: World['limits'] = {},
): World & { log: SimulatedLog } {
  const made = Array.from({ length: count }, (_, index) => {
    const steps = [{ targetRef: extension(index % 10 === 0 ? '1001' : '1002') }] as unknown as CallRecord['steps']
    return call('a', `${index}`, BEGINNING + index * 1000, { steps, ...rest(index) })
  })
  const log = new SimulatedLog(made, { keepsParticipantsApart: true, pageSize: 50 })
  return { logs: new Map([['a', log]]), log, limits }
}

const details = (log: SimulatedLog) => log.requests.filter((request) => request === 'detail').length

/** The internal calls of a page and of what it lacks, gap after gap. */
async function foundThroughGaps(world: World): Promise<{ found: readonly string[]; pages: number }> {
  const found: string[] = []
  let gap: string | null = null
  let pages = 0
  do {
    const request = { first: 5, criteria: [{ directions: [CallDirection.INTERNAL] }] }
    const { nodes, sources }: CallRecordPage = await (gap ? gapPage(world, gap, { first: 5 }) : page(world, request))
    found.push(...ids(nodes))
    gap = sources[0]!.gap?.retryCursor ?? null
    expect(++pages).toBeLessThan(10)
  } while (gap)
  return { found, pages }
}

describe('a filter that only the detail can decide', () => {
  test('reads details for what the list leaves open, and for nothing else', async () => {
    const internal = world(100, () => ({
      direction: CallDirection.INTERNAL,
      caller: { number: null, rawNumber: '1001', displayName: null, endpointRef: extension('1001'), accountKey: 'a' },
    }))
    expect((await page(internal, { first: 5, criteria })).nodes).toHaveLength(5)
    expect(details(internal.log)).toBe(0)

    const other = world(100, (index) => ({ direction: index === 50 ? CallDirection.INBOUND : CallDirection.OUTBOUND }))
    const { nodes } = await page(other, { first: 5, criteria: [...criteria, { directions: [CallDirection.INBOUND] }] })
    expect(ids(nodes)).toEqual([other.log.calls[50]!.id])
    expect(details(other.log)).toBe(1)
  })

  test('reads no more than a few details ahead of a full page', async () => {
    const { log, ...rest } = world(100)
    const { nodes } = await page(rest, { first: 2, criteria, wantsMore: false })
    expect(ids(nodes)).toEqual([90, 80].map((index) => log.calls[index]!.id))
    // 99 to 80 are 20; at most as many more as are read together.
    expect(details(log)).toBeLessThan(20 + 5)
  })

  test('stops at its share of the requests, says so, and goes on from there when it is asked to', async () => {
    const { log, ...rest } = world(400, undefined, { providerRequestsPerOperation: 40 })
    const found: string[] = []
    let gap: string | null = null
    let pages = 0
    do {
      const before = log.requests.length
      const { nodes, sources, countPrecision }: CallRecordPage = await (gap
        ? gapPage(rest, gap)
        : page(rest, { first: 100, criteria }))
      expect(log.requests.length - before).toBeLessThanOrEqual(20 + 5)
      found.push(...ids(nodes))
      gap = sources[0]!.gap?.retryCursor ?? null
      pages++
      if (gap) {
        expect(sources[0]).toMatchObject({
          state: 'PARTIAL',
          errorCode: null,
          message: expect.stringContaining('requests'),
        })
        expect(countPrecision).not.toBe('EXACT')
      }
    } while (gap)
    expect(pages).toBeGreaterThan(10)
    expect(found).toEqual(Array.from({ length: 40 }, (_, index) => log.calls[390 - index * 10]!.id))
  })

  test('goes on from where the provider has read to, though it gave no call on the way', async () => {
    const made = Array.from({ length: 400 }, (_, index) =>
      call('a', `${index}`, BEGINNING + index * 1000, index === 3 ? { direction: CallDirection.INTERNAL } : {}),
    )
    const log = new SimulatedLog(made, { pageSize: 10, looksAtPages: true, pushdown: ['directions'] })
    const rest: World = { logs: new Map([['a', log]]), limits: { providerRequestsPerOperation: 20 } }
    const { found, pages } = await foundThroughGaps(rest)
    expect(found).toEqual([log.calls[3]!.id])
    expect(log.requests.length).toBeLessThanOrEqual(40 + pages)
  })

  test('comes to its end through a moment with more calls than it may read pages of', async () => {
    const at = (index: number) => (index < 10 ? BEGINNING : BEGINNING + 1000)
    const made = Array.from({ length: 200 }, (_, index) =>
      call('a', `${index}`, at(index), index === 3 ? { direction: CallDirection.INTERNAL } : {}),
    )
    const log = new SimulatedLog(made, { pageSize: 5, looksAtPages: true, pushdown: ['directions'] })
    const rest: World = { logs: new Map([['a', log]]), limits: { providerRequestsPerOperation: 8 } }
    const { found } = await foundThroughGaps(rest)
    expect(found).toEqual(ids(made.filter(({ direction }) => direction === CallDirection.INTERNAL)))
  })

  test('that fails for one call leaves a gap from that call on, and keeps what came before', async () => {
    const { log, ...rest } = world(100)
    let requests = 0
    log.behaviour.fails = (request) => request === 'detail' && ++requests === 13
    const { nodes, sources } = await page(rest, { first: 100, criteria })
    expect(ids(nodes)).toEqual([log.calls[90]!.id])
    expect(sources[0]).toMatchObject({ state: 'PARTIAL', errorCode: 'PROVIDER_UNAVAILABLE' })
    log.behaviour.fails = () => false
    const retried = await gapPage(rest, sources[0]!.gap!.retryCursor)
    expect(ids(retried.nodes)).toEqual(Array.from({ length: 9 }, (_, index) => log.calls[80 - index * 10]!.id))
  })
})
