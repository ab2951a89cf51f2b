/** `npm run bench -- soak`: the built server for twenty minutes under steady load, tokens that live ten seconds, and something going wrong all the time. */
import 'reflect-metadata'

import { randomUUID } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'
import { parseArgs } from 'node:util'

import { Pool } from 'undici'

import { listeningAt, SERVER_CORE, scratchFile, startChild, type Child } from './child.js'
import { unexplained, type FailedQuery } from './soak-failures.js'
import { startSoakWorld, type Emulated, type SoakWorld } from './soak-world.js'
import { table } from './table.js'

export interface SoakOptions {
  readonly seconds: number
  readonly queriesPerSecond: number
  /** Of the queries, this part meets with a fault of a provider. */
  readonly faultShare: number
  readonly sampleEverySeconds: number
  readonly onSample?: (sample: SoakSample) => void
}

/** The server at a moment when nothing is asked of it. */
export interface SoakSample {
  /** Since the start. */
  readonly seconds: number
  readonly queries: number
  readonly failed: number
  readonly providerRequests: number
  readonly tokenRequests: number
  /** After a full garbage collection, MiB. */
  readonly heapMib: number
  readonly rssMib: number
  /** Sockets, timers, files: all that keeps a process alive. */
  readonly handles: number
}

export interface Soaked {
  readonly samples: readonly SoakSample[]
  /** Failed queries that no fault explains. */
  readonly unexplained: readonly string[]
  /** How the logins stand in the end, by account. */
  readonly logins: Readonly<Record<string, string>>
  readonly exitCode: number | null
}

const USAGE = 'npm run bench -- soak [--minutes 20] [--rate 50] [--faults 0.02]'

export async function run(rest: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...rest],
    options: {
      minutes: { type: 'string', default: '20' },
      rate: { type: 'string', default: '50' },
      faults: { type: 'string', default: '0.02' },
      help: { type: 'boolean', default: false },
    },
  })
  if (values.help) return console.log(USAGE)
  const seconds = Number(values.minutes) * 60
  const registry = new URL('../../../dist/providers/index.js', import.meta.url).href
  const { providers } = (await import(registry)) as { providers: readonly Emulated[] }
  const soaked = await soak(providers, {
    ...{ seconds, queriesPerSecond: Number(values.rate), faultShare: Number(values.faults) },
    sampleEverySeconds: Math.max(5, Math.min(30, seconds / 20)),
    onSample: ({ seconds: at, queries, failed, heapMib, rssMib, handles }) =>
      console.error(
        `${Math.round(at)} s: ${queries} queries, ${failed} failed, heap ${heapMib.toFixed(1)} MiB, RSS ${Math.round(rssMib)} MiB, ${handles} handles`,
      ),
  })
  const faults = verdict(soaked)
  console.log(
    `${samplesTable(soaked.samples)}\n\n${faults.length === 0 ? 'Nothing grows, and every failure has its fault.' : faults.join('\n')}`,
  )
  if (faults.length > 0) process.exitCode = 1
}

/** Collects its garbage and says what is left, when it is asked to; besides that it is the server as it is shipped. */
const PROBE = `process.on('message', () => {
  gc()
  gc()
  const { heapUsed, rss } = process.memoryUsage()
  process.send({ heapMib: heapUsed / 2 ** 20, rssMib: rss / 2 ** 20, handles: process.getActiveResourcesInfo().length })
})
process.channel.unref()`
const MAIN = new URL(
  import.meta.url.includes('/bench/dist/') ? '../../../dist/main.js' : '../../dist/main.js',
  import.meta.url,
)

export async function soak(providers: readonly Emulated[], options: SoakOptions): Promise<Soaked> {
  const world = await startSoakWorld(providers)
  const file = scratchFile('soak.json')
  const store = { url: `sqlite:${scratchFile('soak.db')}`, encryptionKeys: [Buffer.alloc(32, 1).toString('base64')] }
  writeFileSync(file, JSON.stringify({ server: { port: 0 }, store, accounts: world.accounts }))
  const child = startChild({
    core: SERVER_CORE,
    args: [
      '--expose-gc',
      '--import',
      `data:text/javascript,${encodeURIComponent(PROBE)}`,
      MAIN.pathname,
      '--config',
      file,
    ],
    channel: true,
  })
  try {
    const url = await listeningAt(child)
    const ids = await accountIds(url)
    const { samples, failed } = await load(child, url, world, options)
    world.heal()
    const logins = await loginStates(url)
    await child.stop()
    const keyOf = (id: string) => ids.get(id) ?? ''
    return {
      samples,
      unexplained: unexplained(failed, child.written(), keyOf),
      logins,
      exitCode: child.process.exitCode,
    }
  } finally {
    await child.stop()
    await world.close()
  }
}

const CONNECTIONS = 32

/** Steady load, but for the moments at which the server is looked at. */
async function load(
  child: Child,
  url: string,
  world: SoakWorld,
  { seconds, queriesPerSecond, faultShare, sampleEverySeconds, onSample }: SoakOptions,
): Promise<{ samples: SoakSample[]; failed: FailedQuery[] }> {
  // Always the same few connections, so that those of the server's own are seen beside them.
  const pool = new Pool(new URL(url).origin, { connections: CONNECTIONS })
  const samples: SoakSample[] = []
  const failed: FailedQuery[] = []
  const underWay = new Set<Promise<void>>()
  const began = performance.now()
  let queries = 0
  let faults = 0
  const counted = { api: 0, tokens: 0 }

  const sample = async () => {
    await Promise.all(underWay)
    const { api, tokens } = world.count()
    counted.api += api
    counted.tokens += tokens
    const measured = await lookAt(child)
    const now = { seconds: (performance.now() - began) / 1000, queries, failed: failed.length, ...measured }
    samples.push({ ...now, providerRequests: counted.api, tokenRequests: counted.tokens })
    onSample?.(samples.at(-1)!)
  }

  for (let second = 0; second < seconds; second += sampleEverySeconds) {
    const until = Math.min(seconds, second + sampleEverySeconds)
    for (let tick = second * queriesPerSecond; tick < until * queriesPerSecond; tick++) {
      // Relative to what should have been, so that a late tick does not make the load smaller.
      await delay(Math.max(0, began + (tick / queriesPerSecond) * 1000 - performance.now()))
      for (; faults < queries * faultShare; faults++) world.breakSomething()
      const asked: Promise<void> = ask(pool, questionAt(queries++, world)).then((failure) => {
        if (failure) failed.push(failure)
        underWay.delete(asked)
      })
      underWay.add(asked)
    }
    await sample()
  }
  await pool.destroy()
  return { samples, failed }
}

interface Question {
  readonly query: string
  readonly key: string
  /** Asks for what the provider says now, not for what a cache remembers. */
  readonly fresh: boolean
  /** Its client does not wait for the answer. */
  readonly leaves: boolean
}

const QUESTIONS = [
  'query Profile($key: String!) { account(key: $key) { profile { name email } authorization { status } } }',
  'query Numbers($key: String!) { account(key: $key) { dids(first: 20) { nodes { number destination { __typename } } } } }',
  'query People($key: String!) { account(key: $key) { extensions(first: 20) { nodes { number displayName } } groups(first: 20) { totalCount } } }',
  'query Calls($key: String!) { account(key: $key) { callRecords(first: 20) { nodes { id startedAt caller { rawNumber } } } } }',
]

function questionAt(index: number, { accounts }: SoakWorld): Question {
  return {
    query: QUESTIONS[index % QUESTIONS.length]!,
    key: accounts[Math.floor(index / QUESTIONS.length) % accounts.length]!.id,
    fresh: index % 3 > 0,
    leaves: index % 101 === 100,
  }
}

/** Null for an answer without errors. */
async function ask(pool: Pool, { query, key, fresh, leaves }: Question): Promise<FailedQuery | null> {
  const requestId = randomUUID()
  const from = Date.now()
  const gone = new AbortController()
  if (leaves) setTimeout(() => gone.abort(), 5)
  try {
    const { body } = await pool.request({
      path: '/graphql',
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'x-request-id': requestId,
        ...(fresh && { 'cache-control': 'no-cache' }),
      },
      body: JSON.stringify({ query, variables: { key } }),
      signal: gone.signal,
    })
    const { errors } = (await body.json()) as Partial<FailedQuery>
    return errors ? { requestId, from, at: Date.now(), errors } : null
  } catch (error) {
    if (leaves) return null
    return { requestId, from, at: Date.now(), errors: [{ message: String(error), extensions: { code: 'NO_ANSWER' } }] }
  }
}

function lookAt(child: Child): Promise<Pick<SoakSample, 'heapMib' | 'rssMib' | 'handles'>> {
  return new Promise((resolve) => {
    child.process.once('message', (message) => resolve(message as Pick<SoakSample, 'heapMib' | 'rssMib' | 'handles'>))
    child.process.send({})
  })
}

interface Accounts {
  readonly data: {
    readonly accounts: { readonly nodes: readonly { id: string; key: string; authorization: { status: string } }[] }
  }
}

async function accounts(url: string): Promise<Accounts['data']['accounts']['nodes']> {
  const query = '{ accounts(first: 100) { nodes { id key authorization { status } } } }'
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query }),
  })
  return ((await response.json()) as Accounts).data.accounts.nodes
}

const accountIds = async (url: string): Promise<ReadonlyMap<string, string>> =>
  new Map((await accounts(url)).map(({ id, key }) => [id, key]))

const loginStates = async (url: string): Promise<Record<string, string>> =>
  Object.fromEntries((await accounts(url)).map(({ key, authorization }) => [key, authorization.status]))

/** The part of a soak in which code is compiled, caches fill and pools grow. */
const WARM_UP = 0.25
const HEAP_MAY_GROW = 0.05
/** What a heap differs by from one collection to the next. */
const HEAP_NOISE_MIB = 2
/** Keep-alive connections come and go with the luck of the load. */
const HANDLES_NOISE = 8
/** Fewer say nothing about growth. */
const ENOUGH_SAMPLES = 8

/** What is wrong with how it went, in sentences; empty when nothing is. */
export function verdict({ samples, unexplained: failures, logins, exitCode }: Soaked): string[] {
  const growth = samples.length < ENOUGH_SAMPLES ? [] : growthIn(samples.slice(Math.floor(samples.length * WARM_UP)))
  const ended = Object.entries(logins).filter(([, status]) => !['ACTIVE', 'BACKOFF', 'NEW'].includes(status))
  return [
    ...growth,
    ...[...new Set(failures)].map((failure) => `A failure without a fault: ${failure}`),
    ...ended.map(([key, status]) => `The login of ${key} ended as ${status}.`),
    ...(exitCode === 0 ? [] : [`The server ended with ${exitCode}.`]),
  ]
}

function growthIn(steady: readonly SoakSample[]): string[] {
  const [early, late] = [steady.slice(0, Math.ceil(steady.length / 3)), steady.slice(-Math.ceil(steady.length / 3))]
  const middle = (of: readonly SoakSample[], name: 'heapMib' | 'handles') =>
    of.map((sample) => sample[name]).sort((a, b) => a - b)[Math.floor(of.length / 2)]!
  const heap = { early: middle(early, 'heapMib'), late: middle(late, 'heapMib') }
  const handles = { early: middle(early, 'handles'), late: middle(late, 'handles') }
  return [
    ...(heap.late > heap.early * (1 + HEAP_MAY_GROW) + HEAP_NOISE_MIB
      ? [`The heap grows: ${heap.early.toFixed(1)} MiB early, ${heap.late.toFixed(1)} MiB late.`]
      : []),
    ...(handles.late > handles.early + HANDLES_NOISE
      ? [`Handles grow: ${handles.early} early, ${handles.late} late.`]
      : []),
  ]
}

const samplesTable = (samples: readonly SoakSample[]): string =>
  table([
    [
      'seconds',
      'queries',
      'failed',
      'provider requests',
      'token requests',
      'heap after GC, MiB',
      'RSS, MiB',
      'handles',
    ],
    ...samples.map(({ seconds, queries, failed, providerRequests, tokenRequests, heapMib, rssMib, handles }) =>
      [
        seconds.toFixed(0),
        queries,
        failed,
        providerRequests,
        tokenRequests,
        heapMib.toFixed(1),
        rssMib.toFixed(0),
        handles,
      ].map(String),
    ),
  ])
