import { randomBytes } from 'node:crypto'

import cookie from '@fastify/cookie'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import * as oauth from 'oauth4webapi'

import { GrantRefused } from '../../auth/flow.js'
import type { Clock } from '../../clock.js'
import { AppError } from '../../errors.js'
import { parseGlobalId } from '../../model/id.js'
import { Secret } from '../../secret.js'
import { keysFor, signedText } from '../../signed-text.js'
import type { Store } from '../../store/store.js'
import type { AuthorizationTransaction } from '../../store/token-store.js'
import type { JoinedAccount } from '../accounts/connect-account.js'
import type { AccountRegistry } from '../accounts/registry.js'
import { digestOf, isDigestOf } from '../digest.js'
import { accountKeyOf, CONNECT_PATH as PATH, type ConnectLinks } from '../links/connect-links.js'
import type { Log } from '../observing/log.js'
import { registerApart, type Routes } from '../web/routes.js'
import { connectPage, PAGE_POLICY, type ConnectPage } from './page.js'

export interface ConnectOptions {
  readonly registry: AccountRegistry
  readonly store: Store
  readonly clock: Clock
  readonly log: Log
  /** URL at which people reach this server. */
  readonly publicUrl: () => string
  readonly links: ConnectLinks
  readonly signingKeys: readonly Buffer[]
  /** Called with a new account once its login is made. */
  readonly onLinked?: (account: JoinedAccount) => void
}

/** The maximum lifetime of an authorization code, RFC 6749 §4.1.2. */
const TRANSACTION_MS = 10 * 60_000
/** Of one account and browser. */
const OPEN_PER_BROWSER = 5
/**
 * Binds the login to the browser that started it. The prefix `__Host-` would require the path `/`.
 */
const BROWSER_COOKIE = 'dialgraph-connect'
/** Carries the result over the redirect that removes code and state from the browser's history. */
const RESULT_COOKIE = 'dialgraph-connected'
const MAXIMUM_RESULT_LENGTH = 512
const LOGGED_DIGEST_LENGTH = 12
/** Keeps the ticket of the opened link for `Try again`. */
const TICKET_COOKIE = 'dialgraph-connect-ticket'

/** What the browser is shown: a page, and the key of the account it is about. */
interface ConnectResult {
  readonly page: ConnectPage
  readonly account: string | null
  /** Why the login failed, for the log. */
  readonly refusal?: string
}

/**
 * The browser's part of the authorization code flow with PKCE (RFC 6749 §4.1, RFC 7636, RFC 9700
 * §2.1).
 */
export function connectRoutes(options: ConnectOptions): Routes {
  const { registry, store, clock, log, links } = options
  /** Signed: a forged result would show the label and provider of any account. */
  const results = signedText(keysFor('dialgraph connect outcome', options.signingKeys), {
    maximumLength: MAXIMUM_RESULT_LENGTH,
  })
  /** Path of these routes in the browser: a proxy may serve us under a path prefix. */
  const publicPath = () => new URL(options.publicUrl()).pathname.replace(/\/$/, '') + PATH
  const cookies = () => {
    const secure = options.publicUrl().startsWith('https:')
    return { path: publicPath(), httpOnly: true, sameSite: 'lax', secure } as const
  }
  /**
   * The last pending callback of each state: a repeated one waits for it, and is shown its result.
   */
  const pending = new Map<string, Promise<ConnectResult>>()

  async function begin(request: FastifyRequest<Begin>, reply: FastifyReply) {
    const { accountId } = request.params
    const key = parseGlobalId(accountId)?.account ?? accountId
    const ticket = ticketIn(request)
    const login = links.needTickets ? await links.loginOf(ticket) : null
    // Before looking up the account: without a ticket nobody learns whether it exists.
    if (links.needTickets && (login === null || accountKeyOf(login) !== key)) {
      log.connectRefused({ requestId: request.id, reason: 'no ticket', account: null })
      return page(reply, 403, { page: 'ask for a link', account: null })
    }
    const account = await registry.findOrRefresh(() =>
      login === null ? registry.find(key) : registry.findLogin(login),
    )
    const authorization = account?.login.flow.authorization
    if (!account || !authorization) return page(reply, 404, { page: 'unknown account', account: null })
    const redirectUri = account.facts.redirectUri!
    const state = oauth.generateRandomState()
    const codeVerifier = oauth.generateRandomCodeVerifier()
    const browser = validBrowser(request) ?? randomBytes(32).toString('base64url')
    const transaction: AuthorizationTransaction = {
      stateDigest: digestOf(state),
      login: account.login.key,
      provider: account.provider.slug,
      browserDigest: digestOf(browser),
      codeVerifier: new Secret(codeVerifier),
      redirectUri,
      expiresAt: clock.now() + TRANSACTION_MS,
    }
    await store.begin(transaction, OPEN_PER_BROWSER, clock.now())
    const codeChallenge = await oauth.calculatePKCECodeChallenge(codeVerifier)
    if (login !== null) void reply.setCookie(TICKET_COOKIE, ticket, { ...cookies(), maxAge: TRANSACTION_MS / 1000 })
    return reply
      .setCookie(BROWSER_COOKIE, browser, { ...cookies(), maxAge: TRANSACTION_MS / 1000 })
      .redirect(authorization.url({ redirectUri, state, codeChallenge }), 303)
  }

  async function callback(request: FastifyRequest<{ Params: { provider: string } }>, reply: FastifyReply) {
    const parameters = new URL(request.url, 'http://callback').searchParams
    if (parameters.size === 0) return resultPage(request, reply)
    const { page, account, refusal } = await oneAtATime(parameters, () =>
      finish(request.params.provider, parameters, validBrowser(request)),
    )
    if (refusal) {
      // Lets the operator see that several attempts used the same state.
      const stateDigest = digestOf(stateIn(parameters)).slice(0, LOGGED_DIGEST_LENGTH)
      log.connectRefused({ requestId: request.id, reason: refusal, account, stateDigest })
    }
    // 303 to the same path without its query removes code and state from the address bar and the
    // history.
    return reply
      .setCookie(RESULT_COOKIE, results.write([page, account]), { ...cookies(), maxAge: TRANSACTION_MS / 1000 })
      .redirect(`${publicPath()}/callback/${encodeURIComponent(request.params.provider)}`, 303)
  }

  async function oneAtATime(parameters: URLSearchParams, work: () => Promise<ConnectResult>): Promise<ConnectResult> {
    const state = digestOf(stateIn(parameters))
    const turn = (pending.get(state) ?? Promise.resolve()).then(work, work)
    pending.set(state, turn)
    try {
      return await turn
    } finally {
      if (pending.get(state) === turn) pending.delete(state)
    }
  }

  /** Checks everything before the code is sent to the token endpoint. */
  async function finish(provider: string, parameters: URLSearchParams, browser: string | null): Promise<ConnectResult> {
    const state = stateIn(parameters)
    if (state === '') return refused('no state')
    const stored = await store.take(digestOf(state))
    if (!stored) return refused('unknown state')
    const { transaction, taken } = stored
    const account = await registry.findOrRefresh(() => registry.findLogin(transaction.login))
    if (!browser || !isDigestOf(transaction.browserDigest, browser)) return refused('another browser')
    if (!account || transaction.provider !== provider) return refused('another provider')
    if (taken) return again(account)
    if (transaction.expiresAt <= clock.now()) return refused('too late', account, 'too late')
    return redeem(transaction, account, parameters, state)
  }

  async function redeem(
    { codeVerifier, redirectUri }: AuthorizationTransaction,
    account: JoinedAccount,
    parameters: URLSearchParams,
    state: string,
  ): Promise<ConnectResult> {
    try {
      const server = { issuer: account.login.flow.authorization!.issuer }
      const answer = oauth.validateAuthResponse(server, { client_id: account.key }, parameters, state)
      const code = answer.get('code')
      if (!code) return refused('no code', account)
      await account.login.redeem({ code, redirectUri, codeVerifier })
      if (account.link !== null && !(await confirmed(account, account.link)))
        return refused('forgotten meanwhile', account)
      return { page: 'linked', account: account.key }
    } catch (error) {
      if (error instanceof oauth.AuthorizationResponseError) {
        const declined = error.error === 'access_denied'
        return refused(declined ? 'declined' : 'refused by the provider', account, declined ? 'declined' : 'try again')
      }
      if (error instanceof GrantRefused) return refused(`code refused (${error.kind})`, account)
      if (error instanceof AppError) return refused(error.code, account, 'try again')
      return refused('unreadable answer', account)
    }
  }

  /** Makes a pending account visible to its workspace; false when it is gone. */
  async function confirmed(account: JoinedAccount, link: string): Promise<boolean> {
    if (registry.stored(link)?.pendingUntil === null) return true
    const isThere = await store.confirm(link)
    await registry.refresh()
    if (isThere) options.onLinked?.(account)
    return isThere
  }

  /** A repeated callback, from a reload or a browser's prefetch: never exchanges the code again. */
  async function again(account: JoinedAccount): Promise<ConnectResult> {
    const { status } = await account.login.state()
    return status === 'ACTIVE' ? { page: 'already', account: account.key } : refused('used before', account)
  }

  function refused(reason: string, account: JoinedAccount | null = null, page: ConnectPage = 'refused'): ConnectResult {
    return { page, account: account?.key ?? null, refusal: reason }
  }

  function resultPage(request: FastifyRequest, reply: FastifyReply): FastifyReply {
    const stored = results.read(request.cookies[RESULT_COOKIE] ?? '') as [ConnectPage, string | null] | undefined
    const [shown, account] = stored ?? ['nothing begun', null]
    return page(reply, shown === 'linked' || shown === 'already' ? 200 : 400, { page: shown, account })
  }

  function page(reply: FastifyReply, status: number, { page: shown, account: key }: ConnectResult): FastifyReply {
    const account = key === null ? null : registry.find(key)
    const shownAccount = account && {
      label: account.label,
      provider: account.provider.name,
      again: `${publicPath()}/${account.key}`,
    }
    return reply
      .code(status)
      .headers({ 'content-security-policy': PAGE_POLICY })
      .type('text/html; charset=utf-8')
      .send(connectPage(shown, shownAccount))
  }

  return {
    register: (app: FastifyInstance) =>
      registerApart(app, 'connect', async (within) => {
        await within.register(cookie)
        within.setErrorHandler((error, request, reply) => {
          log.defect(request.id, error)
          return page(reply, 503, { page: 'try again', account: null })
        })
        // A HEAD request must neither start nor finish a login.
        const options = { exposeHeadRoute: false }
        within.get(`${PATH}/:accountId`, options, begin)
        within.get(`${PATH}/callback/:provider`, options, callback)
      }),
  }
}

interface Begin {
  Params: { accountId: string }
  Querystring: Readonly<Record<string, unknown>>
}

/** The ticket in the URL, else the one in the cookie: `Try again` links carry none. */
function ticketIn({ query, cookies }: FastifyRequest<Begin>): string {
  const { ticket } = query
  return (typeof ticket === 'string' ? ticket : cookies[TICKET_COOKIE]) ?? ''
}

/**
 * The state of an authorization response; empty when there are several, as one of them may be
 * injected.
 */
function stateIn(parameters: URLSearchParams): string {
  const [state = '', ...others] = parameters.getAll('state')
  return others.length === 0 ? state : ''
}

/** The value of a browser cookie in our own format; null for anything else. */
function validBrowser(request: FastifyRequest): string | null {
  const value = request.cookies[BROWSER_COOKIE] ?? ''
  return /^[\w-]{43}$/.test(value) ? value : null
}
