import { describe, expect, test } from '@jest/globals'

import { ArchiveWriter, Superseded } from '../../src/archive/archive-writer.js'
import { readState } from '../../src/archive/archive-state.js'
import { archiveProgress } from '../../src/archive/archive-status.js'
import type { StoredChange } from '../../src/archive/call-change.js'
import { differenceOf } from '../../src/archive/reconcile.js'
import { Synchroniser } from '../../src/archive/synchroniser.js'
import { ProviderError } from '../../src/errors.js'
import { ARCHIVE } from '../../src/store/archive-store.js'
import { archived } from './made-up-archive.js'
import { DAY, HOUR, KEY } from './made-up-provider.js'

describe('an archive', () => {
  test('holds all calls of its time, and is told what is new, what has changed and what is gone', async () => {
    const { add, pass, calls, changes, provider } = archived()
    for (let number = 0; number < 40; number += 1)
      add(`old-${String(number).padStart(2, '0')}`, 20 * DAY - number * HOUR)
    add('too-old', 31 * DAY)
    add('one', HOUR)
    await pass(120_000)
    expect(await calls()).toHaveLength(41)
    expect(await calls()).not.toContain('too-old')
    const before = (await changes()).length
    expect(before).toBe(41)
    add('two', 1_000)
    provider.rows.set('one', { ...provider.rows.get('one')!, talkSeconds: 12 })
    await pass(60_000)
    provider.rows.delete('two')
    await pass(60_000)
    expect((await changes()).slice(before)).toEqual([
      'UPDATED one durationSeconds talkSeconds',
      'CREATED two',
      'DELETED two',
    ])
  })

  test('asks for one page an interval while nothing happens', async () => {
    const { add, pass, provider } = archived()
    for (let number = 0; number < 20; number += 1) add(`call-${number}`, 3 * DAY + number * HOUR)
    await pass(10 * 60_000)
    provider.requests.splice(0)
    await pass(30 * 60_000)
    expect(provider.requests).toEqual(Array.from({ length: 30 }, () => 'page 1'))
  })

  test('looks once more in an interval when calls have ended, however many', async () => {
    const { add, pass, provider, synchroniser, clock } = archived()
    add('one', HOUR)
    await pass(10 * 60_000)
    provider.requests.splice(0)
    const wanted: boolean[] = []
    for (let second = 0; second < 120; second += 1) {
      if (synchroniser.lookSoon()) wanted.push(true)
      await synchroniser.turn()
      clock.advance(1_000)
    }
    expect(wanted).toHaveLength(2)
    expect(provider.requests.length).toBeLessThanOrEqual(4)
  })

  test('reads the younger calls again each hour, late ones among them', async () => {
    const { add, pass, calls, clock } = archived()
    for (let number = 0; number < 30; number += 1) add(`call-${number}`, number * HOUR)
    await pass(10 * 60_000)
    add('late', 25 * HOUR + 1_000)
    await pass(10 * 60_000)
    expect(await calls()).not.toContain('late')
    await pass(HOUR)
    expect(await calls()).toContain('late')
    add('later-than-that', 2 * DAY + 2 * HOUR)
    await pass(3 * HOUR)
    expect(await calls()).not.toContain('later-than-that')
    expect(clock.now()).toBeGreaterThan(0)
  })

  test('reads the calls again that were young when it last did, however long nobody looked', async () => {
    const { add, pass, calls, changes, provider, clock } = archived()
    for (let number = 0; number < 30; number += 1) add(`call-${number}`, number * HOUR + 1)
    await pass(10 * 60_000)
    add('late', 25 * HOUR + 2)
    const priced = provider.rows.get('call-3')!
    provider.rows.set('call-3', { ...priced, talkSeconds: priced.talkSeconds + 1 })
    provider.rows.delete('call-5')
    clock.advance(5 * DAY)
    await pass(10 * 60_000)
    expect((await calls()).toSorted()).toEqual([...provider.rows.keys()].toSorted())
    expect((await changes()).slice(-3).toSorted()).toEqual([
      ...['CREATED late', 'DELETED call-5', 'UPDATED call-3 durationSeconds talkSeconds'],
    ])
  })

  test('goes on with that where a process was killed, however often one is', async () => {
    const { add, pass, calls, clock, provider, synchroniserOf } = archived()
    for (let number = 0; number < 40; number += 1) add(`call-${number}`, number * HOUR + 1)
    await pass(10 * 60_000)
    add('late', 38 * HOUR + 2)
    clock.advance(HOUR)
    // Each process is killed at its third page.
    let pages = 0
    provider.beforeRequest = () => {
      pages += 1
      if (pages % 3 === 0) throw new Error('killed')
    }
    for (let count = 0; count < 12; count += 1) {
      const one = synchroniserOf(`process ${count}`)
      await pass(60_000, one).catch(() => clock.advance(100_000))
    }
    expect(await calls()).toContain('late')
  })

  test('reads a call again that a query has found changed, however old', async () => {
    const { add, pass, changes, provider, synchroniser } = archived()
    add('old', 10 * DAY)
    add('young', 1_000)
    await pass(120_000)
    const row = { ...provider.rows.get('old')!, cost: '1.50' }
    provider.rows.set('old', row)
    synchroniser.readAgain(new Date(row.startedAt).toISOString())
    await pass(60_000)
    expect((await changes()).at(-1)).toBe('UPDATED old cost')
  })

  test('takes nothing for gone that a list lacks and the provider still has', async () => {
    const { add, pass, calls, provider, changes } = archived()
    for (let number = 0; number < 30; number += 1) add(`call-${number}`, number * HOUR)
    await pass(120_000)
    const before = await changes()
    // The calls move up by one between the first two pages of the recheck: the walk misses one.
    provider.beforeRequest = (what) => void (what === 'page 2' && provider.rows.delete('call-3'))
    await pass(HOUR)
    provider.beforeRequest = () => {}
    await pass(HOUR)
    expect((await calls()).toSorted()).toEqual([...provider.rows.keys()].toSorted())
    expect((await changes()).slice(before.length)).toEqual(['DELETED call-3'])
    expect(provider.requests.filter((what) => what.startsWith('call'))).toEqual(['call call-7', 'call call-3'])
  })

  test('looks twice before it takes many calls for gone, and asks for none of them', async () => {
    const { add, pass, calls, provider, changes } = archived()
    for (let number = 0; number < 60; number += 1) add(`call-${number}`, number * 1_000_000)
    await pass(120_000)
    for (let number = 10; number < 50; number += 1) provider.rows.delete(`call-${number}`)
    provider.requests.splice(0)
    await pass(2 * HOUR)
    expect(await calls()).toHaveLength(20)
    expect(provider.requests.filter((what) => what.startsWith('call'))).toEqual([])
    expect((await changes()).filter((change) => change.startsWith('DELETED'))).toHaveLength(40)
  })

  test('does not say that it covers what cannot be read, and takes nothing there for gone', async () => {
    const { add, pass, calls, provider, state, looks } = archived()
    for (let number = 0; number < 20; number += 1) add(`call-${number}`, (number + 1) * HOUR)
    await pass(120_000)
    expect((await state()).covered).toHaveLength(1)
    provider.unreadable.add('call-3')
    await pass(120_000)
    expect(await calls()).toContain('call-3')
    expect(looks.at(-1)).toBe('partial')
    const { covered, unreadable } = await state()
    expect(unreadable).toBe(1)
    const startedAt = new Date(provider.rows.get('call-3')!.startedAt).toISOString()
    expect(covered.filter(({ from, until }) => from <= startedAt && startedAt < until)).toEqual([])
    provider.unreadable.clear()
    await pass(2 * HOUR)
    expect((await state()).covered).toHaveLength(1)
  })

  test('fetches what it has missed while nobody looked', async () => {
    const { add, pass, calls, clock, provider } = archived()
    add('first', 1_000)
    await pass(120_000)
    clock.advance(20 * DAY)
    for (let number = 0; number < 200; number += 1) add(`call-${number}`, number * 2 * HOUR)
    provider.rows.delete('first')
    await pass(10 * 60_000)
    expect((await calls()).toSorted()).toEqual([...provider.rows.keys()].toSorted())
  })

  test('says why it cannot look, and looks again after longer and longer pauses', async () => {
    const { add, pass, provider, state, synchroniser, clock, looks } = archived()
    add('one', 1_000)
    await pass(120_000)
    provider.beforeRequest = () => {
      throw new ProviderError('PROVIDER_UNAVAILABLE', 'It is away')
    }
    clock.advance(60_000)
    const pauses: number[] = []
    for (let turn = 0; turn < 6; turn += 1) {
      clock.advance(pauses.at(-1) ?? 0)
      pauses.push(await synchroniser.turn())
    }
    expect(pauses).toEqual([120_000, 240_000, 480_000, 600_000, 600_000, 600_000])
    expect((await state()).lastError).toBe('PROVIDER_UNAVAILABLE')
    provider.beforeRequest = () => {}
    await pass(700_000)
    expect((await state()).lastError).toBeNull()
    expect(looks.at(-1)).toBe('complete')
  })

  test('is written by one process at a time, and by the next one when that is gone', async () => {
    const { add, pass, calls, provider, synchroniserOf, synchroniser, clock } = archived()
    const other = synchroniserOf('two')
    add('one', 1_000)
    await synchroniser.turn()
    const asked = provider.requests.length
    clock.advance(70_000)
    expect(await other.turn()).toBe(60_000)
    expect(provider.requests).toHaveLength(asked)
    clock.advance(100_000)
    add('two', 1_000)
    await pass(120_000, other)
    expect(await calls()).toEqual(['one', 'two'])
  })

  test('is written by whoever was first, where two processes read it at once', async () => {
    const { add, clock, store, account, changes, provider } = archived()
    add('one', 1_000)
    const writerOf = () => new ArchiveWriter({ account, log: store, clock })
    const stored = await readState(store, account)
    const difference = differenceOf(provider.calls(), new Map())
    await writerOf().write(stored, stored.state, difference)
    await expect(writerOf().write(stored, stored.state, difference)).rejects.toThrow(Superseded)
    expect(await changes()).toEqual(['CREATED one'])
  })

  test.each([
    [
      false,
      {
        accountKey: KEY,
        caller: { endpointRef: null },
        callee: { endpointRef: null },
        answeredByRef: null,
        steps: null,
      },
    ],
    [true, undefined],
  ])('says who took part in a call that is gone, unless it is sealed (%s)', async (sealed, parties) => {
    const { add, pass, provider, store } = archived({ sealed })
    add('one', HOUR)
    add('two', HOUR)
    await pass(60_000)
    provider.rows.delete('one')
    await pass(60_000)
    const last = (await store.eventsAfter(0, 1e6, ARCHIVE)).at(-1)!
    expect(JSON.parse(last.body)).toMatchObject({ kind: 'DELETED', ...(parties && { parties }) })
    expect((JSON.parse(last.body) as StoredChange).parties).toEqual(parties)
  })

  test('removes what is older than it is kept, and says nothing of it', async () => {
    const { add, pass, calls, changes, clock } = archived({ retentionMs: 10 * DAY })
    add('old', 10 * DAY - HOUR)
    add('young', 5 * DAY)
    await pass(120_000)
    expect(await calls()).toEqual(['old', 'young'])
    clock.advance(3 * HOUR)
    await pass(120_000)
    expect(await calls()).toEqual(['young'])
    expect((await changes()).filter((change) => change.startsWith('DELETED'))).toEqual([])
  })

  test.each([
    ['in another workspace', 'elsewhere', 'made-up'],
    ['at another provider', 'default', 'another'],
  ])('of an account that had its key %s is removed first', async (_, workspace, provided) => {
    const { add, pass, calls, provider, store, clock } = archived()
    add('one', 1_000)
    await pass(120_000)
    provider.rows.clear()
    add('other', 1_000)
    const account = provider.account({}, workspace, provided)
    expect(await readState(store, account)).toMatchObject({ revision: 0, state: { covered: [] } })
    clock.advance(100_000)
    const one = new Synchroniser({ account, store, owner: 'two', clock, timeoutMs: 5_000 })
    await pass(120_000, one)
    expect(await calls()).toEqual(['other'])
  })

  test.each([
    ['no call at all', 0],
    ['one call', 1],
    ['more calls of one moment than a page has', 20],
  ])('of a log with %s is complete after its first looks', async (_, count) => {
    const { clock, pass, provider, calls, account, state } = archived()
    const startedAt = clock.now() - HOUR
    for (let number = 0; number < count; number += 1)
      provider.rows.set(`call-${number}`, { id: `call-${number}`, startedAt, talkSeconds: 1, cost: null })
    await pass(10 * 60_000)
    expect(await calls()).toHaveLength(count)
    const { archive: settings } = account
    expect(
      archiveProgress({ state: await state(), settings: settings!, hasLoginEnded: false, now: clock.now() }),
    ).toMatchObject({ state: 'CURRENT', progress: 1 })
    provider.requests.splice(0)
    await pass(10 * 60_000)
    // One look a minute, each to the end of the newest moment.
    expect(provider.requests.length).toBeLessThanOrEqual(10 * Math.max(1, Math.ceil(count / provider.pageSize)))
  })

  test('goes on after the clock was hours ahead, in the same process and in the next one', async () => {
    const { add, pass, calls, clock, provider, synchroniserOf, state } = archived()
    for (let number = 0; number < 20; number += 1) add(`call-${number}`, number * HOUR)
    await pass(10 * 60_000)
    const ahead = { ...clock, now: () => clock.now() + 30 * HOUR }
    await pass(10 * 60_000, synchroniserOf('ahead', ahead))
    clock.advance(2 * 60_000)
    const next = synchroniserOf('next')
    add('new', 1_000)
    await pass(3 * 60_000, next)
    expect(await calls()).toContain('new')
    expect(Date.parse((await state()).syncedAt!)).toBeLessThanOrEqual(clock.now())
    provider.rows.delete('call-19')
    await pass(2 * HOUR, next)
    expect(await calls()).not.toContain('call-19')
  })

  test('asks no more often where two processes have looked at it by turns', async () => {
    const { add, clock, provider, synchroniserOf, pass } = archived({ everySeconds: 600 })
    add('one', HOUR)
    add('two', 2 * HOUR)
    await pass(2 * HOUR)
    const [one, other] = [synchroniserOf('one'), synchroniserOf('other')]
    const due = new Map([one, other].map((each, at) => [each, clock.now() + at * 100_000]))
    const passTogether = async (milliseconds: number) => {
      for (const end = clock.now() + milliseconds; clock.now() < end; clock.advance(10_000))
        for (const each of [one, other])
          if (clock.now() >= due.get(each)!) due.set(each, clock.now() + (await each.turn()))
    }
    await passTogether(HOUR + 300_000)
    // A webhook has told this one of the end of a call.
    expect(other.lookSoon()).toBe(true)
    due.set(other, clock.now())
    await passTogether(HOUR)
    provider.requests.splice(0)
    await passTogether(3 * HOUR)
    // One an interval, and the younger calls three times.
    expect(provider.requests.length).toBeLessThanOrEqual(3 * 6 + 3)
  })

  test('is not begun anew by processes that have not heard yet that the account was unlinked', async () => {
    const { add, pass, store, synchroniser, synchroniserOf } = archived()
    const other = synchroniserOf('two')
    for (let number = 0; number < 20; number += 1) add(`call-${number}`, number * HOUR)
    await pass(60_000)
    await other.turn()
    await store.forgetAccountEvents(KEY)
    expect(await synchroniser.turn()).toBe(60_000)
    await synchroniser.release()
    expect(await other.turn()).toBe(60_000)
    expect(await store.eventStream(ARCHIVE, KEY)).toBeNull()
    // It is there after all: the archive was removed alone.
    await pass(5 * 60_000)
    expect((await store.archiveFigures(KEY)).calls).toBe(20)
  })
})
