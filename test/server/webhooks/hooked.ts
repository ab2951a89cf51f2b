import { ProviderError } from '../../../src/errors.js'
import type { CallFact, WebhookFormat } from '../../../src/providers/live.js'
import type { Provider } from '../../../src/providers/provider.js'
import { checkConfig } from '../../../src/server/config/config.js'
import { createLog } from '../../../src/server/observing/log.js'
import { startServer, type RunningServer } from '../../../src/server/server.js'
import type { ReceiveFacts } from '../../../src/server/webhooks/route.js'
import type { Store } from '../../../src/store/store.js'
import { acme } from '../acme.js'

const factOf = (callId: string, nativeType: string, from: string | null): CallFact => ({
  callId,
  type: 'RINGING',
  occurredAt: null,
  nativeType,
  key: nativeType,
  direction: null,
  caller: null,
  callee: null,
  didRef: null,
  targetRef: from === null ? null : { kind: 'ExternalNumber', number: null, rawNumber: from },
})

/** Events `ring` of a call and `agent` of none; every name may be replaced. */
const format: WebhookFormat = {
  keyNames: ['Event', 'Call', 'From'],
  nameOf(body, keys) {
    const name = body[keys['Event'] ?? 'Event']
    return typeof name === 'string' ? name : null
  },
  read(body, _account, keys) {
    const [event, call, from] = ['Event', 'Call', 'From'].map((name) => body[keys[name] ?? name])
    if (event === 'agent') return []
    if (event === 'broken') throw new TypeError('a defect')
    if (event !== 'ring') return null
    if (typeof call !== 'string')
      throw new ProviderError('PROVIDER_BAD_RESPONSE', 'Hooked delivered an event that names no call')
    return [factOf(call, event, typeof from === 'string' ? from : null)]
  },
}

/** A provider that delivers events and does nothing else. */
export const hooked: Provider = { ...acme, slug: 'hooked', name: 'Hooked', webhook: format }

export const KEYS = [1, 2, 3].map((one) => Buffer.alloc(32, one).toString('base64'))

export interface HookedAccount {
  readonly id: string
  readonly live?: object
  readonly provider?: string
  readonly workspace?: string
}

export interface HookedOptions {
  readonly accounts: readonly HookedAccount[]
  /** Other sections of the configuration. */
  readonly config?: object
  readonly encryptionKeys?: readonly string[] | undefined
  readonly receive?: ReceiveFacts
  readonly store?: Store
  readonly now?: () => number
}

export interface HookedServer extends RunningServer {
  readonly logLines: readonly string[]
  /** The lines of this kind, once there are at least so many: they are written after the answer has left. */
  lines(kind: string, least: number, requestId?: RegExp): Promise<readonly Record<string, unknown>[]>
  /** Address of an account's webhook as its managers see it; null where it is closed. */
  address(key: string, authorization?: string): Promise<string | null>
  query(query: string, authorization?: string): Promise<GraphqlAnswer>
}

export interface GraphqlAnswer {
  readonly status: number
  readonly headers: Headers
  readonly data: Readonly<Record<string, unknown>>
  readonly errors?: readonly { readonly extensions: { readonly code: string } }[]
}

export const accountOf = ({ id, provider = 'hooked', ...others }: HookedAccount) => ({
  id,
  provider,
  urls: { api: 'https://api.acme.example' },
  auth: { flow: 'static_token', token: 't' },
  ...others,
})

/** A server whose accounts are at `hooked` or `acme`. */
export async function startHooked({
  accounts,
  config = {},
  encryptionKeys,
  receive = async (_account, facts) => ({ added: facts.length, repeated: 0 }),
  store,
  now = Date.now,
}: HookedOptions): Promise<HookedServer> {
  const document = {
    ...{ server: { port: 0 }, limits: { cacheBytes: 0 } },
    ...config,
    store: { url: 'memory:', ...(encryptionKeys && { encryptionKeys }) },
    accounts: accounts.map(accountOf),
  }
  const providers = [acme, hooked]
  const logLines: string[] = []
  const log = createLog({ write: (line: string) => void logLines.push(line) })
  const server = await startServer(checkConfig(document, providers, { environment: {} }), {
    ...{ providers, log, receive, clock: { now, monotonic: () => performance.now() } },
    ...(store && { store }),
  })
  const query = async (text: string, authorization?: string): Promise<GraphqlAnswer> => {
    const response = await fetch(`${server.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(authorization && { authorization }) },
      body: JSON.stringify({ query: text }),
    })
    return {
      status: response.status,
      headers: response.headers,
      ...((await response.json()) as Pick<GraphqlAnswer, 'data'>),
    }
  }
  return {
    ...server,
    logLines,
    query,
    async lines(kind, least, requestId = /^/) {
      for (;;) {
        const lines = logLines.map((line) => JSON.parse(line) as Record<string, unknown>)
        const found = lines.filter((line) => line['msg'] === kind && requestId.test(String(line['requestId'])))
        if (found.length >= least) return found
        await new Promise((resolve) => setImmediate(resolve))
      }
    },
    async address(key, authorization) {
      const { data } = await query(`{ account(key: "${key}") { webhook { url } } }`, authorization)
      return (data['account'] as { webhook: { url: string } | null }).webhook?.url ?? null
    },
  }
}

/** Delivers a body as it is; a text has no type unless it is given one. */
export const deliver = (
  address: string,
  body: string | Uint8Array | ReadableStream,
  headers: Readonly<Record<string, string>> = {},
  method = 'POST',
): Promise<Response> =>
  fetch(address, {
    ...{ method, headers },
    body: (typeof body === 'string' ? Buffer.from(body) : body) as RequestInit['body'],
    ...(body instanceof ReadableStream && { duplex: 'half' }),
  } as RequestInit)

export const JSON_TYPE = { 'content-type': 'application/json' }
export const FORM_TYPE = { 'content-type': 'application/x-www-form-urlencoded' }
export const RING = JSON.stringify({ Event: 'ring', Call: 'c1' })
