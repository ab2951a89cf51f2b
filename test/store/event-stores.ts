import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterAll, afterEach, beforeAll } from '@jest/globals'

import type { Append } from '../../src/store/event-log.js'
import { memoryStore } from '../../src/store/memory.js'
import { openStore } from '../../src/store/open-store.js'
import type { Store } from '../../src/store/store.js'
import { postgresUnavailable, startPostgres, type TestPostgres } from '../support/postgres.js'

export const KEYS = [randomBytes(32).toString('base64')]
export const STORES = ['memory', 'sqlite', 'postgres'] as const
export type StoreName = (typeof STORES)[number]

export interface EventStores {
  /** The address of a fresh, empty store. */
  url(name: StoreName): Promise<string>
  /** Closed after the test. */
  open(url: string): Promise<Store>
  fresh(name: StoreName): Promise<Store>
  /** Closes something after the test, before the stores. */
  later(close: () => unknown): void
}

/** Stores for the tests of one file. */
export function eventStores(): EventStores {
  let postgres: TestPostgres | null = null
  let folder = ''
  let files = 0
  const closing: (() => unknown)[] = []

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'dialgraph-events-'))
    if (!postgresUnavailable) postgres = await startPostgres()
  }, 60_000)
  afterEach(async () => {
    for (const close of closing.splice(0).reverse()) await close()
  })
  afterAll(async () => {
    await postgres?.close()
    rmSync(folder, { recursive: true, force: true })
  })

  const url = async (name: StoreName) => {
    if (name === 'postgres') return postgres!.createDatabase()
    return name === 'memory' ? 'memory:' : `sqlite:${join(folder, `${++files}.db`)}`
  }
  const open = async (at: string) => {
    // A store in memory that is opened by its URL counts from the time of day.
    const store = at === 'memory:' ? memoryStore() : await openStore(at, KEYS)
    closing.push(() => store.close())
    return store
  }
  return { url, open, fresh: async (name) => open(await url(name)), later: (close) => void closing.push(close) }
}

export const change = (
  stream: string,
  from: number,
  events: readonly string[],
  more: Partial<Append> = {},
): Append => ({
  topic: 'calls',
  stream,
  workspace: 'default',
  account: 'izmir',
  from,
  state: JSON.stringify({ after: from + 1 }),
  isOpen: true,
  events,
  at: 1_000,
  ...more,
})
