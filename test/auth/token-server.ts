import type { Clock } from '../../src/clock.js'
import { bodyFields, json, serve, type EmulatedRequest, type EmulatedServer } from '../../src/emulator/serve.js'
import { clientCredentials } from '../../src/auth/flows/client-credentials.js'
import { password } from '../../src/auth/flows/password.js'
import { authorizationCode } from '../../src/auth/flows/authorization-code.js'
import type { Flow } from '../../src/auth/flow.js'
import type { LoginEvent } from '../../src/auth/login-event.js'
import type { TokenManagerOptions } from '../../src/auth/login-services.js'
import { TokenManager } from '../../src/auth/token-manager.js'
import type { Send } from '../../src/http/http.js'
import { defaultHttpLimits, type HttpLimits } from '../../src/http/limits.js'
import { AccountClient } from '../../src/http/account/account-client.js'
import { createSender } from '../../src/http/wire/send.js'
import { Secret } from '../../src/secret.js'
import { memoryStore } from '../../src/store/memory.js'
import type { TokenStore } from '../../src/store/token-store.js'
import { readsOf } from '../http/upstream.js'

/** A clock of ours that tests move. */
export function movingClock(): Clock & { advance(ms: number): void; stepWall(ms: number): void } {
  let moved = 0
  let stepped = 0
  return {
    now: () => Date.now() + moved + stepped,
    monotonic: () => performance.now() + moved,
    advance: (ms) => void (moved += ms),
    stepWall: (ms) => void (stepped += ms),
  }
}

/**
 * A strict token server of no provider: single-use refresh tokens, settable lifetimes, a route that
 * refuses every token.
 */
export async function startTokenServer(lifetimeSeconds: unknown = 300) {
  const access = new Map<string, { until: number; alive: boolean; generation: number }>()
  const refresh = new Map<string, boolean>()
  let issued = 0
  let passwordIs = 'right'
  let clientSecretIs = 'shop'
  let lifetime = lifetimeSeconds
  let alter: (answer: Record<string, unknown>) => unknown = (answer) => answer

  const issue = (withRefreshToken = true) => {
    issued += 1
    const seconds = typeof lifetime === 'number' ? lifetime : 300
    access.set(`access-${issued}`, { until: served.clock.now() + seconds * 1000, alive: true, generation: issued })
    if (withRefreshToken) refresh.set(`refresh-${issued}`, true)
    return json(
      alter({
        access_token: `access-${issued}`,
        ...(withRefreshToken && { refresh_token: `refresh-${issued}` }),
        token_type: 'Bearer',
        expires_in: lifetime,
      }),
    )
  }
  const token = (request: EmulatedRequest) => {
    const fields = bodyFields(request) ?? {}
    const given = fields['client_secret'] ?? basicPassword(request)
    if (given !== clientSecretIs) return json({ error: 'invalid_client' }, 401)
    if (fields['grant_type'] === 'client_credentials') return issue(false)
    if (fields['grant_type'] === 'password') {
      return fields['password'] === passwordIs ? issue() : json({ error: 'invalid_grant' }, 401)
    }
    if (fields['grant_type'] === 'authorization_code') {
      return fields['code'] === 'good' ? issue() : json({ error: 'invalid_grant' }, 400)
    }
    if (!refresh.get(fields['refresh_token'] ?? '')) return json({ error: 'invalid_grant' }, 400)
    refresh.set(fields['refresh_token'] ?? '', false)
    return issue()
  }
  const bearer = (request: EmulatedRequest) => (request.headers['authorization'] ?? '').replace('Bearer ', '')
  const live = (request: EmulatedRequest) => {
    const known = access.get(bearer(request))
    return known && known.alive && known.until > served.clock.now() ? known : null
  }
  let isOpened = false
  let onRead = () => {}
  const refuse = () => json({ error: 'no' }, 401)
  const read = (request: EmulatedRequest) => {
    onRead()
    return live(request) ? json({ fine: true }) : refuse()
  }

  const served: EmulatedServer = await serve({
    routes: [
      { method: 'POST', pattern: /\/token/, handle: token },
      { method: 'GET', pattern: /\/things(?:\/\d+)?/, handle: read },
      { method: 'GET', pattern: /\/closed/, handle: (request) => (isOpened ? read(request) : refuse()) },
    ],
    tokenPaths: /^\/token$/,
    accountOf: (request) => (live(request) ? 'account' : null),
    notFound: () => json({}, 404),
    options: {},
  })
  refresh.set('refresh-0', true)
  return {
    ...served,
    get url() {
      return served.url
    },
    grants: () => served.journal.tokenRequests.map(({ body }) => new URLSearchParams(body).get('grant_type')),
    revokeAccess: () => access.forEach((entry) => void (entry.alive = false)),
    revokeRefresh: () => refresh.forEach((_, key) => void refresh.set(key, false)),
    changeClientSecret: (secret: string) => void (clientSecretIs = secret),
    changePassword: () => void (passwordIs = 'changed'),
    /** Changes all further token responses. */
    alterAnswers: (change: (answer: Record<string, unknown>) => unknown) => void (alter = change),
    /** Whether the server still accepts this access token. */
    isLive: (token: string) => (access.get(token)?.alive ?? false) && access.get(token)!.until > served.clock.now(),
    /** Called with each read, before the token is looked at. */
    onRead: (work: () => void) => void (onRead = work),
    /** Whether the login has the rights for `/closed`; at first it has not. */
    setRights: (given: boolean) => void (isOpened = given),
    setLifetime: (value: unknown) => void (lifetime = value),
  }
}

/** The client secret of HTTP Basic, RFC 6749 §2.3.1; undefined without such a header. */
function basicPassword({ headers }: EmulatedRequest): string | undefined {
  const [, encoded] = /^Basic (.+)$/.exec(headers['authorization'] ?? '') ?? []
  const [, secret] = encoded ? Buffer.from(encoded, 'base64').toString().split(':') : []
  return secret === undefined ? undefined : (new URLSearchParams(`s=${secret}`).get('s') ?? undefined)
}

export type TokenServer = Awaited<ReturnType<typeof startTokenServer>>

export interface LoginClient {
  readonly manager: TokenManager
  readonly login: ReturnType<TokenManager['login']>
  readonly store: TokenStore
  readonly events: LoginEvent[]
  readonly clock: ReturnType<typeof movingClock>
  /** One GET in an operation of its own. */
  get(path?: string): Promise<unknown>
  state(): ReturnType<ReturnType<TokenManager['login']>['state']>
  close(): Promise<void>
}

export interface LoginClientOptions {
  readonly store?: TokenStore
  readonly password?: string
  readonly clientSecret?: string
  readonly clientAuthentication?: 'body' | 'basic'
  readonly scope?: string
  /** The first refresh token; null: none is configured. */
  readonly refreshToken?: string | null
  readonly sleep?: (milliseconds: number) => Promise<void>
  /** Key the login is stored under. */
  readonly key?: string
  readonly clock?: ReturnType<typeof movingClock>
  readonly limits?: Partial<HttpLimits>
  readonly send?: (send: Send) => Send
  readonly orphaned?: TokenManagerOptions['orphaned']
  /** Requests under way at once. Default 64. */
  readonly concurrency?: number
}

/** A token manager with one account at the token server, and its HTTP client. */
export function loginClient(
  tokenServer: TokenServer,
  kind: 'password' | 'authorization code' | 'client credentials' = 'password',
  options: LoginClientOptions = {},
): LoginClient {
  const { key = 'account', refreshToken = 'refresh-0', clock = movingClock() } = options
  const limits = { ...defaultHttpLimits, ...options.limits }
  const store = options.store ?? memoryStore(clock.monotonic)
  const events: LoginEvent[] = []
  const sender = createSender(limits, clock)
  const send = options.send?.(sender.send) ?? sender.send
  const manager = new TokenManager({
    ...{ store, send, clock, limits, random: () => 0.5, sleep: options.sleep, orphaned: options.orphaned },
    log: (event) => void events.push(event),
  })
  const endpoint = {
    url: `${tokenServer.url}/token`,
    client: { client_id: 'shop', client_secret: new Secret(options.clientSecret ?? 'shop') },
    clientAuthentication: options.clientAuthentication,
  }
  const isExpired: Flow['isExpired'] = ({ status }) => status === 401
  const flows: Readonly<Record<typeof kind, () => Flow>> = {
    password: () =>
      password({ endpoint, username: 'ada', password: new Secret(options.password ?? 'right'), isExpired }),
    'client credentials': () => clientCredentials({ endpoint, scope: options.scope, isExpired }),
    'authorization code': () =>
      authorizationCode({
        endpoint,
        authorizeUrl: `${tokenServer.url}/authorize`,
        clientId: 'shop',
        refreshToken: refreshToken === null ? undefined : new Secret(refreshToken),
        isExpired,
      }),
  }
  const flow = flows[kind]()
  const login = manager.login(key, flow, () => 'http://127.0.0.1/connect/account')
  const accountClient = new AccountClient({
    source: { provider: 'account', accountId: 'id' },
    origins: [tokenServer.url],
    authorizer: login,
    send,
    openStream: () => Promise.reject(new Error('there are no files here')),
    limits: { ...limits, providerConcurrency: options.concurrency ?? 64 },
    clock,
  })
  return {
    manager,
    login,
    store,
    events,
    clock,
    get: async (path = '/things') =>
      (
        await readsOf(accountClient)
          .rest()
          .get(tokenServer.url + path)
      ).body,
    state: () => login.state(),
    close: () => sender.close(),
  }
}
