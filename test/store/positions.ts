import { setImmediate as turn } from 'node:timers/promises'

import pg from 'pg'

import type { EventLog } from '../../src/store/event-log.js'
import { openStore } from '../../src/store/open-store.js'
import { change, KEYS } from './event-stores.js'

export interface PositionsSettings {
  readonly events: number
  readonly writers: number
  readonly readers: number
  /** Each append is delayed up to so long before it has its position, and before it commits. */
  readonly delayMs: number
}

export interface Positions {
  readonly appends: number
  /** Appends that came second on their stream. */
  readonly refused: number
  /** Events that some reader, which reads on and never back, has not seen. */
  readonly skipped: number
  /** Events that some reader has seen twice, or after a later one. */
  readonly repeated: number
  /** Positions that no event has. */
  readonly gaps: number
  readonly seconds: number
}

/**
 * Appends from several stores of their own pools to streams that they share, while readers of other
 * stores read on from where they are. In the database, transactions are delayed at random: before the
 * stream is changed, after the event has its position, and at the commit.
 */
export async function readPositions(url: string, settings: PositionsSettings): Promise<Positions> {
  const { events, writers, readers, delayMs } = settings
  const open = (times: number) => Promise.all(Array.from({ length: times }, () => openStore(url, KEYS)))
  const [writing, reading] = [await open(writers), await open(readers)]
  await delayAppends(url, delayMs)
  const counts = { appends: 0, refused: 0, appended: 0 }
  const began = performance.now()
  const seen = Promise.all(reading.map((log) => readOn(log, events)))
  const write = async (log: EventLog, at: number) => {
    while (counts.appended < events) {
      const stream = `izmir/${Math.floor(Math.random() * 4 * writers)}`
      const from = (await log.eventStream('calls', stream))?.revision ?? 0
      const size = Math.min(1 + Math.floor(Math.random() * 4), events - counts.appended)
      if (size <= 0) return
      counts.appended += size
      const positions = await log.appendEvents(change(stream, from, Array<string>(size).fill(`"of ${at}"`)))
      counts.appends += 1
      if (positions) continue
      counts.refused += 1
      counts.appended -= size
    }
  }
  // Two at a time of each store. A writer may stop while another one's append is yet refused.
  while (counts.appended < events) await Promise.all(writing.flatMap((log, at) => [write(log, at), write(log, at)]))
  const found = { skipped: 0, repeated: 0 }
  for (const positions of await seen) {
    found.skipped += events - new Set(positions).size
    found.repeated += positions.filter((position, index) => index > 0 && position <= positions[index - 1]!).length
  }
  const seconds = (performance.now() - began) / 1000
  const { last } = await reading[0]!.logBounds()
  await Promise.all([...writing, ...reading].map((store) => store.close()))
  return { appends: counts.appends, refused: counts.refused, ...found, gaps: last - events, seconds }
}

/** Reads on until the last event has been seen; what was skipped by then is never seen. */
async function readOn(log: EventLog, events: number): Promise<number[]> {
  const positions: number[] = []
  let last = 0
  while (last < events) {
    const read = await log.eventsAfter(last, 200)
    for (const { position } of read) positions.push(position)
    last = read.at(-1)?.position ?? last
    await turn()
  }
  return positions
}

async function delayAppends(url: string, delayMs: number): Promise<void> {
  const client = new pg.Client(url)
  await client.connect()
  await client.query(`
    create function delayed() returns trigger language plpgsql as $$
    begin
      if random() < 0.3 then perform pg_sleep(random() * ${delayMs / 1000}); end if;
      return new;
    end $$;
    create trigger before_the_stream before insert or update on event_streams for each row execute function delayed();
    create trigger before_the_event before insert on events for each row execute function delayed();
    create constraint trigger at_the_commit after insert or update on event_streams
      deferrable initially deferred for each row execute function delayed();`)
  await client.end()
}
