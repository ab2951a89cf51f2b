import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

import { scratchFile, type ChildOptions } from '../child.js'
import type { PeerTask } from '../contestants.js'
import { dialgraphConfig } from '../dialgraph-config.js'
import { labelOf } from '../offices.js'
import type { Transport } from './subscriber.js'
import { accountId, W1 } from '../workloads.js'

/** A server whose subscriptions are measured. */
export interface LiveServer {
  readonly name: 'dialgraph' | 'yoga' | 'mercurius'
  readonly about: string
  readonly transports: readonly Transport[]
  /** What a request, or the one that opens a WebSocket, says of its caller. */
  readonly headers: Readonly<Record<string, string>>
  start(stubUrl: string): Pick<ChildOptions, 'args'>
  /** Where deliveries go, once it listens at `url`. */
  webhookOf(url: string): Promise<string>
}

const { BENCH_SERVER, BENCH_NODE_OPTIONS } = process.env
const path = (relative: string) => fileURLToPath(new URL(relative, import.meta.url))
const BUILT_SERVER = BENCH_SERVER ?? path('../../../../dist/main.js')
/** Every server can be told to collect its garbage. */
const COLLECTING = ['--expose-gc', '--min-semi-space-size=16', '--import', path('./collect.js')]

const [caller] = W1.callers
const [office] = W1.offices
const authorized = { authorization: `Bearer ${caller!.key}` }

const dialgraph: LiveServer = {
  name: 'dialgraph',
  about:
    'as it starts by default, events in SQLite, with its callers and their rights; only limits on numbers are raised',
  transports: ['websocket', 'sse'],
  headers: authorized,
  start(stubUrl) {
    const file = scratchFile('config.json')
    writeFileSync(file, JSON.stringify(configOf(stubUrl)))
    return { args: [...COLLECTING, ...(BENCH_NODE_OPTIONS?.split(' ') ?? []), BUILT_SERVER, 'start', '--config', file] }
  },
  async webhookOf(url) {
    const query = `{ node(id: "${accountId(office!.key)}") { ... on Account { webhook { url } } } }`
    const headers = { 'content-type': 'application/json', ...authorized }
    const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify({ query }) })
    const answer = (await response.json()) as { data?: { node?: { webhook?: { url: string } | null } | null } }
    const address = answer.data?.node?.webhook?.url
    if (!address) throw new Error(`the address of the webhook was answered ${JSON.stringify(answer)}`)
    return address
  },
}

/** One account that delivers events, and one caller who may have any number of subscriptions. */
function configOf(stubUrl: string): object {
  const store = { url: `sqlite:${scratchFile('live.db')}`, encryptionKeys: [Buffer.alloc(32, 1).toString('base64')] }
  const limits = { live: { subscriptionsPerCaller: 100_000 } }
  const { accounts, callers, ...rest } = dialgraphConfig(W1, { stubUrl, store, limits }) as {
    accounts: readonly object[]
    callers: { readonly apiKeys: readonly object[] }
  }
  return {
    ...rest,
    accounts: accounts.map((account) => ({ ...account, live: { webhook: true } })),
    callers: { apiKeys: callers.apiKeys.map((key) => ({ ...key, scopes: ['telephony:read', 'accounts:manage'] })) },
  }
}

const peer = (name: 'yoga' | 'mercurius', about: string, transports: readonly Transport[]): LiveServer => ({
  ...{ name, about, transports, headers: {} },
  start(stubUrl) {
    const task: PeerTask = { stubUrl, offices: W1.offices.map((one) => ({ key: one.key, label: labelOf(one) })) }
    return { args: [...COLLECTING, path(`../peers/live-${name}.js`), JSON.stringify(task)] }
  },
  webhookOf: async (url) => new URL('/webhook', url).href,
})

export const liveServers: readonly LiveServer[] = [
  dialgraph,
  peer('yoga', 'GraphQL Yoga with its pub/sub, over graphql-ws and its own server-sent events; nothing is kept', [
    'websocket',
    'sse',
  ]),
  peer('mercurius', 'Mercurius with its subscriptions and its pub/sub on Fastify; nothing is kept', ['websocket']),
]
