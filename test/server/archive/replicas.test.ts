import { randomBytes } from 'node:crypto'
import { setTimeout as passed } from 'node:timers/promises'

import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import pg from 'pg'

import { globalId } from '../../../src/model/id.js'
import { startBulutfonEmulator } from '../../../src/providers/bulutfon/emulator/emulator.js'
import { historyOf } from '../../archive/history.js'
import { Follower } from '../../support/live/follower.js'
import { postgresUnavailable, startPostgres, type TestPostgres } from '../../support/postgres.js'
import { startServerProcess, type ServerProcess } from '../../support/processes/start-server-process.js'

const CHANGE = 'id cursor kind callRecordId'
const FOLLOWED = {
  field: 'callRecordChanged',
  query: `subscription ($resumeAfter: String) { callRecordChanged(resumeAfter: $resumeAfter) { ${CHANGE} } }`,
}
const CHANGES = `query ($first: Int!, $after: String) {
  callRecordChanges(first: $first, after: $after) { nodes { ${CHANGE} } pageInfo { hasNextPage endCursor } } }`
const HELD = '{ account(key: "shared") { archive { calls } } }'

interface Change {
  readonly id: string
  readonly cursor: string
  readonly kind: 'CREATED' | 'UPDATED' | 'DELETED'
  readonly callRecordId: string
}
interface Changes {
  readonly nodes: readonly Change[]
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null }
}

/** Things that happen to the log, from one kill to the next. */
const STEPS = 12
const KILLS = 1
const HOUR_S = 3_600
const PATIENCE_MS = 10_000

const suite = postgresUnavailable ? describe.skip : describe

suite(`the archive of one account${postgresUnavailable ? ` (skipped: ${postgresUnavailable})` : ''}`, () => {
  let postgres: TestPostgres
  beforeAll(async () => {
    postgres = await startPostgres()
  }, 60_000)
  afterAll(() => postgres?.close())

  test('is kept by two replicas that are killed: every change reaches a follower once, in order', async () => {
    const store = await postgres.createDatabase()
    const emulator = await startBulutfonEmulator({ now: Date.now(), scale: 0.001 })
    let ahead = 0
    const history = historyOf(emulator, {
      ...{ calls: 60, seed: 7 },
      advance(milliseconds) {
        emulator.clock.advance(milliseconds)
        ahead += milliseconds / 1_000
      },
    })
    const keys = [randomBytes(32).toString('base64')]
    const account = emulator.accounts['masterToken']!
    const start = () => startServerProcess({ store, keys, account, ahead, archive: { everySeconds: 0.3 } })
    const replicas = await Promise.all([start(), start()])
    let turn = 0
    try {
      const [first] = await eventually(
        () => changesOf(replicas[0]!, 1),
        ({ length }) => length === 1,
      )
      const following = new Follower<Change>('websocket', () => replicas[turn++ % 2]!.url, first!.cursor, FOLLOWED)
      try {
        for (let kill = 0; kill < KILLS; kill += 1) {
          for (let step = 0; step < STEPS; step += 1) {
            history.step()
            if (step % 4 === 0) await passed(50)
          }
          await replicas[kill % 2]!.kill()
          replicas[kill % 2] = await start()
          await expired(store)
          following.leave()
        }
        history.quiet()
        // The younger calls are read again, all of them.
        const provided = new Set(history.calls().map(({ id }) => globalId('CallRecord', 'shared', id)))
        for (const replica of replicas) await replica.advance(2 * HOUR_S)
        const changes = await eventually(
          () => changesOf(replicas[1]!),
          (all) => same(fold(all), provided),
        )
        expect(fold(changes)).toEqual(provided)
        expect(await ask(replicas[0]!, HELD)).toEqual({ account: { archive: { calls: provided.size } } })
        await eventually(
          async () => following.told,
          ({ length }) => length >= changes.length - 1,
        )
        expect(following.complaints).toEqual([])
        expect([first, ...following.told]).toEqual(changes)
      } finally {
        await following.close()
      }
    } finally {
      await Promise.all(replicas.map((replica) => replica.kill()))
      await emulator.close()
    }
  }, 120_000)
})

/** All changes, page by page. */
async function changesOf(replica: ServerProcess, atMost = Infinity): Promise<readonly Change[]> {
  const changes: Change[] = []
  for (let after: string | null = null; ;) {
    const first = Math.min(100, atMost - changes.length)
    const read: { readonly callRecordChanges: Changes } = await ask(replica, CHANGES, { first, after })
    const { nodes, pageInfo } = read.callRecordChanges
    changes.push(...nodes)
    after = pageInfo.endCursor
    if (!pageInfo.hasNextPage || changes.length === atMost) return changes
  }
}

/** The ids of the calls that there are after all changes; @throws for a change out of turn. */
function fold(changes: readonly Change[]): ReadonlySet<string> {
  const there = new Set<string>()
  for (const { kind, callRecordId } of changes) {
    if (there.has(callRecordId) !== (kind !== 'CREATED')) throw new Error(`${kind} of ${callRecordId} out of turn`)
    if (kind === 'DELETED') there.delete(callRecordId)
    else there.add(callRecordId)
  }
  return there
}

const same = (left: ReadonlySet<string>, right: ReadonlySet<string>) =>
  left.size === right.size && [...left].every((id) => right.has(id))

async function ask<T>({ url }: ServerProcess, query: string, variables: object = {}): Promise<T> {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query, variables }),
  })
  return ((await response.json()) as { data: T }).data
}

/** What is read once it is as it is to be, or as it is when that does not come. */
async function eventually<T>(read: () => Promise<T>, isRight: (read: T) => boolean): Promise<T> {
  const end = performance.now() + PATIENCE_MS
  for (;;) {
    const found = await read()
    if (isRight(found) || performance.now() > end) return found
    await passed(50)
  }
}

/** As if the ninety seconds had passed after which another process goes on. */
async function expired(store: string): Promise<void> {
  const client = new pg.Client(store)
  await client.connect()
  await client.query("update leases set until = 0 where key = 'archive shared'").finally(() => client.end())
}
