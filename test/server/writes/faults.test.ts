import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'

import { globalId } from '../../../src/model/id.js'
import type { Fault } from '../../../src/emulator/emulator.js'
import { SENT_FOR, sentFor } from '../../support/provenance.js'
import { startTcpProxy, type TcpProxy } from '../../support/tcp-proxy.js'
import { startHarness, type Harness } from '../../sandbox/harness.js'
import { WRITE_KINDS, type WriteCase, type WriteKind } from './write-cases.js'

/** No case waits so long but those in which the provider is slower. */
const PROVIDER_TIMEOUT_MS = 2_000

let harness: Harness
let proxy: TcpProxy
beforeAll(async () => {
  harness = await startHarness({
    accounts: {
      izmir: {
        of: 'bulutfon/authorizationCode',
        async through(url) {
          proxy = await startTcpProxy(url)
          return proxy.url(url).replace(/\/$/, '')
        },
      },
      praha: 'ipex/password',
    },
    limits: { providerTimeoutMs: PROVIDER_TIMEOUT_MS, breakerFailures: 1_000, retryPauseMs: 1 },
  })
})
afterAll(async () => {
  await harness.close()
  await proxy.close()
})
beforeEach(() => {
  // Whatever a provider asked us to wait is over.
  harness.advance(61)
  harness.clear()
})

interface UserError {
  readonly code: string
  readonly field: readonly string[] | null
  readonly providerMessage: string | null
  readonly retryable: boolean
}
interface Payload {
  readonly extension?: object | null
  readonly call?: object | null
  readonly deletedExtensionId?: string | null
  readonly accepted?: boolean
  readonly userErrors: readonly UserError[]
}
interface Change {
  readonly operation: string
  readonly outcome: 'DONE' | 'REFUSED' | 'UNKNOWN'
  readonly code: string | null
  readonly fields: readonly string[]
}

/** All there is to know of one mutation once it is answered. */
interface Outcome {
  readonly answer: Payload
  /** What was told: `DONE`, or the code of the error. */
  readonly told: string
  readonly isDone: boolean
  /** Write requests of ours, as the provider noted them. */
  readonly requests: number
  readonly change: Change | undefined
}

let made = 0
const make = (kind: WriteKind): Promise<WriteCase> => kind.make(harness.emulators, ++made)
const faultsOf = ({ slug }: WriteKind) => harness.emulators[slug].faults

/** Asks for a mutation whose request meets a fault. */
async function meet(kind: WriteKind, fault: Fault | null, given?: WriteCase): Promise<Outcome> {
  const one = given ?? (await make(kind))
  if (fault) faultsOf(kind).next({ ...one.request, ...fault })
  const { write } = await harness.data<{ write: Payload }>(one.document, { input: one.input })
  return outcomeOf(kind, one, write)
}

async function outcomeOf(kind: WriteKind, one: WriteCase, answer: Payload): Promise<Outcome> {
  const isDone = await one.isDone()
  const { journal } = harness.emulators[kind.slug]
  const requests = journal.apiRequests.filter(
    (entry) =>
      sentFor(entry) === kind.account && entry.method === one.request.method && one.request.path.test(entry.path),
  ).length
  const { changes } = await harness.data<{ changes: { nodes: Change[] } }>(
    'query ($ids: [ID!]) { changes(first: 20, accountIds: $ids) { nodes { operation outcome code fields } } }',
    { ids: [globalId('Account', kind.account)] },
  )
  const change = changes.nodes.find(({ operation }) => operation === kind.name)
  const [error] = answer.userErrors
  return { answer, told: error?.code ?? 'DONE', isDone, requests, change }
}

const record = (kind: WriteKind, outcome: Change['outcome'], code: string | null): Change => ({
  ...{ operation: kind.name, outcome, code },
  fields: expect.arrayContaining([...kind.fields]) as unknown as string[],
})

/** Done, and told so: the object is in the answer where there is one. */
function expectDone(kind: WriteKind, { answer, told, isDone, change, ...rest }: Outcome, requests = 1): void {
  expect({ told, isDone, ...rest }).toEqual({ told: 'DONE', isDone: true, requests })
  const { extension, call, accepted, deletedExtensionId } = answer
  if (kind.name === 'callOriginate') expect(accepted).toBe(true)
  else expect(extension ?? call ?? deletedExtensionId).toBeTruthy()
  expect(change).toEqual(record(kind, 'DONE', null))
}

function expectNotDone(
  kind: WriteKind,
  { answer, isDone, change, requests }: Outcome,
  error: Partial<UserError>,
): void {
  expect({ isDone, requests }).toEqual({ isDone: false, requests: 1 })
  expect(answer.userErrors).toEqual([expect.objectContaining(error)])
  expect([answer.extension, answer.call, answer.deletedExtensionId].filter(Boolean)).toEqual([])
  expect(answer.accepted ?? false).toBe(false)
  expect(change).toEqual(record(kind, 'REFUSED', error.code!))
}

function expectUnknown(kind: WriteKind, { answer, isDone, change, requests }: Outcome, wasDone: boolean): void {
  expect({ isDone, requests }).toEqual({ isDone: wasDone, requests: 1 })
  expect(answer.userErrors).toEqual([expect.objectContaining({ code: 'OUTCOME_UNKNOWN', retryable: false })])
  expect([answer.extension, answer.call, answer.deletedExtensionId].filter(Boolean)).toEqual([])
  expect(change).toEqual(record(kind, 'UNKNOWN', 'OUTCOME_UNKNOWN'))
}

/** Done at the provider, and nobody is told so. */
const LOST: readonly (readonly [string, Fault])[] = [
  ['whose answer is lost', { reset: 'afterProcessing' }],
  ['that is answered with a server error', { afterProcessing: true, status: 500 }],
  ['that is answered with a page of HTML', { html: true }],
  ['whose answer is cut', { truncate: true }],
]

/** Not done, and nobody is told so either: that it is not there does not mean that it will not be. */
const SILENT: readonly (readonly [string, Fault])[] = [
  ['whose connection breaks before anything is done', { reset: true }],
  ['that is refused with 503', { status: 503 }],
]

describe.each(WRITE_KINDS.map((kind) => [`${kind.name} at ${kind.account}`, kind] as const))('%s', (_, kind) => {
  test('that nothing disturbs is done with one request, told and recorded', async () => {
    expectDone(kind, await meet(kind, null))
  })

  test.each(LOST)('%s, though it was done, is looked for and told', async (_fault, fault) => {
    const outcome = await meet(kind, fault)
    // Bulutfon lists a call once it is over: nobody can see whether it was placed.
    if (kind.isSeen) expectDone(kind, outcome)
    else expectUnknown(kind, outcome, true)
  })

  test.each(SILENT)('%s is not known to be done, nor to be refused', async (_fault, fault) => {
    expectUnknown(kind, await meet(kind, fault), false)
  })

  test('that the provider refuses is refused, in its words without our token', async () => {
    const one = await make(kind)
    let quoted = ''
    const when: Fault['when'] = ({ headers, query }) => {
      quoted = query.get('access_token') ?? headers['authorization']!.split(' ')[1]!
      return true
    }
    const body = () => JSON.stringify({ error: `no: ${quoted}`, message: `no: ${quoted}` })
    const fault = { when, status: 422, rewrite: body, headers: { 'content-type': 'application/json' } }
    const outcome = await meet(kind, fault, one)
    expect(quoted).not.toBe('')
    expectNotDone(kind, outcome, { code: 'PROVIDER_REJECTED', providerMessage: 'no: ***', retryable: false })
    expect(harness.answers.some((text) => text.includes(quoted))).toBe(false)
  })

  test('that meets a limit of the provider is refused, and may be asked for later', async () => {
    expectNotDone(kind, await meet(kind, { status: 429 }), { code: 'PROVIDER_UNAVAILABLE', retryable: true })
  })

  test('whose token is refused once is done with the next token', async () => {
    const body = '{"error":"Token expired"}'
    expectDone(kind, await meet(kind, { status: 401, body }), 2)
  })
})

/** Asks for a mutation; one request of it waits at the provider until something else has happened. */
async function held(
  kind: WriteKind,
  one: WriteCase,
  fault: Fault,
  meanwhile: () => Promise<unknown>,
): Promise<Outcome> {
  let arrived = () => {}
  const arrival = new Promise<void>((resolve) => (arrived = resolve))
  let release = () => {}
  const until = new Promise<void>((resolve) => (release = resolve))
  const when: Fault['when'] = (request) => {
    const isOurs = SENT_FOR in request.headers
    if (isOurs) arrived()
    return isOurs
  }
  faultsOf(kind).next({ ...one.request, ...fault, when, until })
  const answer = harness.data<{ write: Payload }>(one.document, { input: one.input })
  await arrival
  await meanwhile()
  release()
  return outcomeOf(kind, one, (await answer).write)
}

const named = (name: string, account: string) =>
  WRITE_KINDS.find((kind) => kind.name === name && kind.account === account)!

describe('somebody else, who changes the same', () => {
  interface Meeting {
    readonly name: string
    readonly account: string
    /** What is told where they are there first. */
    readonly before: { readonly told: string; readonly isDone: boolean }
    /** What is told where they come after it was done, and the answer is lost; `isDone`: whether it is still so. */
    readonly after: { readonly told: string; readonly isDone: boolean }
  }
  const MEETINGS: readonly Meeting[] = [
    {
      ...{ name: 'extensionCreate', account: 'izmir' },
      before: { told: 'PROVIDER_REJECTED', isDone: false },
      after: { told: 'OUTCOME_UNKNOWN', isDone: false },
    },
    {
      ...{ name: 'extensionUpdate', account: 'izmir' },
      before: { told: 'DONE', isDone: true },
      after: { told: 'OUTCOME_UNKNOWN', isDone: false },
    },
    {
      ...{ name: 'extensionDelete', account: 'izmir' },
      // It is gone, and not by this request: the provider says so.
      before: { told: 'NOT_FOUND', isDone: true },
      after: { told: 'DONE', isDone: true },
    },
    {
      ...{ name: 'extensionUpdate', account: 'praha' },
      before: { told: 'DONE', isDone: true },
      after: { told: 'OUTCOME_UNKNOWN', isDone: false },
    },
    {
      ...{ name: 'callOriginate', account: 'praha' },
      before: { told: 'DONE', isDone: true },
      // Two calls of one line to one number: nothing tells which is ours.
      after: { told: 'OUTCOME_UNKNOWN', isDone: true },
    },
    {
      ...{ name: 'callTransfer', account: 'praha' },
      before: { told: 'NOT_FOUND', isDone: false },
      after: { told: 'OUTCOME_UNKNOWN', isDone: true },
    },
    {
      ...{ name: 'callHangUp', account: 'praha' },
      before: { told: 'NOT_FOUND', isDone: true },
      after: { told: 'DONE', isDone: true },
    },
  ]

  test.each(MEETINGS)('before $name at $account is done: $before', async ({ name, account, before }) => {
    const kind = named(name, account)
    const one = await make(kind)
    const { told, isDone, requests, change } = await held(kind, one, {}, () => one.interfere())
    expect({ told, isDone, requests }).toEqual({ ...before, requests: 1 })
    expect(change).toEqual(before.told === 'DONE' ? record(kind, 'DONE', null) : record(kind, 'REFUSED', before.told))
  })

  test.each(MEETINGS)('after $name at $account, whose answer is lost: $after', async ({ name, account, after }) => {
    const kind = named(name, account)
    const one = await make(kind)
    const fault = { afterProcessing: true, reset: 'afterProcessing' } as const
    const { told, isDone, requests, change } = await held(kind, one, fault, () => one.interfere())
    expect({ told, isDone, requests }).toEqual({ ...after, requests: 1 })
    expect(change).toEqual(
      after.told === 'DONE' ? record(kind, 'DONE', null) : record(kind, 'UNKNOWN', 'OUTCOME_UNKNOWN'),
    )
  })

  test.each(MEETINGS.filter(({ name }) => name !== 'extensionDelete' && name !== 'callHangUp'))(
    'in another way, where $name at $account is not done and the answer is lost, is not taken for it',
    async ({ name, account }) => {
      const kind = named(name, account)
      const one = await make(kind)
      const { told } = await held(kind, one, { status: 503 }, () => one.interfere())
      // A call that somebody else places from that line to that number is that call for everybody.
      expect(told).toBe(name === 'callOriginate' ? 'DONE' : 'OUTCOME_UNKNOWN')
    },
  )
})

describe('what provably never reached the provider', () => {
  const create = named('extensionCreate', 'izmir')
  /** The last that is read before an extension is made. */
  const lastRead = { method: 'GET', path: /^\/extensions$/ }

  /** The same again, with the same key. */
  async function again(one: WriteCase): Promise<Outcome> {
    const { write } = await harness.data<{ write: Payload }>(one.document, { input: one.input })
    return outcomeOf(create, one, write)
  }
  async function expectUnsent(one: WriteCase, outcome: Outcome): Promise<void> {
    const { told, isDone, requests, change, answer } = outcome
    expect({ told, isDone, requests }).toEqual({ told: 'PROVIDER_UNAVAILABLE', isDone: false, requests: 0 })
    expect(answer.userErrors).toEqual([expect.objectContaining({ retryable: true })])
    expect(change).toEqual(record(create, 'REFUSED', 'PROVIDER_UNAVAILABLE'))
    harness.advance(61)
    expectDone(create, await again(one))
  }
  const makeWithKey = async (): Promise<WriteCase> => {
    const one = await make(create)
    return { ...one, input: { ...one.input, idempotencyKey: `unsent ${made}` } }
  }

  test('because it asked us to wait before is told so, and is sent when it is asked for again', async () => {
    const one = await makeWithKey()
    const outcome = await held(create, one, lastRead, async () => {
      faultsOf(create).next({ status: 429 })
      await harness.query('{ dids { nodes { id } } }')
    })
    await expectUnsent(one, outcome)
  })

  test('because nobody takes a connection is told so, and is sent when it is asked for again', async () => {
    const one = await makeWithKey()
    proxy.cut()
    const headers = { connection: 'close' }
    faultsOf(create).next({ method: 'GET', path: /^\/dids/, headers, times: Infinity })
    const outcome = await held(create, one, { ...lastRead, headers }, () => proxy.refuse())
    await proxy.accept()
    await expectUnsent(one, outcome)
  })
})

test('what the provider does in more time than it has is looked for, too', async () => {
  const cases = await Promise.all(WRITE_KINDS.map(async (kind) => ({ kind, one: await make(kind) })))
  for (const { kind, one } of cases) faultsOf(kind).next({ ...one.request, afterProcessing: true, hang: true })
  const outcomes = await Promise.all(
    cases.map(async ({ kind, one }) => {
      const { write } = await harness.data<{ write: Payload }>(one.document, { input: one.input })
      return { kind, outcome: await outcomeOf(kind, one, write) }
    }),
  )
  for (const { kind, outcome } of outcomes) {
    if (kind.isSeen) expectDone(kind, outcome)
    else expectUnknown(kind, outcome, true)
  }
})

test('what is to be read before a write can be missing: then nothing is sent, and nothing recorded', async () => {
  for (const kind of WRITE_KINDS.filter(({ account }) => account === 'izmir')) {
    const one = await make(kind)
    faultsOf(kind).next({ method: 'GET', status: 422, times: Infinity, when: ({ headers }) => SENT_FOR in headers })
    const { write } = await harness.data<{ write: Payload }>(one.document, { input: one.input })
    faultsOf(kind).clear()
    const { told, isDone, requests } = await outcomeOf(kind, one, write)
    expect({ told, isDone, requests }).toEqual({ told: 'PROVIDER_UNAVAILABLE', isDone: false, requests: 0 })
  }
})
