import { parse, validate, execute, GraphQLError, specifiedRules, type ExecutionResult } from 'graphql'

import { createStory } from '../../../emulator/create-story.js'
import type { EmulatedAccount, Emulator, EmulatorFactory } from '../../../emulator/emulator.js'
import { readKnobs } from '../../../emulator/knobs.js'
import { json, serve, type EmulatedRequest, type EmulatedResponse } from '../../../emulator/serve.js'
import { createApplications, USER, type Applications } from './applications.js'
import type { CallRow } from './call-rows.js'
import { DEFAULT_KNOBS, isSeventeen } from './knobs.js'
import { html, protocolOf } from './protocol.js'
import { queryResolvers } from './queries.js'
import { createReloads } from './reloads.js'
import { restRoutes } from './rest.js'
import { routingResolvers } from './routing-writes.js'
import { schemaFor } from './schema.js'
import { booksOf } from './books.js'
import { createTables, type Tables } from './tables.js'
import { tokenEndpoint } from './token-endpoint.js'
import { createTokens } from './tokens.js'
import { mutationResolvers } from './writes.js'

export type FreepbxAccountName = 'machine' | 'native' | 'other'

/** The controls that only this emulator has. */
export interface FreepbxEmulator extends Emulator {
  readonly accounts: Readonly<Record<FreepbxAccountName, EmulatedAccount>>
  /** What is stored, to be read and changed. */
  readonly tables: Tables
  /** Everything that must never be shown: passwords, client secrets, tokens, secrets of phones. */
  secrets(): readonly string[]
  /** Somebody deletes the access tokens in the web interface; refresh tokens stay valid. */
  revokeAccessTokens(account?: FreepbxAccountName): void
  /** The same with the refresh tokens. */
  revokeGrants(account?: FreepbxAccountName): void
  expireAccessTokens(): void
  changeClientSecret(account: FreepbxAccountName, secret: string): void
  changePassword(password: string): void
  /** A module is taken out, or comes back: its fields and scopes with it. */
  removeModule(name: string): void
  restoreModule(name: string): void
  /** Replaces the whole call log. */
  setCalls(rows: readonly CallRow[]): void
  /** How many reloads were begun. */
  reloads(): number
  /** Whether something was saved that is not in force. */
  needsReload(): boolean
}

const BASE = '/admin/api/api'

/**
 * Starts a FreePBX with the module `api` on a free port: token endpoint, GraphQL, REST. Written from
 * the wire contract, not from our client.
 */
export const startFreepbxEmulator: EmulatorFactory<FreepbxEmulator> = async (options = {}) => {
  const knobs = readKnobs('freepbx', DEFAULT_KNOBS, options.knobs)
  const story = createStory({ ...options, now: options.storyEnd ?? options.now ?? Date.now() })
  const office = story.offices.ankara
  const zone = knobs.timeZone ?? office.timeZone
  const tables = createTables(office, knobs)
  const seeded = createApplications(options.seed ?? 1)
  const applications = { ...createApplications(options.seed ?? 1) }
  const clock = { now: () => served.clock.now() }
  const tokens = createTokens(clock, isSeventeen(knobs))
  const protocol = protocolOf(knobs)
  const reloads = createReloads(knobs)
  const removed = new Set(knobs.missingModules)
  const missing = () => [...removed]
  let password = USER.password

  const bearerOf = ({ headers }: EmulatedRequest) => /^Bearer (.+)$/.exec(headers['authorization'] ?? '')?.[1]
  const scopesOf = (request: EmulatedRequest): readonly string[] | EmulatedResponse => {
    const bearer = bearerOf(request)
    if (bearer === undefined) return protocol.unauthorized('missing')
    const read = tokens.read(bearer)
    return typeof read === 'string' ? protocol.unauthorized(read) : read.scopes
  }
  const resolvers = {
    ...queryResolvers({ tables, knobs, zone, reloads }),
    ...mutationResolvers({ tables, knobs, reloads }),
    ...routingResolvers(tables),
  }
  const graphql = async (request: EmulatedRequest): Promise<EmulatedResponse> => {
    if (knobs.latencyMs > 0) await new Promise((resolve) => setTimeout(resolve, knobs.latencyMs))
    const scopes = scopesOf(request)
    if ('status' in scopes) return scopes
    const asked = questionIn(request)
    if (asked === 'batch') return json([{ errors: [{ message: 'Batched queries are not supported by this server' }] }])
    if (asked === null) return protocol.malformed()
    return protocol.result(await answer(asked, scopes, isOther(request)))
  }
  /** Another customer has another release. */
  const isOther = (request: EmulatedRequest) => {
    const read = tokens.read(bearerOf(request) ?? '')
    return typeof read !== 'string' && read.account === 'other'
  }
  const answer = async (
    { query, variables }: Question,
    scopes: readonly string[],
    isOlder: boolean,
  ): Promise<ExecutionResult> => {
    try {
      const schema = schemaFor(scopes, missing())
      const document = parse(query)
      const errors = validate(schema, document, specifiedRules)
      if (errors.length > 0) return { errors }
      return await execute({
        schema,
        document,
        rootValue: resolvers,
        contextValue: { isOlder },
        variableValues: variables,
      })
    } catch (error) {
      return { errors: [error instanceof GraphQLError ? error : new GraphQLError('Internal server error')] }
    }
  }
  const endpoint = tokenEndpoint({ knobs, applications, tokens, missing, password: () => password })

  const served = await serve({
    options,
    tokenPaths: new RegExp(`^${BASE}/token$`),
    accountOf(request) {
      const read = tokens.read(bearerOf(request) ?? '')
      return typeof read === 'string' ? null : read.account
    },
    routes: [
      { method: 'POST', pattern: new RegExp(`${BASE}/token`), handle: endpoint },
      { method: 'GET', pattern: new RegExp(`${BASE}/token`), handle: () => protocol.methodNotAllowed() },
      { method: 'POST', pattern: new RegExp(`${BASE}/gql/?`), handle: graphql },
      { method: 'GET', pattern: new RegExp(`${BASE}/gql/?`), handle: () => protocol.methodNotAllowed() },
      ...restRoutes(BASE, {
        tables,
        missing,
        scopesOf,
        isBroken: () => (knobs.rest ?? (knobs.profile === '17' ? 'broken' : 'works')) === 'broken',
        version: knobs.profile === '16' ? '16.0.40.7' : '17.0.19.1',
      }),
    ],
    notFound: () => html(404, 'Page Not Found'),
  })

  return {
    url: served.url,
    journal: served.journal,
    faults: served.faults,
    clock: served.clock,
    tables,
    accounts: accountsAt(served.url, applications, office.label, zone),
    sandbox: { linked: { machine: 'ankara' } },
    conformance: {
      account: 'machine',
      other: 'other',
      renewable: { machine: 1, native: 1 },
      unknownCall: '1770000000.1',
      contents: () => booksOf(tables),
      // Reads are POST, too, and what was changed is applied by a request of its own.
      isWrite: ({ body }) => /mutation (?!doreload)/.test(body),
      writes: {
        create: () => ({ number: '7391', displayName: 'Yeni Masa', email: 'yeni.masa@egeyelken.example' }),
      },
    },
    secrets: () => [
      USER.password,
      password,
      ...Object.values(applications).map(({ secret }) => secret),
      ...tokens.all(),
      ...[...tables.users.values()].flatMap((user) => [user.password, user.extPassword]),
      ...tables.queues.map((queue) => queue.password),
    ],
    revokeAccessTokens: (account) => tokens.revokeAccessTokens(account),
    revokeGrants: (account) => tokens.revokeGrants(account),
    expireAccessTokens: () => tokens.expireAccessTokens(),
    changeClientSecret: (account, secret) => void (applications[account].secret = secret),
    changePassword: (changed) => void (password = changed),
    removeModule: (name) => void removed.add(name),
    restoreModule: (name) => void removed.delete(name),
    setCalls(rows) {
      tables.calls.length = 0
      for (const row of rows) tables.calls.push(row)
    },
    reloads: () => reloads.count(),
    needsReload: () => reloads.isNeeded(),
    reset() {
      served.reset()
      tokens.clear()
      tables.reset()
      reloads.reset()
      password = USER.password
      removed.clear()
      for (const name of knobs.missingModules) removed.add(name)
      for (const [name, { secret }] of Object.entries(seeded)) applications[name as FreepbxAccountName].secret = secret
    },
    close: () => served.close(),
  }
}

interface Question {
  readonly query: string
  readonly variables: Record<string, unknown> | undefined
}

/** Null for a body that is no request. */
function questionIn({ headers, body }: EmulatedRequest): Question | 'batch' | null {
  const text = body.toString('utf8')
  if ((headers['content-type'] ?? '').startsWith('application/graphql')) return { query: text, variables: undefined }
  try {
    const value: unknown = JSON.parse(text)
    if (Array.isArray(value)) return 'batch'
    if (typeof value !== 'object' || value === null) return null
    const { query = '', variables } = value as { query?: unknown; variables?: unknown }
    if (typeof query !== 'string') return null
    return { query, variables: (variables ?? undefined) as Record<string, unknown> | undefined }
  } catch {
    return null
  }
}

function accountsAt(
  url: string,
  applications: Applications,
  label: string,
  timeZone: string,
): Record<FreepbxAccountName, EmulatedAccount> {
  const account = (title: string, auth: Record<string, unknown>): EmulatedAccount => ({
    ...{ label: title, provider: 'freepbx', country: 'TR', timeZone },
    urls: { base: `${url}${BASE}` },
    auth,
  })
  const client = (name: FreepbxAccountName) => ({
    clientId: applications[name].id,
    clientSecret: applications[name].secret,
  })
  return {
    machine: account(label, { flow: 'client_credentials', ...client('machine') }),
    native: account(`${label}, as a user`, { flow: 'password', ...USER, ...client('native') }),
    other: account(`${label}, another application`, { flow: 'client_credentials', ...client('other') }),
  }
}
