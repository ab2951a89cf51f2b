import { describe, expect, test } from '@jest/globals'

import { Secret } from '../../src/secret.js'
import { ARCHIVE, type ArchiveQuery, type ArchiveStore } from '../../src/store/archive-store.js'
import { postgresUnavailable } from '../support/postgres.js'
import { archivedCall, archiving, asking, at, idsOf } from './archived-calls.js'
import { change, eventStores, STORES, type StoreName } from './event-stores.js'

const stores = eventStores()
if (postgresUnavailable) console.warn(`skipped: ${postgresUnavailable}`)
const runnable = (name: StoreName) => (name === 'postgres' && postgresUnavailable ? test.skip : test)

/** All that a query finds, page by page. */
async function walk(store: ArchiveStore, query: Partial<ArchiveQuery>): Promise<string[]> {
  const found: string[] = []
  for (let after: ArchiveQuery['after'] = null; ;) {
    const page = await store.archivedCalls(asking({ ...query, after }))
    if (page.length === 0) return found
    found.push(...idsOf(page))
    after = page.at(-1)!
  }
}

describe.each(STORES)('the archives of the %s store', (name) => {
  const it = runnable(name)

  it('give back a call as it was put', async () => {
    const store = await stores.fresh(name)
    const texts = ["o'clock", '\\', '$1 ? :x', '\u0000', 'a\nb\r\u2028', 'ğ\u{1f4de}', '"']
    const call = {
      ...archivedCall('one', '2026-03-01T09:00:00.007Z', {
        ...{ kind: 'VOICEMAIL', direction: 'OUTBOUND', disposition: "o'\\clock", callerNumber: '+902321112233' },
        ...{ calleeNumber: '+902324445566', durationSeconds: 61.5, waitSeconds: 0, talkSeconds: 12 },
      }),
      record: JSON.stringify({ texts }),
    }
    const bare = archivedCall('two', '1969-12-31T23:59:59.999Z')
    await store.appendEvents(archiving(0, { put: [call, bare] }))
    expect(await store.archivedCalls(asking())).toEqual([bare, call])
    expect(await store.archivedCall('izmir', 'one')).toEqual(call)
    expect(await store.archivedCall('prague', 'one')).toBeNull()
    expect(await store.archivedCall('izmir', 'three')).toBeNull()
    expect(await store.archivedCallsOf('izmir', ['three', 'one'])).toEqual([call])
    expect(await store.archivedCallsOf('prague', ['one'])).toEqual([])
    expect(await store.archivedCallsOf('izmir', [])).toEqual([])
  })

  it('are walked in both orders, calls of one moment by the code units of their ids', async () => {
    const store = await stores.fresh(name)
    const tied = ['b', 'B', '_', '-', '0', 'a', 'aa', 'Z', 'ab']
    const put = [
      ...tied.map((id) => archivedCall(id, at('09:00:00'))),
      ...[archivedCall('first', at('08:59:59')), archivedCall('last', at('09:00:01'))],
    ]
    await store.appendEvents(archiving(0, { put }))
    await store.appendEvents(archiving(0, { put: [archivedCall('other', at('09:00:00'))] }, { account: 'prague' }))
    const ordered = ['first', ...[...tied].sort(), 'last']
    for (const atMost of [1, 2, 3, 100]) {
      expect(await walk(store, { atMost })).toEqual(ordered)
      expect(await walk(store, { atMost, order: 'DESC' })).toEqual([...ordered].reverse())
    }
    const after = { startedAt: at('09:00:00'), id: 'between' }
    expect(await walk(store, { account: 'prague' })).toEqual(['other'])
    expect(idsOf(await store.archivedCalls(asking({ after, atMost: 1 })))).toEqual(['last'])
    expect(idsOf(await store.archivedCalls(asking({ after, atMost: 1, order: 'DESC' })))).toEqual(['b'])
  })

  it('select by every field, alone and together, and count what they select', async () => {
    const store = await stores.fresh(name)
    const put = [
      archivedCall('a', at('09:00:00'), { callerNumber: '+901', calleeNumber: '+902', durationSeconds: 10 }),
      archivedCall('b', at('10:00:00'), { direction: 'OUTBOUND', callerNumber: '+902', durationSeconds: 0 }),
      archivedCall('c', at('11:00:00'), { kind: 'FAX', disposition: 'MISSED', calleeNumber: '+901' }),
      archivedCall('d', at('12:00:00'), { callerNumber: '+903', calleeNumber: '+903', durationSeconds: 20.5 }),
    ]
    await store.appendEvents(archiving(0, { put }))
    const expected: readonly (readonly [Partial<ArchiveQuery>, string])[] = [
      ...([[{}, 'abcd']] as const),
      [{ from: at('10:00:00') }, 'bcd'],
      [{ until: at('11:00:00') }, 'ab'],
      [{ from: at('10:00:00'), until: at('12:00:00') }, 'bc'],
      [{ kinds: ['FAX'] }, 'c'],
      [{ kinds: ['FAX', 'CALL'] }, 'abcd'],
      [{ kinds: [] }, ''],
      [{ directions: ['OUTBOUND', 'INTERNAL'] }, 'b'],
      [{ dispositions: ['ANSWERED'] }, 'abd'],
      [{ numbers: ['+901'] }, 'ac'],
      [{ numbers: ['+902', '+903'] }, 'abd'],
      [{ numbers: [] }, ''],
      [{ callerNumbers: ['+902', '+903'] }, 'bd'],
      [{ calleeNumbers: ['+901', '+904'] }, 'c'],
      [{ callerNumbers: [] }, ''],
      [{ numbers: ['+902'], callerNumbers: ['+901'] }, 'a'],
      [{ callerNumbers: ['+903'], calleeNumbers: ['+903'] }, 'd'],
      [{ numbers: null, callerNumbers: null, kinds: null, minimumSeconds: null, maximumSeconds: null }, 'abcd'],
      [{ minimumSeconds: 0 }, 'abd'],
      [{ minimumSeconds: 10 }, 'ad'],
      [{ maximumSeconds: 20 }, 'ab'],
      [{ minimumSeconds: 1, maximumSeconds: 10 }, 'a'],
      [{ numbers: ['+901'], dispositions: ['MISSED'], from: at('09:30:00') }, 'c'],
    ]
    for (const [query, ids] of expected) {
      expect([query, await walk(store, { ...query, atMost: 2 })]).toEqual([query, [...ids]])
      expect([query, await walk(store, { ...query, order: 'DESC' })]).toEqual([query, [...ids].reverse()])
      expect([query, await store.countArchivedCalls(asking(query))]).toEqual([query, ids.length])
    }
  })

  it('change together with their stream and its events, or not at all', async () => {
    const store = await stores.fresh(name)
    const put = ['a', 'b', 'c'].map((id) => archivedCall(id, at('09:00:00')))
    expect(await store.appendEvents(archiving(0, { put }, { events: ['1', '2'] }))).toEqual([1, 2])
    const changed = archivedCall('a', at('09:00:00'), { disposition: 'MISSED' })
    const lost = archiving(0, { put: [changed], remove: ['b'] }, { events: ['3'] })
    for (const append of [lost, { ...lost, events: [] }, { ...lost, from: 7 }])
      expect(await store.appendEvents(append)).toBeNull()
    expect(await store.archivedCalls(asking())).toEqual(put)
    expect(await store.archiveChanges(['izmir'], 0, 10)).toHaveLength(2)
    // Without an event, too; an id that is put is not removed, and one that is not there is no matter.
    const moved = archivedCall('c', at('08:00:00'), { callerNumber: '+901' })
    expect(await store.appendEvents(archiving(1, { put: [changed, moved], remove: ['a', 'b', 'none'] }))).toEqual([])
    expect(await store.archivedCalls(asking())).toEqual([moved, changed])
    expect(await store.archivedCalls(asking({ numbers: ['+901'] }))).toEqual([moved])
  })

  it('are changed by one of many who change them at once', async () => {
    const store = await stores.fresh(name)
    const appends = Array.from({ length: 8 }, (_, by) =>
      store.appendEvents(archiving(0, { put: [archivedCall(`by ${by}`, at('09:00:00'))] }, { events: [`${by}`] })),
    )
    const won = (await Promise.all(appends)).findIndex((positions) => positions !== null)
    expect(idsOf(await store.archivedCalls(asking()))).toEqual([`by ${won}`])
    expect(await store.archiveChanges(['izmir'], 0, 10)).toMatchObject([{ position: 1, body: `${won}` }])
  })

  it('take many calls at once, and forget them in parts', async () => {
    const store = await stores.fresh(name)
    const put = Array.from({ length: 2_300 }, (_, index) =>
      archivedCall(`${index}`.padStart(5, '0'), new Date(Date.parse(at('00:00:00')) + index).toISOString()),
    )
    const events = put.map(({ id }) => `"${id}"`)
    expect(await store.appendEvents(archiving(0, { put }, { events }))).toHaveLength(2_300)
    expect(await store.archiveFigures('izmir')).toEqual({
      ...{ calls: 2_300, oldest: put[0]!.startedAt, newest: put.at(-1)!.startedAt },
    })
    expect(idsOf(await store.archivedCalls(asking({ after: put[1_000]!, atMost: 2 })))).toEqual(['01001', '01002'])
    await store.appendEvents(archiving(1, { remove: idsOf(put.slice(0, 700)) }))
    expect(await store.countArchivedCalls(asking())).toBe(1_600)
    await store.forgetArchivedCalls('izmir', Date.parse(put[2_200]!.startedAt))
    expect(await store.archivedCalls(asking())).toEqual(put.slice(2_200))
    expect(await store.archiveChanges(['izmir'], 0, 10)).toEqual([])
    await store.removeArchive('izmir')
    expect(await store.archiveFigures('izmir')).toEqual({ calls: 0, oldest: null, newest: null })
  })

  it('tell the changes of the accounts that are asked for, after a position', async () => {
    const store = await stores.fresh(name)
    const of = (account: string, events: string[], from = 0) => archiving(from, {}, { account, events, at: 2_000 })
    await store.appendEvents(of('izmir', ['1', '2']))
    await store.appendEvents(change('izmir/live', 0, ['3']))
    await store.appendEvents(of('prague', ['4']))
    await store.appendEvents(of('lyon', ['5']))
    await store.appendEvents(of('izmir', ['6'], 1))
    const bodies = async (...asked: Parameters<ArchiveStore['archiveChanges']>) =>
      (await store.archiveChanges(...asked)).map(({ body }) => body).join('')
    expect(await bodies(['izmir', 'prague'], 0, 10)).toBe('1246')
    expect(await bodies(['prague', 'izmir', 'none'], 1, 2)).toBe('24')
    expect(await bodies(['izmir'], 6, 10)).toBe('')
    expect(await bodies([], 0, 10)).toBe('')
    expect(await store.archiveChanges(['prague'], 0, 10)).toMatchObject([
      { position: 4, workspace: 'default', account: 'prague', body: '4', at: 2_000 },
    ])
  })

  it('keep their changes when events are forgotten, and let nothing be forgotten for them', async () => {
    const store = await stores.fresh(name)
    await store.appendEvents(archiving(0, {}, { events: ['1'] }))
    await store.appendEvents(change('izmir/1', 0, ['2'], { isOpen: false }))
    await store.appendEvents(archiving(1, {}, { events: ['3'] }))
    await store.appendEvents(change('izmir/2', 0, ['4'], { at: 5_000 }))
    await store.appendEvents(archiving(2, {}, { events: ['5'] }))
    await store.forgetEvents(5_000)
    expect(await store.logBounds()).toEqual({ forgotten: 2, last: 5 })
    await store.forgetEvents(9_000)
    expect(await store.logBounds()).toEqual({ forgotten: 4, last: 5 })
    const left = await store.eventsAfter(0, 10)
    expect(left.map(({ position, topic }) => [position, topic])).toEqual([1, 3, 5].map((one) => [one, ARCHIVE]))
    expect(await store.eventsAfter(0, 10, ARCHIVE)).toEqual(left)
    expect(await store.eventsAfter(0, 10, 'calls')).toEqual([])
    expect(await store.eventStream(ARCHIVE, 'izmir')).toMatchObject({ revision: 3 })
  })

  it('forget the calls that began, and the changes that were seen, before a time', async () => {
    const store = await stores.fresh(name)
    const noon = Date.parse(at('12:00:00'))
    const put = [archivedCall('old', at('11:59:59')), archivedCall('new', at('12:00:00'))]
    await store.appendEvents(archiving(0, { put }, { events: ['1'], at: noon - 1 }))
    await store.appendEvents(archiving(0, { put }, { events: ['2'], at: noon - 1, account: 'prague' }))
    await store.appendEvents(change('izmir/1', 0, ['3'], { at: noon - 1 }))
    await store.appendEvents(archiving(1, {}, { events: ['4'], at: noon }))
    // From a process whose clock is behind.
    await store.appendEvents(archiving(2, {}, { events: ['5'], at: noon - 1 }))
    await store.forgetArchivedCalls('izmir', noon)
    expect(idsOf(await store.archivedCalls(asking()))).toEqual(['new'])
    expect((await store.eventsAfter(0, 10)).map(({ body }) => body)).toEqual(['2', '3', '4'])
    expect(await store.countArchivedCalls(asking({ account: 'prague' }))).toBe(2)
    expect(await store.logBounds()).toEqual({ forgotten: 0, last: 5 })
    expect(await store.eventStream(ARCHIVE, 'izmir')).toMatchObject({ revision: 3 })
  })

  it('are removed whole, and begin anew', async () => {
    const store = await stores.fresh(name)
    const put = [archivedCall('one', at('09:00:00'))]
    await store.appendEvents(archiving(0, { put }, { events: ['1'] }))
    await store.appendEvents(archiving(0, { put }, { events: ['2'], account: 'prague' }))
    await store.appendEvents(change('izmir/1', 0, ['3']))
    await store.removeArchive('izmir')
    expect([await store.archivedCalls(asking()), await store.eventStream(ARCHIVE, 'izmir')]).toEqual([[], null])
    expect((await store.eventsAfter(0, 10)).map(({ body }) => body)).toEqual(['2', '3'])
    expect(await store.countArchivedCalls(asking({ account: 'prague' }))).toBe(1)
    expect(await store.appendEvents(archiving(1, { put }))).toBeNull()
    expect(await store.appendEvents(archiving(0, { put }, { events: ['4'] }))).toEqual([4])
    expect(await store.archivedCalls(asking())).toEqual(put)
  })

  it('go with the account that is unlinked', async () => {
    const store = await stores.fresh(name)
    const linked = { key: 'izmir', workspace: 'default', provider: 'ipex', label: 'Izmir', pendingUntil: null }
    await store.link({ ...linked, link: 'l1', settings: new Secret('{}') }, new Map(), 5, 0)
    const put = [archivedCall('one', at('09:00:00'))]
    await store.appendEvents(archiving(0, { put }, { events: ['1'] }))
    await store.appendEvents(archiving(0, { put }, { events: ['2'], account: 'prague' }))
    expect(await store.unlink('l1', () => [])).toBe(true)
    expect([await store.archivedCalls(asking()), await store.eventStream(ARCHIVE, 'izmir')]).toEqual([[], null])
    expect(await store.archiveChanges(['izmir', 'prague'], 0, 10)).toMatchObject([{ body: '2' }])
    expect(await store.archivedCalls(asking({ account: 'prague' }))).toEqual(put)
  })
})

describe.each(['sqlite', 'postgres'] as const)('the archives of two processes in the %s store', (name) => {
  runnable(name)('are the same, and changed by the faster of them', async () => {
    const url = await stores.url(name)
    const [one, two] = [await stores.open(url), await stores.open(url)]
    const put = [archivedCall('one', at('09:00:00'))]
    expect(await one.appendEvents(archiving(0, { put }, { events: ['1'] }))).toEqual([1])
    expect(await two.archivedCalls(asking())).toEqual(put)
    expect(await two.archiveChanges(['izmir'], 0, 10)).toHaveLength(1)
    // One after the other: in one process, SQLite's second writer would keep the first from going on.
    const by = (who: string) => archiving(1, { put: [archivedCall(who, at('10:00:00'))], remove: ['one'] })
    expect([await two.appendEvents(by('two')), await one.appendEvents(by('one'))]).toEqual([[], null])
    for (const store of [one, two]) expect(idsOf(await store.archivedCalls(asking()))).toEqual(['two'])
  })
})
