import { describe, expect, test } from '@jest/globals'

import { archiveProgress } from '../../src/archive/archive-status.js'
import { ProviderError } from '../../src/errors.js'
import { archived } from './made-up-archive.js'
import { DAY, HOUR } from './made-up-provider.js'

const MINUTE = 60_000

/** One call each six hours for 29 days, of which one spoils its page. */
function spoiltArchive(spoilt: string, settings = {}) {
  const made = archived(settings)
  const { add, provider, calls, state, account, clock } = made
  for (let number = 0; number < 116; number += 1) add(`call-${number}`, number * 6 * HOUR + MINUTE)
  provider.spoilt.add(spoilt)
  provider.pageSize = 3
  return {
    ...made,
    /** Calls that the provider has and the archive lacks, at most a page before and behind the spoilt one. */
    missing: async () => {
      const there = new Set(await calls())
      return [...provider.rows.keys()].filter((id) => !there.has(id))
    },
    progress: async () =>
      archiveProgress({
        ...{ state: await state(), settings: account.archive!, hasLoginEnded: false, now: clock.now() },
      }),
    isCovered: async (id: string) => {
      const startedAt = new Date(provider.rows.get(id)!.startedAt).toISOString()
      return (await state()).covered.some(({ from, until }) => from <= startedAt && startedAt < until)
    },
  }
}

const numbers = (ids: readonly string[]) => ids.map((id) => Number(id.split('-')[1]))

describe('a page that is rubbish as a whole', () => {
  test.each([
    ['with old calls', 'call-60'],
    ['with calls that are read again each hour', 'call-4'],
    ['with the very first calls of its time', 'call-115'],
  ])('%s is left out, and all around it is archived', async (_, spoilt) => {
    const { pass, missing, progress, isCovered, provider, calls } = spoiltArchive(spoilt)
    await pass(3 * HOUR)
    const left = numbers(await missing())
    expect(left).toContain(Number(spoilt.slice(5)))
    // The rest of the page, and as much again.
    expect(left.length).toBeLessThanOrEqual(2 * provider.pageSize)
    expect(await isCovered(spoilt)).toBe(false)
    expect(await progress()).toMatchObject({ state: 'BACKFILLING', lastError: 'PROVIDER_BAD_RESPONSE' })
    provider.spoilt.clear()
    await pass(2 * HOUR)
    expect(await calls()).toHaveLength(116)
    await pass(HOUR)
    expect(await progress()).toMatchObject({ state: 'CURRENT', lastError: null, progress: 1 })
  })

  test('at which the provider breaks is left out as well', async () => {
    const { pass, missing, provider } = spoiltArchive('call-60')
    provider.spoiltPage = () => BROKEN
    await pass(3 * HOUR)
    expect((await missing()).length).toBeLessThanOrEqual(2 * provider.pageSize)
  })

  test('does not keep the younger calls from being read again, nor new ones from being seen', async () => {
    const { add, pass, calls, changes, provider, clock } = spoiltArchive('call-4')
    await pass(3 * HOUR)
    provider.rows.delete('call-7')
    await pass(2 * HOUR)
    expect((await changes()).at(-1)).toBe('DELETED call-7')
    for (let number = 0; number < 8; number += 1) {
      add(`new-${number}`, 1_000)
      clock.advance(MINUTE)
    }
    await pass(2 * MINUTE)
    expect((await calls()).filter((id) => id.startsWith('new'))).toHaveLength(8)
  })

  test('that is the newest one keeps nothing older from being archived', async () => {
    const { pass, missing, progress, provider } = spoiltArchive('call-0')
    await pass(3 * HOUR)
    expect((await missing()).length).toBeLessThanOrEqual(2 * provider.pageSize)
    expect(await progress()).toMatchObject({ lastError: 'PROVIDER_BAD_RESPONSE' })
  })

  test.each(['call-4', 'call-1'])('with %s, takes nothing for gone, and knows no longer what is there', async (id) => {
    const { pass, changes, isCovered, provider } = spoiltArchive('call-200')
    await pass(3 * HOUR)
    provider.spoilt.add(id)
    expect(await isCovered(id)).toBe(true)
    await pass(3 * HOUR)
    expect(await isCovered(id)).toBe(false)
    expect((await changes()).filter((change) => change.startsWith('DELETED'))).toEqual([])
  })

  test('takes no more with it than it has to, after one that took much', async () => {
    const { add, pass, missing, provider, clock } = spoiltArchive('call-60')
    await pass(3 * HOUR)
    provider.spoilt.clear()
    await pass(3 * HOUR)
    for (let number = 0; number < 30; number += 1) add(`new-${number}`, number * 6 * MINUTE)
    await pass(2 * MINUTE)
    expect(await missing()).toEqual([])
    clock.advance(10 * MINUTE)
    provider.spoilt.add('newer-9')
    for (let number = 0; number < 20; number += 1) add(`newer-${number}`, number * MINUTE)
    for (let number = 0; number < 20; number += 1) add(`late-${number}`, 30 * MINUTE + number * MINUTE)
    await pass(2 * HOUR)
    expect((await missing()).length).toBeLessThanOrEqual(10)
  })

  test('costs few requests an hour for as long as it is there', async () => {
    const { pass, provider } = spoiltArchive('call-60')
    await pass(5 * HOUR)
    provider.requests.splice(0)
    await pass(4 * HOUR)
    // A look a minute, and each hour the page and the way around it.
    expect(provider.requests.length / 4).toBeLessThanOrEqual(60 + 15)
  })
})

const RUBBISH = new ProviderError('PROVIDER_BAD_RESPONSE', 'The page is no JSON', { reason: 'NOT_JSON' })
const BROKEN = new ProviderError('PROVIDER_UNAVAILABLE', 'GET /calls answered 500', { reason: 'HTTP_500' })

describe('a provider that gives nothing but', () => {
  test.each([
    ['rubbish', RUBBISH, 5],
    ['server errors', BROKEN, 1],
  ])('%s is asked less and less, and nothing is left out once it has recovered', async (_, error, requests) => {
    const { pass, provider, calls, progress, clock } = spoiltArchive('call-200')
    await pass(2 * HOUR)
    clock.advance(2 * HOUR)
    let asked = 0
    provider.beforeRequest = () => {
      asked += 1
      throw error
    }
    await pass(10 * HOUR)
    // One turn each ten minutes.
    expect(asked).toBeLessThanOrEqual(requests * 65)
    expect(await progress()).toMatchObject({ state: 'BEHIND', lastError: error.code })
    provider.beforeRequest = () => {}
    await pass(HOUR)
    expect(await calls()).toHaveLength(116)
    expect(await progress()).toMatchObject({ state: 'CURRENT', lastError: null })
  })

  test('rubbish while its log is fetched loses nothing of it', async () => {
    const { pass, provider, calls } = spoiltArchive('call-200', { recheckMs: DAY })
    let asked = 0
    provider.beforeRequest = () => {
      asked += 1
      if (asked % 3 !== 0) throw provider.spoiltPage()
    }
    await pass(12 * HOUR)
    provider.beforeRequest = () => {}
    await pass(2 * HOUR)
    expect(await calls()).toHaveLength(116)
  })
})
