import type { EmulatedAccount, Emulator, EmulatorFactory } from '../../../emulator/emulator.js'
import { readKnobs } from '../../../emulator/knobs.js'
import { serve, type EmulatedRequest } from '../../../emulator/serve.js'
import { createStory } from '../../../emulator/create-story.js'
import { secretOf, seedApplications, type Applications } from './applications.js'
import { createAccessGrants } from './access-grants.js'
import { authorizePages } from './authorize-pages.js'
import { dialects } from './dialect.js'
import { chooseOwners, createDirectory, passwords, type AccountName } from './directory.js'
import type { Doorkeeper } from './doorkeeper.js'
import { errorPage, FrameworkError, parametersOf } from './framework.js'
import { DEFAULT_KNOBS, scopesOf, type RailsApiV1Knobs } from './knobs.js'
import { bearerOf } from './presented-token.js'
import { resourceRoutes } from './resources.js'
import { createSignIn } from './sign-in.js'
import { createAccessTokens, type TokenRow } from './access-tokens.js'
import { tokenEndpoint } from './token-endpoint.js'
import { tokenServices } from './token-services.js'

export type { AccountName } from './directory.js'

/**
 * An application made from the template `klikaba/rails-api-template`: `/oauth/…`, `/users/sign_in`,
 * `/api/v1/…`. Accounts: `password`, `authorizationCode` (linked, with a refresh token), `unlinked`
 * (not consented yet), `other` (another person with the password of `password`). A control without
 * an account applies to all.
 */
export interface RailsApiV1Emulator extends Emulator {
  readonly accounts: Readonly<Record<AccountName, EmulatedAccount>>
  readonly knobs: RailsApiV1Knobs
  /** What the person of each account enters on the sign-in page. */
  readonly people: Readonly<Record<AccountName, Person>>
  /** Revokes the rows of all tokens: access and refresh tokens together. */
  revokeAccessTokens(account?: AccountName): void
  /** The same: revoking one token of a row revokes the grant. */
  revokeGrants(account?: AccountName): void
  /**
   * Everything that must never be shown: passwords, client secrets, and all tokens and codes
   * issued.
   */
  secrets(): readonly string[]
  /** Lets access tokens expire now; refresh tokens stay valid. */
  expireAccessTokens(account?: AccountName): void
  /** Changes the lifetime of new tokens. */
  setAccessTokenSeconds(seconds: number): void
  /** Changes the password of the next login; tokens stay valid. */
  changePassword(account: AccountName, password: string): void
  /** Deletes the person of an account; its tokens stay. */
  deleteOwner(account: AccountName): void
}

/** Someone who can sign in. */
export interface Person {
  readonly id: number
  readonly email: string
  readonly password: string
}

/**
 * Starts the API on a free port. Written from the documentation of the API and of Doorkeeper, not
 * from our client.
 */
export const startRailsApiV1Emulator: EmulatorFactory<RailsApiV1Emulator> = async (options = {}) => {
  const knobs = readKnobs<RailsApiV1Knobs>('rails-api-v1', DEFAULT_KNOBS, options.knobs)
  const dialect = dialects[knobs.doorkeeper]
  const { staff, now } = createStory({ ...options, now: options.storyEnd ?? options.now ?? Date.now() })
  const owners = chooseOwners(staff)
  const names = Object.keys(owners) as AccountName[]
  const applications = seedApplications(options.seed ?? 1)
  const refreshToken = dialect.opaque(secretOf(`refresh token ${options.seed ?? 1}`))
  // The server creates the clock, but needs the routes first.
  const clock = { now: () => served.clock.now() }
  const directory = createDirectory(staff, now)
  const tokens = createAccessTokens(knobs, dialect, clock, (id) => directory.byId(id))
  const codes = createAccessGrants(dialect, clock)
  const signIn = createSignIn(knobs, directory)
  const doorkeeper: Doorkeeper = { knobs, dialect, applications, directory, tokens }

  const served = await serve({
    options,
    tokenPaths: /^\/oauth\/token$/,
    routes: [
      tokenEndpoint(doorkeeper, codes),
      ...tokenServices(doorkeeper),
      ...authorizePages(doorkeeper, codes, signIn),
      ...signIn.routes,
      ...resourceRoutes(doorkeeper, clock),
    ],
    notFound: (request) => errorPage(request, 404),
    accountOf: (request) => accountOfRequest(request),
  })

  function accountOfRequest(request: EmulatedRequest): string | null {
    const token = tokenOf(request)
    const row = token === null ? null : tokens.peek(token)
    return row && tokens.isLive(row) ? accountOf(row) : null
  }

  const accountOf = ({ application, ownerId }: TokenRow): string => {
    if (application === applications.linked) return 'authorizationCode'
    if (application === applications.unlinked) return 'unlinked'
    return names.find((account) => owners[account].id === ownerId) ?? `user ${ownerId}`
  }

  const rowsOf = (account?: AccountName) =>
    tokens.rows().filter((row) => account === undefined || accountOf(row) === account)

  const revoke = (account?: AccountName) => rowsOf(account).forEach((row) => (row.revoked = true))

  const ownerOf = (account: AccountName) => {
    const user = directory.byId(owners[account].id)
    if (!user) throw new TypeError(`The rails-api-v1 emulator has no person behind the account ${account}`)
    return user
  }

  // The initial token of `authorizationCode`; its access token expires soon, its refresh token
  // never.
  const link = await tokens.create({
    application: applications.linked,
    ownerId: ownerOf('authorizationCode').id,
    scopes: scopesOf(knobs),
    refreshToken,
  })
  const seeded = link ? [{ ...link }] : []

  return {
    url: served.url,
    clock: served.clock,
    journal: served.journal,
    faults: served.faults,
    knobs,
    people: Object.fromEntries(
      names.map((name) => [name, { id: owners[name].id, email: owners[name].email, password: passwords[name] }]),
    ) as Record<AccountName, Person>,
    accounts: accountsAt(served.url, applications, (account) => owners[account].email, refreshToken),
    // Doorkeeper revokes the row that holds both tokens: one refused refresh, then one login, or a person.
    conformance: {
      account: 'password',
      other: 'other',
      renewable: { password: 1, authorizationCode: 1 },
      revoked: { password: 2, authorizationCode: null },
    },
    sandbox: { linked: { password: 'directory' } },
    revokeAccessTokens: revoke,
    revokeGrants: revoke,
    secrets: () => [
      ...names.map((name) => passwords[name]),
      ...names.flatMap((name) => directory.byId(owners[name].id)?.password ?? []),
      ...Object.values(applications).map(({ secret }) => secret),
      ...tokens.rows().flatMap((row) => [row.accessToken, row.refreshToken]),
      ...codes.issued(),
    ],
    expireAccessTokens: (account) => rowsOf(account).forEach((row) => (row.expiresAt = served.clock.now() - 1)),
    setAccessTokenSeconds: (seconds) => tokens.setAccessTokenSeconds(seconds),
    changePassword: (account, password) => void (ownerOf(account).password = password),
    deleteOwner: (account) => directory.delete(ownerOf(account).id),
    reset() {
      served.reset()
      directory.reset()
      codes.reset()
      signIn.reset()
      tokens.reset(seeded.map((row) => ({ ...row })))
    },
    close: () => served.close(),
  }
}

/** The token of a request, for the journal; null when the body cannot be parsed. */
function tokenOf(request: EmulatedRequest): string | null {
  try {
    return bearerOf(request, parametersOf(request))
  } catch (error) {
    if (error instanceof FrameworkError) return bearerOf(request, {})
    throw error
  }
}

function accountsAt(
  url: string,
  applications: Applications,
  emailOf: (account: AccountName) => string,
  refreshToken: string,
): Record<AccountName, EmulatedAccount> {
  const account = (label: string, auth: Record<string, unknown>): EmulatedAccount => ({
    label,
    provider: 'rails-api-v1',
    country: 'TR',
    timeZone: 'Europe/Istanbul',
    urls: { api: url },
    auth,
  })
  const client = (name: keyof Applications) => ({
    clientId: applications[name].uid,
    clientSecret: applications[name].secret,
  })
  const byPassword = (name: AccountName) => ({
    flow: 'password',
    username: emailOf(name),
    password: passwords[name],
    ...client('firstParty'),
  })
  return {
    password: account('Staff directory', byPassword('password')),
    authorizationCode: account('Staff directory, linked', {
      flow: 'authorization_code',
      ...client('linked'),
      refreshToken,
    }),
    unlinked: account('Staff directory, Prague', { flow: 'authorization_code', ...client('unlinked') }),
    other: account('Staff directory, a colleague', byPassword('other')),
  }
}
