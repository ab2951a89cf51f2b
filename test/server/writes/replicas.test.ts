import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'

import { postgresUnavailable, startPostgres, type TestPostgres } from '../../support/postgres.js'
import { crowd } from '../../support/proof.js'
import { WRITE_KINDS, type WriteCase } from './write-cases.js'
import { sqliteFile, startWrittenReplicas, type Replica, type WrittenReplicas } from './written-replicas.js'

interface Payload {
  readonly extension?: { readonly id: string; readonly displayName: string } | null
  readonly userErrors: readonly { readonly code: string }[]
}

const DAY_SECONDS = 24 * 3_600

let here: WrittenReplicas
let made = 0
let ready: { readonly name: string; readonly one: WriteCase }[] = []

/** Makes what is written to before any server reads it: what a server has read may be a minute old. */
async function prepare(...names: readonly string[]): Promise<void> {
  ready = []
  for (const name of names) {
    const kind = WRITE_KINDS.find((one) => one.name === name && one.account === 'izmir')!
    ready.push({ name, one: await kind.make(here.emulators, ++made) })
  }
  here.clear()
}

/** One that nothing has been done to yet. */
const take = (name = 'extensionUpdate'): WriteCase =>
  ready.splice(
    ready.findIndex((one) => one.name === name),
    1,
  )[0]!.one

const send = async (
  replica: Replica,
  { document, input }: WriteCase,
  more: object = {},
  caller?: 'one' | 'other',
): Promise<Payload> => (await replica.ask<{ write: Payload }>(document, { input: { ...input, ...more } }, caller)).write

const codes = ({ userErrors }: Payload) => userErrors.map(({ code }) => code)

/** Holds the request of a write at its provider. */
function hold({ request }: WriteCase) {
  let arrived = () => {}
  const arrival = new Promise<void>((resolve) => (arrived = resolve))
  let release = () => {}
  const until = new Promise<void>((resolve) => (release = resolve))
  here.emulators.bulutfon.faults.next({ ...request, until, when: () => (arrived(), true) })
  return { arrival, release: () => release() }
}

async function changesOf({ input }: WriteCase): Promise<readonly string[]> {
  const { changes } = await here.replicas[0]!.ask<{ changes: { nodes: { targetId: string; outcome: string }[] } }>(
    '{ changes(first: 50) { nodes { targetId outcome } } }',
  )
  return changes.nodes.filter(({ targetId }) => targetId === input['id']).map(({ outcome }) => outcome)
}

/** So many at once with one key, over all replicas: one write, and all are told the same. */
async function askAtOnce(count: number): Promise<void> {
  const one = take()
  const { replicas } = here
  const answers = await Promise.all(
    Array.from({ length: count }, (_, index) =>
      send(replicas[index % replicas.length]!, one, { idempotencyKey: `crowd` }),
    ),
  )
  expect(here.writes()).toEqual([expect.stringMatching(/^PUT \/extensions\/\d+$/)])
  expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1)
  expect(answers[0]).toMatchObject({ extension: { displayName: one.input['displayName'] }, userErrors: [] })
  expect(await one.isDone()).toBe(true)
  expect(await changesOf(one)).toEqual(['DONE'])
}

const suite = postgresUnavailable ? describe.skip : describe
suite(postgresUnavailable ? `(skipped: ${postgresUnavailable})` : 'two servers on one PostgreSQL', () => {
  let postgres: TestPostgres
  let replicaA: Replica
  let replicaB: Replica
  beforeAll(async () => {
    postgres = await startPostgres()
    here = await startWrittenReplicas(await postgres.createDatabase(), 2)
    await prepare('extensionDelete', ...Array.from({ length: 9 }, () => 'extensionUpdate'))
    ;[replicaA, replicaB] = here.replicas as [Replica, Replica]
  }, 60_000)
  afterAll(async () => {
    await here.close()
    await postgres.close()
  })
  beforeEach(() => here.clear())
  afterEach(() => here.emulators.bulutfon.faults.clear())

  test('send once what a hundred ask for at once with one key, and tell all the same', () => askAtOnce(100), 30_000)

  test('refuse a key that stood for another input, and send nothing', async () => {
    const one = take()
    const key = { idempotencyKey: 'stands for one input' }
    expect(codes(await send(replicaA, one, key))).toEqual([])
    here.clear()
    for (const replica of [replicaA, replicaB]) {
      const other = await send(replica, one, { ...key, displayName: 'Another name' })
      expect(other).toMatchObject({
        extension: null,
        userErrors: [{ code: 'IDEMPOTENCY_KEY_REUSED', field: ['idempotencyKey'] }],
      })
    }
    expect([here.writes(), await changesOf(one)]).toEqual([[], ['DONE']])
  })

  test('take the same key of another caller, or for another mutation, for another key', async () => {
    const one = take()
    const key = { idempotencyKey: 'of several' }
    await send(replicaA, one, key)
    await send(replicaB, one, key)
    expect(here.writes()).toHaveLength(1)
    await send(replicaB, one, key, 'other')
    expect(here.writes()).toHaveLength(2)
    expect(codes(await send(replicaB, take('extensionDelete'), key))).toEqual([])
    expect(here.writes()).toHaveLength(3)
  })

  test('answer a key for a day, and then let it be used again', async () => {
    const one = take()
    const key = { idempotencyKey: 'for a day' }
    const first = await send(replicaA, one, key)
    here.clock.advance(DAY_SECONDS - 60)
    expect(await send(replicaB, one, key)).toEqual(first)
    expect(here.writes()).toHaveLength(1)
    here.clock.advance(60)
    expect(codes(await send(replicaB, one, key))).toEqual([])
    expect(here.writes()).toHaveLength(2)
    expect(codes(await send(replicaA, one, { ...key, displayName: 'Another name' }))).toEqual([
      'IDEMPOTENCY_KEY_REUSED',
    ])
  })

  test('let different objects not wait for one another, and write to the same one at a time', async () => {
    const [one, other, third] = [take(), take(), take()]
    const { arrival, release } = hold(one)
    const first = send(replicaA, one)
    await arrival
    const second = send(replicaB, one, { displayName: 'Second' })
    const same = send(replicaA, one, { displayName: 'Third' })
    expect(codes(await send(replicaB, other))).toEqual([])
    expect(codes(await send(replicaA, third))).toEqual([])
    const paths = here.writes()
    expect(new Set(paths).size).toBe(3)
    release()
    expect((await Promise.all([first, second, same])).flatMap(codes)).toEqual([])
    const later = here.writes().slice(3)
    expect(later).toEqual([paths[0], paths[0]])
  })

  test('let a repeated request wait for the first one, up to its deadline', async () => {
    const one = take()
    const hurried = await here.start({ operationTimeoutMs: 1_000 })
    const { arrival, release } = hold(one)
    const key = { idempotencyKey: 'under way' }
    const first = send(replicaA, one, key)
    await arrival
    const second = send(replicaB, one, key)
    const late = await hurried
      .ask<{ write: Payload } | null>(one.document, { input: { ...one.input, ...key } })
      .catch(String)
    release()
    expect(await first).toMatchObject({ userErrors: [] })
    expect(await second).toEqual(await first)
    expect(late).toMatchObject({ write: { userErrors: [{ code: 'IN_PROGRESS', retryable: true }] } })
    expect(here.writes()).toHaveLength(1)
    expect(await send(hurried, one, key)).toEqual(await first)
  })

  test('forget what they have read of what another has written, and of nothing else', async () => {
    const one = take()
    // What stands in the detail alone is kept for a minute, which is longer than this test waits.
    const LISTS = `query ($id: ID!) { node(id: $id) { ... on Extension { displayName voicemailEnabled } } extensions(first: 100) { nodes { id displayName account { key } } } }`
    const seenAt = async (replica: Replica) => {
      const { node } = await replica.ask<{ node: { voicemailEnabled: boolean } }>(LISTS, { id: one.input['id'] })
      return node
    }
    const before = { displayName: 'Before', voicemailEnabled: false }
    for (const replica of [replicaA, replicaB]) expect(await seenAt(replica)).toEqual(before)
    here.clear()
    for (const replica of [replicaA, replicaB]) expect(await seenAt(replica)).toEqual(before)
    expect(here.reads()).toEqual([])
    await send(replicaA, one)
    // Each is told by the store, which takes a moment.
    while (!(await seenAt(replicaB)).voicemailEnabled) await new Promise(setImmediate)
    const after = { displayName: one.input['displayName'], voicemailEnabled: true }
    for (const replica of [replicaA, replicaB]) expect(await seenAt(replica)).toEqual(after)
    expect(here.emulators.ipex.journal.apiRequests).toEqual([])
  }, 30_000)

  test('look at the provider, and not at what they have read, where another could not complete its record', async () => {
    const EXTENSIONS = '{ extensions(first: 100) { nodes { id } } }'
    await replicaB.ask(EXTENSIONS)
    // Made after that, so it seems gone to whoever looks at what was read before.
    await prepare('extensionDelete')
    const one = take('extensionDelete')
    const away = () => Promise.reject(new Error('the store is away'))
    const other = await here.start({}, (store) => ({ ...store, endChange: away, appendEvents: away }))
    here.emulators.bulutfon.faults.next({ ...one.request, status: 422, body: '{}' })
    const key = { idempotencyKey: 'left open' }
    expect(codes(await send(other, one, key))).toEqual(['PROVIDER_REJECTED'])
    expect(codes(await send(replicaB, one, key))).toEqual(['OUTCOME_UNKNOWN'])
    expect([await one.isDone(), here.writes().length]).toEqual([false, 1])
  })
})

describe.each(['memory', 'sqlite'] as const)('one server with its store in %s', (name) => {
  test('sends once what many ask for at once with one key, and tells all the same', async () => {
    const file = sqliteFile()
    here = await startWrittenReplicas(name === 'memory' ? 'memory:' : file.url, 1)
    try {
      await prepare('extensionUpdate')
      await askAtOnce(crowd(100))
    } finally {
      await here.close()
      file.remove()
    }
  }, 30_000)
})
