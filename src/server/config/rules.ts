import { isScope } from '../../graphql/scope.js'
import type { Provider } from '../../providers/provider.js'
import { accountConfig, type ParsedAccount } from './account.js'
import { boundExtension, scopesProblem } from './bound-extension.js'
import { isLoopback } from './loopback.js'
import { keyPath, type Problem } from './problem.js'
import type { ParsedCallers } from './schema.js'
import { isSealed, storeUrl } from './store-url.js'

/** The workspace of the only caller of a server without `callers`. */
export const IMPLICIT_WORKSPACE = 'default'

/**
 * Rules that join several keys. They read the raw document, so that they are reported together with
 * its other mistakes.
 */
export function crossProblems(document: unknown, file: string | null): Problem[] {
  const { server, store, callers, accounts } = fields(document)
  const problems: Problem[] = []
  const { host } = fields(server)
  if (typeof host === 'string' && !isLoopback(host) && callers === undefined) {
    problems.push({ key: 'server.host', message: 'anything but loopback requires `callers`' })
  }
  problems.push(...callerProblems(fields(callers)))
  const { url, encryptionKeys } = fields(store)
  if (isSealed(typeof url === 'string' ? url : storeUrl(undefined, file)) && encryptionKeys === undefined) {
    problems.push({
      key: 'store.encryptionKeys',
      message: 'is required for a store that is not memory:, for example from `openssl rand -base64 32`',
    })
  }
  const seen = new Set<unknown>()
  for (const [index, account] of (Array.isArray(accounts) ? accounts : []).entries()) {
    const { id } = fields(account)
    if (typeof id === 'string' && seen.has(id)) {
      problems.push({ key: keyPath(['accounts', index, 'id']), message: 'is used by an account before it' })
    }
    seen.add(id)
  }
  return problems
}

/** Duplicate keys, and signing keys that would be fetched over an unprotected connection. */
function callerProblems({ apiKeys, jwt }: Readonly<Record<string, unknown>>): Problem[] {
  const keys = (Array.isArray(apiKeys) ? apiKeys : []).map((entry) => fields(entry)['key'])
  const { jwksUrl } = fields(jwt)
  return [
    ...scopeProblems(apiKeys),
    ...keys.flatMap((key, index) =>
      typeof key === 'string' && keys.indexOf(key) < index
        ? [{ key: keyPath(['callers', 'apiKeys', index, 'key']), message: 'is used by a caller before it' }]
        : [],
    ),
    ...(typeof jwksUrl === 'string' && URL.canParse(jwksUrl) && !isProtected(new URL(jwksUrl))
      ? [{ key: 'callers.jwt.jwksUrl', message: 'must begin with https: unless it is on this machine' }]
      : []),
  ]
}

function scopeProblems(apiKeys: unknown): Problem[] {
  return (Array.isArray(apiKeys) ? apiKeys : []).flatMap((entry, index) => {
    const { scopes, extension } = fields(entry)
    const words = Array.isArray(scopes) ? scopes.filter(isScope) : []
    const message = scopesProblem(words, typeof extension === 'string' ? extension : null)
    return message ? [{ key: keyPath(['callers', 'apiKeys', index, 'scopes']), message }] : []
  })
}

const isProtected = ({ protocol, hostname }: URL): boolean =>
  protocol === 'https:' || (protocol === 'http:' && isLoopback(hostname))

/**
 * Credentials are sent to these addresses, so they must be https: or on loopback unless the account
 * says `allowInsecure`. A provider's default address that the account does not use is not checked.
 */
export function addressProblems(
  accounts: readonly ParsedAccount[],
  document: unknown,
  providers: readonly Provider[],
): Problem[] {
  const written = fields(document)['accounts'] as readonly unknown[] | undefined
  return accounts.flatMap((account, index) => {
    const { provider, facts, settings } = accountConfig(account, providers)
    const writtenUrls = fields(fields(written?.[index])['urls'])
    const problems = Object.entries(account.urls ?? {}).flatMap(([name, address]) => {
      const message = typeof address === 'string' ? addressProblem(address) : null
      return message ? [{ key: keyPath(['accounts', index, 'urls', name]), message }] : []
    })
    if (problems.length > 0 || account.allowInsecure) return problems
    const { origins } = provider.connect(settings, facts)
    return Object.entries(account.urls ?? {})
      .filter(
        ([name, address]) =>
          isInsecure(address) && (name in writtenUrls || origins.includes(new URL(String(address)).origin)),
      )
      .map(([name]) => ({
        key: keyPath(['accounts', index, 'urls', name]),
        message: 'must begin with https: unless the account says allowInsecure: true',
      }))
  })
}

function addressProblem(address: string): string | null {
  if (!URL.canParse(address)) return 'must be an absolute address such as https://example.com'
  const { protocol, username, password, search, hash } = new URL(address)
  if (protocol !== 'https:' && protocol !== 'http:') return 'must begin with https:'
  if (username || password) return 'must not hold a user name or password: they belong under auth'
  if (search || hash) return 'must not hold a query or a fragment'
  return null
}

const isInsecure = (address: unknown): boolean =>
  typeof address === 'string' && address.startsWith('http:') && !isLoopback(new URL(address).hostname)

/** A refresh token is good for one account: where each refresh gives another, two end each other. */
export function refreshTokenWarnings(accounts: readonly ParsedAccount[]): string[] {
  const owners = new Map<string, number>()
  return accounts.flatMap(({ provider, auth }, index) => {
    const { clientId, refreshToken } = auth ?? {}
    if (refreshToken === undefined) return []
    const login = JSON.stringify([provider, clientId, refreshToken])
    const owner = owners.get(login)
    if (owner === undefined) owners.set(login, index)
    return owner === undefined
      ? []
      : [
          `accounts[${index}].auth.refreshToken: accounts[${owner}] has the same client and refresh token. Each refresh of one ends the login of the other: give each account its own.`,
        ]
  })
}

/** Without `callers` the only caller belongs to the workspace `default`. */
export const workspaceWarnings = (accounts: readonly ParsedAccount[]): string[] =>
  accounts.flatMap(({ workspace }, index) =>
    workspace === IMPLICIT_WORKSPACE
      ? []
      : [`accounts[${index}].workspace: without \`callers\` nobody belongs to it, so nobody sees this account`],
  )

/** A public URL means that a proxy on this machine makes loopback reachable from elsewhere. */
export const publicWarnings = (publicUrl: string | undefined): string[] =>
  publicUrl === undefined || isLoopback(new URL(publicUrl).hostname)
    ? []
    : ['server.publicUrl: without `callers` whoever reaches this address may do everything']

/** An account may also be linked later, so this is no mistake; a caller sees nothing until then. */
export const extensionWarnings = (apiKeys: ParsedCallers['apiKeys'], accounts: readonly ParsedAccount[]): string[] =>
  apiKeys.flatMap(({ extension, workspace }, index) => {
    const bound = boundExtension(extension)
    const isThere = accounts.some((account) => account.id === bound?.accountKey && account.workspace === workspace)
    return !bound || isThere
      ? []
      : [`callers.apiKeys[${index}].extension: the workspace of this key has no such account in this file`]
  })

/** An allow list of operations that only people and builds write. */
export const federationWarnings = (federation: boolean, only: boolean): string[] =>
  federation && only
    ? ['server.federation: `operations.only` refuses gateways, because they write their operations themselves']
    : []

const fields = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {}
