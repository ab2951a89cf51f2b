import type { EmulatedAccount, Emulator, EmulatorFactory } from '../../../emulator/emulator.js'
import { readKnobs } from '../../../emulator/knobs.js'
import { serve, type EmulatedRequest } from '../../../emulator/serve.js'
import { createStory } from '../../../emulator/create-story.js'
import { contactListViews, seedLists } from './contact-lists.js'
import { createCustomers, seededCustomers, type AccountName, type Customer } from './customers.js'
import { gatewayCustomerOf, gatewayRoutes, unknownOperation } from './gateway.js'
import { DEFAULT_KNOBS, type PostacellKnobs } from './knobs.js'
import { unknownPath, viewRoutes, type View } from './rest-framework.js'
import { createSimpleJwt } from './simple-jwt.js'
import { createThrottle } from './throttle.js'
import { authenticator, bearerOf, tokenViews } from './token-views.js'

export type { AccountName } from './customers.js'

/**
 * Postacell: the API with its e-mail lists below `/api`, the SMS gateway below `/gateway/v1`.
 * Accounts: `login` (user name), `email` (logs in by e-mail), `gateway` (with the SMS gateway's
 * credential), `other` (a stranger with the password of `login`). A control without an account
 * applies to all.
 */
export interface PostacellEmulator extends Emulator {
  readonly accounts: Readonly<Record<AccountName, EmulatedAccount>>
  readonly knobs: PostacellKnobs
  /** Access tokens are refused as invalid; refresh tokens stay valid. */
  revokeAccessTokens(account?: AccountName): void
  /** Access tokens are refused as expired, whatever their `exp`. */
  expireAccessTokens(account?: AccountName): void
  /** Refresh tokens are refused: a login is needed. */
  revokeRefreshTokens(account?: AccountName): void
  /** All tokens are refused. */
  revokeGrants(account?: AccountName): void
  /** Everything that must never be shown: passwords and all tokens issued. */
  secrets(): readonly string[]
  /** A new signing key: every token is invalid at once. */
  rotateSigningKey(): void
  /** Changes the password of the next login; tokens stay valid. */
  changePassword(account: AccountName, password: string): void
  /** The customer can neither log in nor read, though its refresh token still works. */
  deactivate(account: AccountName): void
  activate(account: AccountName): void
  /** Like `deactivate`, permanently. */
  deleteUser(account: AccountName): void
}

/**
 * Starts Postacell on a free port. Written from its documentation
 * (https://developer.postacell.com.tr), not from our client.
 */
export const startPostacellEmulator: EmulatorFactory<PostacellEmulator> = async (options = {}) => {
  const knobs = readKnobs<PostacellKnobs>('postacell', DEFAULT_KNOBS, options.knobs)
  const lists = seedLists(
    createStory({ ...options, now: options.storyEnd ?? options.now ?? Date.now() }).contactLists,
    seededCustomers,
  )
  const customers = createCustomers()
  // The server creates the clock, but needs the routes first.
  const clock = { now: () => served.clock.now() }
  const tokens = createSimpleJwt(knobs, clock, accountOfUser)
  const throttle = createThrottle(knobs.throttlePerMinute, clock)
  const views = [...tokenViews(customers, tokens), ...contactListViews(knobs, lists, () => served.url), ...smallViews]
  const served = await serve({
    options,
    jsonType: 'application/json',
    tokenPaths: /^\/api\/token(\/|$)/,
    routes: [
      ...viewRoutes(views, { knobs, throttle, authenticate: authenticator(knobs, customers, tokens) }),
      ...gatewayRoutes(knobs, customers),
    ],
    notFound: ({ path }) => (path.startsWith('/gateway/') ? unknownOperation() : unknownPath()),
    accountOf: (request) => accountOf(request),
  })

  function accountOf(request: EmulatedRequest): string | null {
    if (request.path.startsWith('/gateway/')) return gatewayCustomerOf(request, customers)?.account ?? null
    const token = bearerOf(request)
    return token && tokens.accountOf(token)
  }

  return {
    url: served.url,
    clock: served.clock,
    journal: served.journal,
    faults: served.faults,
    knobs,
    accounts: accountsAt(served.url),
    conformance: {
      account: 'login',
      other: 'other',
      renewable: { login: 1, email: 1 },
      revoked: { login: 1 },
      smallPages: { pageSize: 3 },
    },
    sandbox: { linked: { gateway: 'mailings' } },
    revokeAccessTokens: (account) => tokens.spoil('access', account, 'invalid'),
    expireAccessTokens: (account) => tokens.spoil('access', account, 'expired'),
    revokeRefreshTokens: (account) => tokens.spoil('refresh', account, 'invalid'),
    revokeGrants(account) {
      tokens.spoil('access', account, 'invalid')
      tokens.spoil('refresh', account, 'invalid')
    },
    secrets: () => [...customers.passwords(), ...tokens.issued()],
    rotateSigningKey: () => tokens.rotateKey(),
    changePassword(account, password) {
      const customer = customers.byAccount(account)
      customer.password = password
      customer.passwordVersion += 1
    },
    deactivate: (account) => void (customers.byAccount(account).active = false),
    activate: (account) => void (customers.byAccount(account).active = true),
    deleteUser: (account) => customers.delete(account),
    reset() {
      served.reset()
      tokens.reset()
      throttle.reset()
      customers.reset()
    },
    close: () => served.close(),
  }
}

/** From the seed: tokens of a deleted customer still have an account. */
const accountOfUser = (id: number): string => seededCustomers.find((one) => one.id === id)?.account ?? `user ${id}`

const smallViews: View[] = [
  {
    pattern: /\/api\/v[123]\/hello\//,
    name: 'Hello',
    description: 'Says hello to whoever is logged in.',
    needsLogin: true,
    methods: { GET: () => ({ message: 'Hello, World!' }) },
  },
  {
    // Its rows are not published: it only describes itself.
    pattern: /\/api\/v[123]\/timezone\//,
    name: 'Time Zone',
    description: 'Lists time zones.',
    needsLogin: false,
    methods: {},
  },
]

function accountsAt(url: string): Record<AccountName, EmulatedAccount> {
  const labels: Record<AccountName, string> = {
    login: 'Ege Yelken, mailings',
    email: 'Ege Yelken, marketing',
    gateway: 'Ege Yelken, mailings and SMS',
    other: 'Marmara Yelken',
  }
  return Object.fromEntries(
    seededCustomers.map((customer) => [customer.account, accountAt(url, customer, labels[customer.account])]),
  ) as Record<AccountName, EmulatedAccount>
}

function accountAt(url: string, customer: Readonly<Customer>, label: string): EmulatedAccount {
  const { account, username, email, password, gateway } = customer
  return {
    label,
    provider: 'postacell',
    country: 'TR',
    timeZone: 'Europe/Istanbul',
    urls: { api: `${url}/api`, gateway: `${url}/gateway/v1` },
    auth: {
      flow: 'jwt_login',
      ...(account === 'email' ? { loginField: 'email', username: email } : { username }),
      password,
      ...(gateway ? { gatewayCredential: gateway } : {}),
    },
  }
}
