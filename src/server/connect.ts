import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'

import cookie from '@fastify/cookie'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import * as oauth from 'oauth4webapi'

import { GrantRefused } from '../auth/flow.js'
import type { Login } from '../auth/login.js'
import type { Clock } from '../clock.js'
import { AppError } from '../errors.js'
import { Secret } from '../secret.js'
import type { TokenStore } from '../store/token-store.js'
import { connectPage, PAGE_POLICY, type ConnectPage } from './connect-page.js'

/** An account that a person may log in with a browser. */
export interface Connectable {
  readonly key: string
  readonly label: string
  readonly providerSlug: string
  readonly providerName: string
  /** Where the provider sends the browser back to; one for all accounts of a provider. */
  readonly redirectUri: string
  readonly login: Login
}

export interface ConnectOptions {
  /** Null for an account that does not exist, or whose login is not made in a browser. */
  readonly find: (account: string) => Connectable | null
  readonly store: TokenStore
  readonly clock: Clock
  /** Cookies are sent over TLS only. */
  readonly secure: boolean
  /** One line about a callback that was refused; holds no part of the request but the reason. */
  readonly refused: (reason: string, account: string | null) => void
}

/** RFC 6749 §4.1.2 gives a code ten minutes at most. */
const TRANSACTION_MS = 10 * 60_000
const OPEN_PER_ACCOUNT = 5
/** Names the browser that began; `__Host-` is not possible below a path. */
const BROWSER_COOKIE = 'dialgraph-connect'
/** Tells the page after the redirect what happened, so that neither code nor state stays in the history. */
const OUTCOME_COOKIE = 'dialgraph-connected'
const PATH = '/connect'

/** The browser part of the authorization-code login: away to the provider, and back (RFC 6749 §4.1, RFC 7636, RFC 9700 §2.1). */
export async function registerConnect(app: FastifyInstance, options: ConnectOptions): Promise<void> {
  const { find, store, clock } = options
  await app.register(cookie)
  const cookies = { path: PATH, httpOnly: true, sameSite: 'lax', secure: options.secure } as const

  app.get<{ Params: { accountId: string } }>(`${PATH}/:accountId`, async (request, reply) => {
    const account = find(request.params.accountId)
    const authorization = account?.login.flow.authorization
    if (!account || !authorization) return page(reply, 404, 'unknown account')
    const state = oauth.generateRandomState()
    const codeVerifier = oauth.generateRandomCodeVerifier()
    const browser = validBrowser(request) ?? randomBytes(32).toString('base64url')
    await store.begin(
      {
        stateDigest: digest(state),
        account: account.key,
        provider: account.providerSlug,
        browserDigest: digest(browser),
        codeVerifier: new Secret(codeVerifier),
        redirectUri: account.redirectUri,
        expiresAt: clock.now() + TRANSACTION_MS,
      },
      OPEN_PER_ACCOUNT,
      clock.now(),
    )
    const codeChallenge = await oauth.calculatePKCECodeChallenge(codeVerifier)
    return reply
      .setCookie(BROWSER_COOKIE, browser, { ...cookies, maxAge: TRANSACTION_MS / 1000 })
      .redirect(authorization.url({ redirectUri: account.redirectUri, state, codeChallenge }), 303)
  })

  app.get<{ Params: { provider: string } }>(`${PATH}/callback/:provider`, async (request, reply) => {
    const parameters = new URL(request.url, 'http://callback').searchParams
    if (![...parameters].length) return outcomePage(request, reply)
    const outcome = await finish(request.params.provider, parameters, request)
    // 303 to the same path without its query: code and state leave the address bar and the history.
    return reply
      .setCookie(OUTCOME_COOKIE, outcome, { ...cookies, maxAge: 60 })
      .redirect(`${PATH}/callback/${encodeURIComponent(request.params.provider)}`, 303)
  })

  /** The outcome as `page` or `page:account`. Everything is checked before the token endpoint hears of the code. */
  async function finish(provider: string, parameters: URLSearchParams, request: FastifyRequest): Promise<string> {
    const refuse = (reason: string, account: string | null = null, shown: ConnectPage = 'refused') => {
      options.refused(reason, account)
      return account ? `${shown}:${account}` : shown
    }
    const state = parameters.get('state')
    if (!state) return refuse('no state')
    const begun = await store.take(digest(state))
    if (!begun) return refuse('unknown state')
    const { transaction, taken } = begun
    const account = find(transaction.account)
    const browser = validBrowser(request)
    if (!browser || !sameDigest(digest(browser), transaction.browserDigest)) return refuse('another browser')
    if (!account || transaction.provider !== provider) return refuse('another provider')
    if (taken) return `already:${account.key}`
    if (transaction.expiresAt <= clock.now()) return refuse('too late', account.key, 'too late')
    try {
      const server = { issuer: new URL(account.redirectUri).origin }
      const answer = oauth.validateAuthResponse(server, { client_id: account.key }, parameters, state)
      await account.login.redeem({
        code: answer.get('code') ?? '',
        redirectUri: transaction.redirectUri,
        codeVerifier: transaction.codeVerifier,
      })
      return `linked:${account.key}`
    } catch (error) {
      if (error instanceof oauth.AuthorizationResponseError)
        return refuse('the person said no', account.key, 'declined')
      if (error instanceof GrantRefused) return refuse('the code was refused', account.key)
      if (error instanceof AppError) return refuse(error.code, account.key, 'try again')
      return refuse('the answer could not be read', account.key)
    }
  }

  function outcomePage(request: FastifyRequest, reply: FastifyReply): FastifyReply {
    const [shown = 'refused', key = ''] = (request.cookies[OUTCOME_COOKIE] ?? '').split(':')
    const account = find(key)
    void reply.clearCookie(OUTCOME_COOKIE, cookies)
    return page(reply, shown === 'linked' || shown === 'already' ? 200 : 400, shown, account)
  }
}

function page(reply: FastifyReply, status: number, shown: string, account: Connectable | null = null): FastifyReply {
  return reply
    .code(status)
    .headers({ 'content-security-policy': PAGE_POLICY })
    .type('text/html; charset=utf-8')
    .send(
      connectPage(
        shown,
        account && { label: account.label, provider: account.providerName, again: `${PATH}/${account.key}` },
      ),
    )
}

/** A browser cookie of the shape we make; anything else is no browser of ours. */
function validBrowser(request: FastifyRequest): string | null {
  const value = request.cookies[BROWSER_COOKIE] ?? ''
  return /^[\w-]{43}$/.test(value) ? value : null
}

const digest = (text: string) => createHash('sha256').update(text).digest('base64url')

const sameDigest = (one: string, other: string) =>
  one.length === other.length && timingSafeEqual(Buffer.from(one), Buffer.from(other))
