import { hash, randomBytes, timingSafeEqual } from 'node:crypto'

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
import type { AccountRegistry } from '../accounts/registry.js'
import type { JoinedAccount } from '../accounts/connect-account.js'
import { accountKeyOf, CONNECT_PATH as PATH, type ConnectLinks } from '../links/connect-links.js'
import { connectPage, PAGE_POLICY, type ConnectPage } from './page.js'
import type { Routes } from '../web/routes.js'
import type { Log } from '../observing/log.js'

export interface ConnectOptions {
  readonly registry: AccountRegistry
  readonly store: Store
  readonly clock: Clock
  readonly log: Log
  /** Where people reach this server. */
  readonly publicUrl: () => string
  readonly links: ConnectLinks
  readonly signingKeys: readonly Buffer[]
}

/** RFC 6749 §4.1.2 gives a code ten minutes at most. */
const TRANSACTION_MS = 10 * 60_000
const OPEN_PER_ACCOUNT = 5
/** Names the browser that began; `__Host-` is not possible below a path. */
const BROWSER_COOKIE = 'dialgraph-connect'
/** Tells the page after the redirect what happened, so that neither code nor state stays in the history. */
const OUTCOME_COOKIE = 'dialgraph-connected'
const LONGEST_OUTCOME = 512
const SHOWN_OF_DIGEST = 12
/** Keeps the ticket of the link that was opened, so that whoever came with it can try again. */
const TICKET_COOKIE = 'dialgraph-connect-ticket'

/** A page, and the key of the account it speaks of. */
interface Outcome {
  readonly page: ConnectPage
  readonly account: string | null
  /** Why nothing came of it, for the log. */
  readonly refusal?: string
}

/** The browser part of the authorization-code login: away to the provider, and back (RFC 6749 §4.1, RFC 7636, RFC 9700 §2.1). */
export function connectRoutes(options: ConnectOptions): Routes {
  const { registry, store, clock, log, links } = options
  /** A browser's word for what happened would tell it about accounts of others: it is believed its own outcome only. */
  const outcomes = signedText(keysFor('dialgraph connect outcome', options.signingKeys), {
    maximumLength: LONGEST_OUTCOME,
  })
  /** Where a browser sees these routes: a proxy may serve us below a path of its own. */
  const publicPath = () => new URL(options.publicUrl()).pathname.replace(/\/$/, '') + PATH
  const cookies = () => {
    const secure = options.publicUrl().startsWith('https:')
    return { path: publicPath(), httpOnly: true, sameSite: 'lax', secure } as const
  }
  /** The last callback of each state that is under way: whoever comes a second time waits, and is told what became of the first. */
  const underWay = new Map<string, Promise<Outcome>>()

  async function begin(request: FastifyRequest<Begin>, reply: FastifyReply) {
    const { accountId } = request.params
    const key = parseGlobalId(accountId)?.account ?? accountId
    const ticket = ticketIn(request)
    const login = links.needTickets ? await links.loginOf(ticket) : null
    // Whether there is such an account is no business of who may not begin its login.
    if (links.needTickets && (login === null || accountKeyOf(login) !== key)) {
      log.connectRefused({ requestId: request.id, reason: 'no ticket', account: null })
      return page(reply, 403, { page: 'ask for a link', account: null })
    }
    const account = await registry.seek(() => (login === null ? registry.find(key) : registry.findLogin(login)))
    const authorization = account?.login.flow.authorization
    if (!account || !authorization) return page(reply, 404, { page: 'unknown account', account: null })
    const redirectUri = account.facts.redirectUri!
    const state = oauth.generateRandomState()
    const codeVerifier = oauth.generateRandomCodeVerifier()
    const browser = validBrowser(request) ?? randomBytes(32).toString('base64url')
    const transaction: AuthorizationTransaction = {
      stateDigest: digest(state),
      login: account.login.key,
      provider: account.provider.slug,
      browserDigest: digest(browser),
      codeVerifier: new Secret(codeVerifier),
      redirectUri,
      expiresAt: clock.now() + TRANSACTION_MS,
    }
    await store.begin(transaction, OPEN_PER_ACCOUNT, clock.now())
    const codeChallenge = await oauth.calculatePKCECodeChallenge(codeVerifier)
    if (login !== null) void reply.setCookie(TICKET_COOKIE, ticket, { ...cookies(), maxAge: TRANSACTION_MS / 1000 })
    return reply
      .setCookie(BROWSER_COOKIE, browser, { ...cookies(), maxAge: TRANSACTION_MS / 1000 })
      .redirect(authorization.url({ redirectUri, state, codeChallenge }), 303)
  }

  async function callback(request: FastifyRequest<{ Params: { provider: string } }>, reply: FastifyReply) {
    const parameters = new URL(request.url, 'http://callback').searchParams
    if (parameters.size === 0) return outcomePage(request, reply)
    const { page, account, refusal } = await inTurn(parameters, () =>
      finish(request.params.provider, parameters, validBrowser(request)),
    )
    if (refusal) {
      // So that several attempts with one state can be told as that.
      const stateDigest = digest(stateIn(parameters)).slice(0, SHOWN_OF_DIGEST)
      log.connectRefused({ requestId: request.id, reason: refusal, account, stateDigest })
    }
    // 303 to the same path without its query: code and state leave the address bar and the history.
    return reply
      .setCookie(OUTCOME_COOKIE, outcomes.write([page, account]), { ...cookies(), maxAge: TRANSACTION_MS / 1000 })
      .redirect(`${publicPath()}/callback/${encodeURIComponent(request.params.provider)}`, 303)
  }

  async function inTurn(parameters: URLSearchParams, work: () => Promise<Outcome>): Promise<Outcome> {
    const state = digest(stateIn(parameters))
    const turn = (underWay.get(state) ?? Promise.resolve()).then(work, work)
    underWay.set(state, turn)
    try {
      return await turn
    } finally {
      if (underWay.get(state) === turn) underWay.delete(state)
    }
  }

  /** Everything is checked before the token endpoint hears of the code. */
  async function finish(provider: string, parameters: URLSearchParams, browser: string | null): Promise<Outcome> {
    const state = stateIn(parameters)
    if (state === '') return refused('no state')
    const begun = await store.take(digest(state))
    if (!begun) return refused('unknown state')
    const { transaction, taken } = begun
    const account = await registry.seek(() => registry.findLogin(transaction.login))
    if (!browser || !sameDigest(digest(browser), transaction.browserDigest)) return refused('another browser')
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
  ): Promise<Outcome> {
    try {
      const server = { issuer: account.login.flow.authorization!.issuer }
      const answer = oauth.validateAuthResponse(server, { client_id: account.key }, parameters, state)
      const code = answer.get('code')
      if (!code) return refused('no code', account)
      await account.login.redeem({ code, redirectUri, codeVerifier })
      if (account.link !== null && !(await confirmed(account.link))) return refused('forgotten meanwhile', account)
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

  /** A new account is there for everybody from now on. */
  async function confirmed(link: string): Promise<boolean> {
    if (registry.stored(link)?.pendingUntil === null) return true
    const isThere = await store.confirm(link)
    await registry.look()
    return isThere
  }

  /** The same answer a second time: a reload, or a browser that looks ahead. No second exchange comes of it. */
  async function again(account: JoinedAccount): Promise<Outcome> {
    const { status } = await account.login.state()
    return status === 'ACTIVE' ? { page: 'already', account: account.key } : refused('used before', account)
  }

  function refused(reason: string, account: JoinedAccount | null = null, page: ConnectPage = 'refused'): Outcome {
    return { page, account: account?.key ?? null, refusal: reason }
  }

  function outcomePage(request: FastifyRequest, reply: FastifyReply): FastifyReply {
    const written = outcomes.read(request.cookies[OUTCOME_COOKIE] ?? '') as [ConnectPage, string | null] | undefined
    const [shown, account] = written ?? ['nothing begun', null]
    return page(reply, shown === 'linked' || shown === 'already' ? 200 : 400, { page: shown, account })
  }

  function page(reply: FastifyReply, status: number, { page: shown, account: key }: Outcome): FastifyReply {
    const account = key === null ? null : registry.find(key)
    const named = account && {
      label: account.label,
      provider: account.provider.name,
      again: `${publicPath()}/${account.key}`,
    }
    return reply
      .code(status)
      .headers({ 'content-security-policy': PAGE_POLICY })
      .type('text/html; charset=utf-8')
      .send(connectPage(shown, named))
  }

  return {
    register: (app: FastifyInstance) =>
      void app.register(async (within) => {
        await within.register(cookie)
        within.setErrorHandler((error, request, reply) => {
          log.defect(request.id, error)
          return page(reply, 503, { page: 'try again', account: null })
        })
        // To ask for the head alone must neither begin nor finish anything.
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

/** The ticket of the link, else that of the link opened before: a page that says `Try again` has none of its own. */
function ticketIn({ query, cookies }: FastifyRequest<Begin>): string {
  const { ticket } = query
  return (typeof ticket === 'string' ? ticket : cookies[TICKET_COOKIE]) ?? ''
}

/** The one state of an answer; none where there are several, so that nobody can choose which is looked at. */
function stateIn(parameters: URLSearchParams): string {
  const [state = '', ...others] = parameters.getAll('state')
  return others.length === 0 ? state : ''
}

/** A browser cookie of the shape we make; anything else is no browser of ours. */
function validBrowser(request: FastifyRequest): string | null {
  const value = request.cookies[BROWSER_COOKIE] ?? ''
  return /^[\w-]{43}$/.test(value) ? value : null
}

const digest = (text: string) => hash('sha256', text, 'base64url')

const sameDigest = (one: string, other: string) =>
  one.length === other.length && timingSafeEqual(Buffer.from(one), Buffer.from(other))
