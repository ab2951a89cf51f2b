import { setTimeout as passed } from 'node:timers/promises'

import { describe, expect, test } from '@jest/globals'
import pg from 'pg'

import type { EventLog } from '../../src/store/event-log.js'
import { keyring } from '../../src/store/keyring.js'
import { CHANNEL, LISTENING, listenForEvents } from '../../src/store/sql/postgres-listen.js'
import { openPostgres } from '../../src/store/sql/postgres.js'
import { sqlStore } from '../../src/store/sql/sql.js'
import { pgbouncerUnavailable, startPgbouncer } from '../support/pgbouncer.js'
import { postgresUnavailable } from '../support/postgres.js'
import { startTcpProxy } from '../support/tcp-proxy.js'
import { change, eventStores, KEYS } from './event-stores.js'
import { readPositions } from './positions.js'

const stores = eventStores()
const it = postgresUnavailable ? test.skip : test
const behindPooler = (postgresUnavailable ?? pgbouncerUnavailable) ? test.skip : test
/** A second, and the time that a busy machine takes. */
const ABOUT_A_SECOND = 2_500

async function client(url: string): Promise<pg.Client> {
  const opened = new pg.Client(url)
  opened.on('error', () => {})
  await opened.connect()
  stores.later(() => opened.end())
  return opened
}

/** How many connections of a database listen. */
async function listening(asked: pg.Client): Promise<number> {
  const found = await asked.query<{ count: string }>(
    'select count(*) from pg_stat_activity where application_name = $1 and datname = current_database()',
    [LISTENING],
  )
  return Number(found.rows[0]!.count)
}

async function until(isSo: () => Promise<boolean> | boolean): Promise<void> {
  while (!(await isSo())) await passed(5)
}

/** Milliseconds from an append of one to the moment at which the other, woken, reads it. */
async function delivery(from: EventLog, to: EventLog, stream: string): Promise<number> {
  const { last } = await from.logBounds()
  const began = performance.now()
  await new Promise<void>((resolve, reject) => {
    const stop = to.wakeOnEvents(() => {
      // While connections break, reading may fail; the next wake reads again.
      to.eventsAfter(last, 1).then(
        (read) => {
          if (read.length === 0) return
          stop()
          resolve()
        },
        () => {},
      )
    })
    from.appendEvents(change(stream, 0, ['x'])).catch(reject)
  })
  return performance.now() - began
}

describe('positions', () => {
  it('are skipped by no reader and read twice by none, in whatever order transactions begin, wait and commit', async () => {
    const url = await stores.url('postgres')
    expect(await readPositions(url, { events: 800, writers: 4, readers: 2, delayMs: 4 })).toMatchObject({
      ...{ skipped: 0, repeated: 0, gaps: 0, refused: expect.any(Number) },
    })
  }, 60_000)

  it('are read on while a neighbour holds a transaction open that has written', async () => {
    const url = await stores.url('postgres')
    const [one, two] = [await stores.open(url), await stores.open(url)]
    const neighbour = await client(url)
    await neighbour.query('create table neighbour (x integer); begin; insert into neighbour values (1)')
    expect(await one.appendEvents(change('izmir/1', 0, ['x', 'y']))).toEqual([1, 2])
    expect(await two.eventsAfter(0, 10)).toHaveLength(2)
    expect((await two.openStreams('calls')).bounds).toEqual({ forgotten: 0, last: 2 })
  })
})

describe('a log that is held up', () => {
  /** A store that waits 300 ms for locks, and a stranger who holds one. */
  async function heldUp(lock: string) {
    const url = await stores.url('postgres')
    await stores.open(url)
    const dialect = openPostgres(url, { connectMs: 15_000, statementMs: 15_000, lockMs: 300 })
    const store = sqlStore(dialect, keyring(KEYS))
    stores.later(() => store.close())
    expect(await store.appendEvents(change('izmir/1', 0, ['x']))).toEqual([1])
    const stranger = await client(url)
    await stranger.query(`begin; ${lock}`)
    return { store, stranger }
  }

  it('refuses to append after a while, keeps nothing else waiting, and goes on without a gap', async () => {
    const { store, stranger } = await heldUp("select * from event_log where name = 'last' for update")
    const appends = Array.from({ length: 20 }, (_, index) =>
      store.appendEvents(change(`izmir/waiting ${index}`, 0, ['x'])).then(
        () => 'appended',
        (error: { code?: string; message: string }) => error.code ?? error.message,
      ),
    )
    expect(await store.read('izmir')).toBeNull()
    expect(await store.lease('izmir', 'one', 20_000)).toBe(true)
    expect(await store.eventsAfter(0, 10)).toHaveLength(1)
    expect((await store.openStreams('calls')).bounds).toEqual({ forgotten: 0, last: 1 })
    await store.forgetEvents(2_000)
    expect(await store.logBounds()).toEqual({ forgotten: 1, last: 1 })
    // SQLSTATE 55P03: lock_not_available.
    expect(new Set(await Promise.all(appends))).toEqual(new Set(['55P03']))
    await stranger.query('rollback')
    expect(await store.appendEvents(change('izmir/waiting 0', 0, ['x']))).toEqual([2])
  })

  it('at one stream holds up no other', async () => {
    const { store, stranger } = await heldUp("select * from event_streams where stream = 'izmir/1' for update")
    const waiting = store.appendEvents(change('izmir/1', 1, ['x']))
    expect(await store.appendEvents(change('izmir/2', 0, ['y']))).toEqual([2])
    await expect(waiting).rejects.toMatchObject({ code: '55P03' })
    await stranger.query('rollback')
    expect(await store.appendEvents(change('izmir/1', 1, ['x']))).toEqual([3])
  })

  it('by a process that died while it appended lets the others go on, and its append is whole or nothing', async () => {
    const url = await stores.url('postgres')
    const proxy = await startTcpProxy(url)
    stores.later(() => proxy.close())
    const [cut, other, asked] = [await stores.open(proxy.url(url)), await stores.open(url), await client(url)]
    for (let index = 0; index < 10; index++) {
      await cut.appendEvents(change(`izmir/first ${index}`, 0, ['x'])).catch(() => {})
      const dying = cut.appendEvents(change(`izmir/dying ${index}`, 0, ['x', 'y'])).catch(() => {})
      if (index % 2 === 0) await passed(1)
      proxy.part()
      proxy.cut()
      proxy.heal()
      expect(await other.appendEvents(change(`izmir/other ${index}`, 0, ['z']))).toHaveLength(1)
      await dying
      // In one statement: what was under way when its connection broke may still be committed between two.
      const kept = await asked.query<{ streams: string; events: string }>(
        `select (select count(*) from event_streams where stream = $1) as streams,
                (select count(*) from events where stream = $1) as events`,
        [`izmir/dying ${index}`],
      )
      expect(['1 2', '0 0']).toContain(`${kept.rows[0]!.streams} ${kept.rows[0]!.events}`)
    }
  }, 60_000)
})

describe('a process that others wake', () => {
  it('listens over a connection of its own, and only while somebody wants to know', async () => {
    const url = await stores.url('postgres')
    const [store, asked] = [await stores.open(url), await client(url)]
    expect(await listening(asked)).toBe(0)
    const stop = [store.wakeOnEvents(() => {}), store.wakeOnEvents(() => {})]
    await until(async () => (await listening(asked)) === 1)
    stop[0]!()
    expect(await listening(asked)).toBe(1)
    stop[1]!()
    await until(async () => (await listening(asked)) === 0)
  })

  it('learns of an event before it would have looked', async () => {
    const url = await stores.url('postgres')
    const [one, two, asked] = [await stores.open(url), await stores.open(url), await client(url)]
    two.wakeOnEvents(() => {})
    await until(async () => (await listening(asked)) === 1)
    const times: number[] = []
    for (let index = 0; index < 10; index++) times.push(await delivery(one, two, `izmir/${index}`))
    // Looking once in 750 ms takes half of it in the middle.
    expect(times.sort((a, b) => a - b)[5]).toBeLessThan(200)
  })

  it('misses nothing when its connections break, and listens again', async () => {
    const url = await stores.url('postgres')
    const proxy = await startTcpProxy(url)
    stores.later(() => proxy.close())
    const [one, two, asked] = [await stores.open(url), await stores.open(proxy.url(url)), await client(url)]
    two.wakeOnEvents(() => {})
    for (let turn = 0; turn < 3; turn++) {
      await until(async () => (await listening(asked)) === 1)
      proxy.cut()
      expect(await delivery(one, two, `izmir/${turn}`)).toBeLessThan(ABOUT_A_SECOND)
    }
  })

  it('notices by itself that its connection is silent, or was ended, and is woken once it listens again', async () => {
    const url = await stores.url('postgres')
    const proxy = await startTcpProxy(url)
    stores.later(() => proxy.close())
    const asked = await client(url)
    let woken = 0
    const options = { connectionString: proxy.url(url), connectionTimeoutMillis: 1_000, query_timeout: 300 }
    stores.later(listenForEvents({ ...options, heartbeatMs: 100 }, () => (woken += 1)))
    const isWoken = async () => {
      const before = woken
      await until(async () => {
        await asked.query(`notify ${CHANNEL}`)
        return woken > before
      })
    }
    await isWoken()
    const breaks = [
      () => (proxy.part(), proxy.heal()),
      () => proxy.cut(),
      async () => {
        const end = 'select pg_terminate_backend(pid) from pg_stat_activity where application_name = $1'
        await asked.query(end, [LISTENING])
      },
    ]
    for (const broken of breaks) {
      await broken()
      const before = woken
      await until(() => woken > before)
      await isWoken()
    }
  })

  behindPooler('looks once a second behind PgBouncer, where it does not listen', async () => {
    const url = await stores.url('postgres')
    const pooler = await startPgbouncer(url)
    stores.later(() => pooler.close())
    const pooled = pooler.url(new URL(url).pathname.slice(1))
    const [one, two, asked] = [await stores.open(pooled), await stores.open(pooled), await client(url)]
    for (let index = 0; index < 3; index++)
      expect(await delivery(one, two, `izmir/${index}`)).toBeLessThan(ABOUT_A_SECOND)
    let woken = 0
    stores.later(listenForEvents({ connectionString: pooled }, () => (woken += 1)))
    // It would be woken as soon as it listened.
    await passed(300)
    await asked.query(`notify ${CHANNEL}`)
    expect(woken).toBe(0)
  })

  behindPooler('appends behind PgBouncer within its time, and leaves the settings to nobody', async () => {
    const url = await stores.url('postgres')
    const pooler = await startPgbouncer(url)
    stores.later(() => pooler.close())
    const pooled = pooler.url(new URL(url).pathname.slice(1))
    const logs = [await stores.open(pooled), await stores.open(pooled)]
    const appended = await Promise.all(
      Array.from({ length: 40 }, (_, index) => logs[index % 2]!.appendEvents(change(`izmir/${index}`, 0, ['x', 'y']))),
    )
    expect(appended.flat().sort((a, b) => a! - b!)).toEqual(Array.from({ length: 80 }, (_, index) => index + 1))
    const other = await client(pooled)
    for (let turn = 0; turn < 4; turn++)
      expect((await other.query('show lock_timeout')).rows).toEqual([{ lock_timeout: '0' }])
  })
})
