import { randomBytes } from 'node:crypto'

import { createAuthorizationCodes } from '../../../emulator/authorization-codes.js'
import type { RegisteredClient } from '../../../emulator/authorize-endpoint.js'
import type { EmulatedAccount, Emulator, EmulatorFactory } from '../../../emulator/emulator.js'
import type { CallChange, CallHistory } from '../../../emulator/history/history.js'
import type { LiveOffice } from '../../../emulator/live/live.js'
import { readKnobs } from '../../../emulator/knobs.js'
import { markedBytes } from '../../../emulator/marked-bytes.js'
import { serve } from '../../../emulator/serve.js'
import type { StoryCall } from '../../../emulator/story.js'
import { createStory } from '../../../emulator/create-story.js'
import { createTokenBook, type IssuedToken } from '../../../emulator/token-book.js'
import { callAndBridgeRoute } from './call-and-bridge.js'
import type { LoggedCall } from './call-log.js'
import { callRoutes } from './calls.js'
import { createCompanies, type AccountName, type Company } from './companies.js'
import { createCredentials } from './credentials.js'
import { extensionWriteRoutes } from './extension-writes.js'
import { createHistory } from './history.js'
import { createGate } from './gate.js'
import { DEFAULT_KNOBS, type BulutfonKnobs, type BulutfonWebhook } from './knobs.js'
import { liveCompanies, type LiveCompanies } from './live-companies.js'
import { oauthRoutes } from './oauth.js'
import { recordingRoutes } from './recordings.js'
import { notFound } from './refusals.js'
import { telephonyRoutes } from './telephony.js'

export type { AccountName } from './companies.js'
export type { BulutfonKnobs, BulutfonWebhook } from './knobs.js'

/** An incoming call of a test; by default a missed call from a customer. */
export type NewCall = Partial<Omit<StoryCall, 'id'>> & { readonly uuid?: string }

/**
 * Bulutfon's API v1. Accounts: `authorizationCode`, `masterToken`, `password` and `unlinked`
 * (without a refresh token) are the company's; `other` and `otherPassword` are a stranger's with
 * the same login e-mail.
 */
export interface BulutfonEmulator extends Emulator {
  readonly accounts: Readonly<
    Record<'authorizationCode' | 'masterToken' | 'password' | 'unlinked' | 'other' | 'otherPassword', EmulatedAccount>
  >
  readonly knobs: BulutfonKnobs
  /** All OAuth tokens issued, oldest first. */
  readonly issued: readonly IssuedToken[]
  /**
   * Everything that must never be shown: passwords, client secret, and all tokens and codes issued.
   */
  secrets(): readonly string[]
  /** A new grant, as from a browser login. */
  grant(account?: AccountName): IssuedToken
  /** Revokes access tokens, of one account or of all; refresh tokens stay valid. */
  revokeAccessTokens(account?: AccountName): void
  /** Revokes access and refresh tokens: a person has to log in. */
  revokeGrants(account?: AccountName): void
  /** Lets access tokens expire now; refresh tokens stay valid. */
  expireAccessTokens(account?: AccountName): void
  changePassword(password: string, account?: AccountName): void
  changeMasterToken(token: string, account?: AccountName): void
  /** Adds a call to the log, now by default, and returns it as logged. */
  addCall(call?: NewCall, account?: AccountName): LoggedCall
  /** Changes a call that has ended. */
  changeCall(uuid: string, change: CallChange, account?: AccountName): void
  /** The company's call log, as what happens to it later changes it. */
  readonly history: CallHistory
  /** The company's calls under way. */
  readonly live: LiveOffice<BulutfonWebhook>
  /** The same of the stranger. */
  readonly otherLive: LiveOffice<BulutfonWebhook>
  /** Changes every token response before it is sent; null: unchanged. */
  alterTokenAnswers(alter: ((answer: Readonly<Record<string, unknown>>) => unknown) | null): void
}

/**
 * Starts Bulutfon on a free port. Written from its documentation
 * (https://github.com/bulutfon/documents), not from our client.
 */
export const startBulutfonEmulator: EmulatorFactory<BulutfonEmulator> = async (options = {}) => {
  const knobs = readKnobs<BulutfonKnobs>('bulutfon', DEFAULT_KNOBS, options.knobs)
  const { scale = 1, seed = 1 } = options
  const now = options.storyEnd ?? options.now ?? Date.now()
  const masterTokens = {
    company: knobs.masterToken ?? markedBytes(20).toString('hex'),
    other: markedBytes(20).toString('hex'),
  }
  const newCompanies = () =>
    createCompanies(
      createStory({ now, scale, seed }),
      createStory({ now, scale: 0.005, seed: seed + 1 }),
      seed,
      masterTokens,
    )
  const client: RegisteredClient = {
    id: randomBytes(32).toString('hex'),
    secret: markedBytes().toString('hex'),
    name: 'Dialgraph',
    ...(knobs.redirectUris && { redirectUris: knobs.redirectUris }),
  }
  const firstRefreshTokens = { company: markedBytes().toString('hex'), other: markedBytes().toString('hex') }

  // The server creates the clock, but needs the routes first.
  const clock = { now: () => served.clock.now() }
  const living = (): LiveCompanies => live
  let companies = newCompanies()
  const history = createHistory({ companies: () => companies, knobs, clock, missedCall })
  let alter: (answer: Readonly<Record<string, unknown>>) => unknown = unchanged
  const tokens = createTokenBook({ clock, lifetimeSeconds: knobs.accessTokenSeconds, rotation: knobs.rotation })
  const codes = createAuthorizationCodes(clock)
  const credentials = createCredentials(
    () => companies,
    () => tokens,
    knobs,
  )
  const gate = createGate(credentials, knobs, clock)

  const served = await serve({
    options,
    tokenPaths: /^\/oauth\/token\/?$/,
    accountOf: (request) => credentials.accountOf(request),
    notFound,
    onClockMove() {
      living().run()
      history.expire()
    },
    routes: [
      ...oauthRoutes({
        client,
        companies: () => companies,
        tokens: () => tokens,
        codes,
        knobs,
        clock,
        alter: (answer) => alter(answer),
      }),
      ...telephonyRoutes(gate, knobs),
      ...extensionWriteRoutes(gate),
      ...callRoutes({ gate, knobs, clock, url: () => served.url, served: (company) => history.served(company) }),
      ...recordingRoutes(gate, knobs),
      callAndBridgeRoute(gate, {
        clock,
        begin: ({ account }, call, told) => living().begin(account, call, told),
      }),
    ],
  })
  const live = liveCompanies({ companies: () => companies, knobs, clock: served.clock, url: served.url, seed })
  history.expire()
  linkAccounts()

  /** Both customers have consented: each has a refresh token. */
  function linkAccounts(): void {
    for (const account of ['company', 'other'] as const) {
      tokens.issue(
        { account, clientId: client.id, scope: GRANTED_SCOPE },
        { refreshToken: firstRefreshTokens[account] },
      )
    }
  }

  function addCall({ uuid, ...call }: NewCall = {}, account: AccountName = 'company'): LoggedCall {
    const company = companies[account]
    return company.calls.add({
      ...missedCall(company, call.startedAt ?? clock.now()),
      ...call,
      ...(uuid !== undefined && { uuid }),
    })
  }

  const { url, journal, faults } = served
  return {
    url,
    journal,
    faults,
    clock: served.clock,
    knobs,
    accounts: accountsAt(url, client, firstRefreshTokens, companies),
    // `unlinked` is another login of the same company: it shows the same data once it is linked.
    conformance: {
      account: 'authorizationCode',
      other: 'other',
      renewable: { authorizationCode: 1 },
      revoked: { authorizationCode: 1 },
      unknownCall: '3c9e1a70-0000-4000-8000-0000deadbeef',
    },
    sandbox: { linked: { authorizationCode: 'izmir' }, unlinked: { unlinked: 'browser' } },
    issued: tokens.all,
    secrets: () => [
      client.secret,
      ...Object.values(firstRefreshTokens),
      ...Object.values(companies).flatMap((company) => [company.masterToken, company.login.password]),
      ...tokens.all.flatMap(({ accessToken, refreshToken }) => [accessToken, refreshToken]),
      ...codes.all,
    ],
    grant: (account = 'company') => tokens.issue({ account, clientId: client.id, scope: GRANTED_SCOPE }),
    revokeAccessTokens: (account) => tokens.revokeAccessTokens(account),
    revokeGrants: (account) => tokens.revokeGrants(account),
    expireAccessTokens: (account) => tokens.expireAccessTokens(account),
    changePassword: (password, account = 'company') => void (companies[account].login.password = password),
    changeMasterToken: (token, account = 'company') => void (companies[account].masterToken = token),
    addCall,
    changeCall: (uuid, change, account = 'company') => companies[account].calls.change(uuid, change),
    history,
    live: live.of('company'),
    otherLive: live.of('other'),
    alterTokenAnswers: (wanted) => void (alter = wanted ?? unchanged),
    reset() {
      served.reset()
      gate.reset()
      codes.clear()
      tokens.clear()
      alter = unchanged
      live.reset()
      companies = newCompanies()
      history.reset()
      linkAccounts()
    },
    async close() {
      live.reset()
      await served.close()
    },
  }
}

/** The scope in responses of 2015. */
const GRANTED_SCOPE = 'cdr call_record'

const unchanged = (answer: Readonly<Record<string, unknown>>): unknown => answer

function accountsAt(
  url: string,
  client: RegisteredClient,
  refreshTokens: Readonly<Record<AccountName, string>>,
  { company, other }: Readonly<Record<AccountName, Company>>,
): BulutfonEmulator['accounts'] {
  const urls = { api: url, authorize: `${url}/oauth/authorize`, token: `${url}/oauth/token` }
  const account = (label: string, auth: EmulatedAccount['auth']): EmulatedAccount => ({
    label,
    provider: 'bulutfon',
    country: 'TR',
    timeZone: 'Europe/Istanbul',
    urls,
    auth,
  })
  const application = {
    flow: 'authorization_code',
    clientId: client.id,
    clientSecret: client.secret,
    scope: GRANTED_SCOPE,
  }
  return {
    authorizationCode: account(company.office.label, { ...application, refreshToken: refreshTokens.company }),
    masterToken: account(company.office.label, { flow: 'static_token', token: company.masterToken }),
    password: account(company.office.label, { flow: 'password', ...company.login }),
    unlinked: account(company.office.label, application),
    other: account(other.office.label, { ...application, refreshToken: refreshTokens.other }),
    otherPassword: account(other.office.label, { flow: 'password', ...other.login }),
  }
}

/** A customer who rang for twenty seconds and gave up. */
function missedCall({ office, calls }: Company, at: number): Omit<StoryCall, 'id'> {
  const startedAt = Math.floor(at / 1000) * 1000
  const customer = calls.all.find(({ direction, outside }) => direction === 'in' && outside !== null)
  return {
    direction: 'in',
    kind: 'voice',
    outside: customer?.outside ?? null,
    outsideName: customer?.outsideName ?? null,
    did: office.dids[0]?.number ?? null,
    from: null,
    to: null,
    startedAt,
    endedAt: startedAt + 20_000,
    steps: [],
    outcome: 'missed',
    answeredAt: null,
    hungUpBy: 'caller',
    recording: 'no',
    price: null,
  }
}
