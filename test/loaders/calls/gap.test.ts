import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'

import { cursorSigner } from '../../../src/loaders/cursor.js'
import { gapCursors, type CallGap } from '../../../src/loaders/calls/gap-cursor.js'
import { demandOf } from '../../../src/loaders/calls/demand.js'
import type { CallRecordPage } from '../../../src/loaders/calls/request.js'
import { CallDirection } from '../../../src/model/call-record.js'
import { globalId } from '../../../src/model/id.js'
import { SimulatedLog } from './simulated-log.js'
import { BEGINNING, calls, everything, gapPage, ids, page, type PageRequest, type World } from './simulated-world.js'

type Logs = World & { readonly brno: SimulatedLog }

function world(more: Partial<World> = {}): Logs {
  const [ankara, brno] = ['ankara', 'brno'].map(
    (key, at) => new SimulatedLog(calls(key, 200, 100, at), { pageSize: 10 }),
  ) as [SimulatedLog, SimulatedLog]
  return {
    logs: new Map([
      ['ankara', ankara],
      ['brno', brno],
    ]),
    brno,
    ...more,
  }
}

/** A page that lacks what brno has, and the cursor of that; brno is well again afterwards. */
async function broken(here: Logs, request: PageRequest = { first: 60 }): Promise<CallRecordPage & { gap: string }> {
  here.brno.behaviour.fails = () => true
  const lacking = await page(here, request)
  here.brno.behaviour.fails = () => false
  return { ...lacking, gap: lacking.sources[1]!.gap!.retryCursor }
}

describe('what a page lacks', () => {
  test('of one extension is not there for another that has its number since', async () => {
    const line = (number: string) => globalId('Extension', 'brno', `x${number}`)
    const here = world({ own: line('1001') })
    const { gap } = await broken(here)
    const { nodes } = await gapPage(here, gap)
    expect(nodes.length).toBeGreaterThan(0)
    await expect(gapPage({ ...here, own: line('1002') }, gap)).rejects.toThrow('This retry cursor cannot be used')
  })

  test('is walked by cursors of its own, which say where it ends, and asks its one account', async () => {
    const here = world()
    const { nodes, gap } = await broken(here)
    const last = nodes.at(-1)!
    const before = here.logs.get('ankara')!.requests.length
    const all = everything({ logs: new Map([['brno', here.brno]]) }, 'DESC')
    // Of one moment, newest first, the account with the greater key comes first.
    const expected = ids(all.filter(({ startedAt }) => startedAt >= last.startedAt))
    const walked: string[] = []
    for (let after: string | null = null; ;) {
      const { nodes, pageInfo, edges, sources } = await gapPage(here, gap, { first: 7, after })
      expect(sources.map(({ accountKey, state }) => [accountKey, state])).toEqual([['brno', 'COMPLETE']])
      expect(pageInfo.hasPreviousPage).toBe(after !== null)
      expect(pageInfo.startCursor).toBe(edges[0]!.cursor)
      walked.push(...ids(nodes))
      expect(pageInfo.hasNextPage).toBe(walked.length < expected.length)
      if (!pageInfo.hasNextPage) break
      after = pageInfo.endCursor
    }
    expect(walked).toEqual(expected)
    expect(walked.length).toBeGreaterThan(14)
    expect(here.logs.get('ankara')!.requests).toHaveLength(before)
  })

  test('needs no other argument: its cursor holds filter and order', async () => {
    const here = world()
    const criteria = [
      {
        directions: [CallDirection.INBOUND],
        didIds: ['ankara', 'brno'].map((key) => globalId('Did', key, 'x+902120000041')),
      },
    ]
    const { gap } = await broken(here, { first: 20, criteria, order: 'ASC' })
    const { nodes } = await gapPage(here, gap)
    const all = everything({ logs: new Map([['brno', here.brno]]) }, 'ASC', (call) => {
      const { didRef, direction } = call
      return direction === CallDirection.INBOUND && didRef?.kind === 'Did' && didRef.number === '+902120000041'
    })
    expect(nodes.length).toBeGreaterThan(5)
    expect(ids(nodes)).toEqual(ids(all).slice(0, nodes.length))
  })

  test('fails as a whole when its account fails again, even on a later request, and can be asked for again', async () => {
    const here = world()
    const { gap } = await broken(here)
    let requests = 0
    here.brno.behaviour.fails = () => ++requests > 1
    await expect(gapPage(here, gap)).rejects.toMatchObject({ code: 'PROVIDER_UNAVAILABLE' })
    expect(here.brno.open).toBe(0)
    here.brno.behaviour.fails = () => false
    expect((await gapPage(here, gap)).nodes.length).toBeGreaterThan(10)
  })

  test('says what is still missing when it was stopped for its requests, with a cursor that goes on there', async () => {
    const here = world()
    const { gap } = await broken(here, { first: 100 })
    const whole = ids((await gapPage(here, gap)).nodes)
    const limited = { ...here, limits: { providerRequestsPerOperation: 4 } }
    const found: string[] = []
    let cursors = 0
    for (let next: string | null = gap; next; cursors += 1) {
      const { nodes, sources } = await gapPage(limited, next)
      found.push(...ids(nodes))
      next = sources[0]!.gap?.retryCursor ?? null
      if (next) expect(sources[0]).toMatchObject({ accountKey: 'brno', state: 'PARTIAL' })
    }
    expect(found).toEqual(whole)
    expect(cursors).toBeGreaterThan(2)
  })
})

describe('a retry cursor', () => {
  test.each(['after', 'before'] as const)(
    'as `%s` of a list is refused, and told where it belongs',
    async (argument) => {
      const here = world()
      const { gap } = await broken(here)
      const size = argument === 'after' ? { first: 5 } : { last: 5 }
      const refused = page(here, { ...size, [argument]: gap })
      await expect(refused).rejects.toMatchObject({
        code: 'CURSOR_INVALID',
        message: expect.stringMatching(/`callRecordGap`/),
      })
    },
  )

  test('is what a gap takes, and no cursor of a list, of another gap, or of elsewhere', async () => {
    const here = world()
    const { gap, pageInfo } = await broken(here)
    const other = await broken(here, { first: 30 })
    const own = await gapPage(here, gap, { first: 3 })
    const invalid = { code: 'CURSOR_INVALID' }
    await expect(gapPage(here, pageInfo.endCursor!)).rejects.toMatchObject({
      ...invalid,
      message: expect.stringMatching(/`retryCursor`/),
    })
    await expect(gapPage(here, own.pageInfo.endCursor!)).rejects.toMatchObject(invalid)
    await expect(gapPage(here, `${gap.slice(0, -1)}_`)).rejects.toMatchObject(invalid)
    await expect(gapPage(here, gap, { after: pageInfo.endCursor })).rejects.toMatchObject(invalid)
    await expect(gapPage(here, other.gap, { after: own.pageInfo.endCursor })).rejects.toMatchObject(invalid)
    await expect(gapPage(here, gap, { after: gap })).rejects.toMatchObject({
      ...invalid,
      message: expect.stringMatching(/`callRecordGap`/),
    })
    await expect(page(here, { first: 3, after: own.pageInfo.endCursor })).rejects.toMatchObject(invalid)
  })

  test('of another workspace, or of an account that is gone, is as good as one that never was', async () => {
    const here = world()
    const { gap } = await broken(here)
    const told = async (at: World, cursor: string) => {
      const error = await gapPage(at, cursor).catch((error: unknown) => error as Error & { code: string })
      return 'code' in error ? [error.code, error.message] : 'answered'
    }
    const made = await told(here, 'gap.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA')
    expect(made).toEqual(['CURSOR_INVALID', expect.any(String)])
    expect(await told({ ...here, workspace: 'neighbours' }, gap)).toEqual(made)
    expect(await told({ ...here, logs: new Map([['ankara', here.logs.get('ankara')!]]) }, gap)).toEqual(made)
  })

  test('is as long as the filter it holds, and leaves out ids of other accounts', () => {
    const cursors = gapCursors(cursorSigner(Buffer.alloc(32, 1)), 'default', new Set(['a', 'b']))
    const numbers = Array.from({ length: 500 }, (_, at) => `+90232${String(at).padStart(7, '0')}`)
    const own = globalId('Extension', 'a', '1')
    const demand = demandOf([{ numbers, extensionIds: [own, globalId('Extension', 'b', '2')] }])
    const range = { account: 'a', start: null, end: null }
    const text = cursors.write({ demand, order: 'DESC', range, top: null, hint: null })
    expect(text.length).toBeGreaterThan(5_000)
    expect(cursors.read(text).demand).toEqual({ ...demand, extensionIds: [[own]] })
  })

  test('holds exactly the gap it was made of', () => {
    const moment = fc.integer({ min: BEGINNING, max: BEGINNING + 1e12 }).map((time) => new Date(time).toISOString())
    const position = fc.option(
      fc
        .record({ startedAt: moment, account: fc.constantFrom('a', 'b'), native: fc.string({ minLength: 1 }) })
        .map(({ startedAt, account, native }) => ({ startedAt, account, id: globalId('CallRecord', account, native) })),
    )
    const gap: fc.Arbitrary<CallGap> = fc.record({
      demand: fc.record({ from: fc.option(moment), minimumSeconds: fc.option(fc.nat()) }).map((one) => ({
        ...demandOf([{ directions: [CallDirection.INBOUND] }]),
        ...one,
      })),
      order: fc.constantFrom('ASC' as const, 'DESC' as const),
      range: fc.record({ account: fc.constantFrom('a', 'b'), start: position, end: position }),
      top: fc.option(moment),
      hint: fc.option(fc.string()),
    })
    const cursors = gapCursors(cursorSigner(Buffer.alloc(32, 1)), 'default', new Set(['a', 'b']))
    fc.assert(fc.property(gap, (one) => expect(cursors.read(cursors.write(one))).toEqual(one)))
  })
})
