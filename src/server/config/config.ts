import { hkdfSync } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'

import { parseDocument } from 'yaml'

import { ConfigurationError } from '../../errors.js'
import type { Proxies } from '../../http/wire/proxy.js'
import type { Provider } from '../../providers/provider.js'
import { Secret } from '../../secret.js'
import { accountConfig, type AccountConfig, type AccountDefaults, type ParsedAccount } from './account.js'
import { readAllowList, type OperationsSettings } from './allow-list.js'
import { archiveProblems, archiveWarnings, statedArchive } from './archive.js'
import { boundExtension } from './bound-extension.js'
import type { CallersConfig } from './callers.js'
import { corsWarnings, type CorsSettings } from './cors.js'
import { invisibleEnds } from './invisible-ends.js'
import type { Limits } from './limits.js'
import { liveProblems, liveWarnings, statedLive } from './live.js'
import { fillPlaceholders, typedText, type Filled } from './placeholders.js'
import { describeIssue, keyPath, plainIssues, problemsOf, problemText, type KeyPath, type Problem } from './problem.js'
import { proxiesOf, proxyProblems } from './proxies.js'
import {
  addressProblems,
  crossProblems,
  extensionWarnings,
  federationWarnings,
  publicWarnings,
  refreshTokenWarnings,
  workspaceWarnings,
} from './rules.js'
import { configSchema, type ParsedCallers } from './schema.js'
import { storeUrl } from './store-url.js'

export interface Config {
  /** The file it was read from; null for one made in memory. */
  readonly file: string | null
  readonly server: {
    readonly host: string
    readonly port: number
    readonly publicUrl: string | null
    readonly trustProxy: false | readonly string[]
    readonly explore: boolean
    readonly console: boolean
    readonly federation: boolean
    readonly cors: CorsSettings
  }
  /**
   * `memory:`, `sqlite:<absolute path>` or `postgres://…`, and the keys that encrypt its secrets.
   */
  readonly store: { readonly url: string; readonly encryptionKeys: readonly string[] }
  /** Who may query; null: anyone on loopback. */
  readonly callers: CallersConfig | null
  /** The proxies that requests to providers go through; null: none. */
  readonly proxies: Proxies | null
  /** The allow list; null: clients may register operations themselves. */
  readonly operations: OperationsSettings | null
  readonly accountDefaults: AccountDefaults
  readonly accounts: readonly AccountConfig[]
  readonly limits: Limits
  /**
   * One for each encryption key, in order: the first signs cursors and links, all are accepted. See
   * `keysFor`.
   */
  readonly signingKeys: readonly Buffer[]
  /** Settings that have no or a surprising effect; printed at the start. */
  readonly warnings: readonly string[]
}

export interface ConfigSource {
  /** `--config`; else `$DIALGRAPH_CONFIG`, else `./dialgraph.config.yaml` if it exists. */
  readonly file?: string | undefined
  readonly environment?: Readonly<Record<string, string | undefined>>
  readonly directory?: string
}

const DEFAULT_FILE = 'dialgraph.config.yaml'

/** The file to read; null when there is none, and the sandbox is started instead. */
export function findConfigFile({ file, environment = process.env, directory = process.cwd() }: ConfigSource = {}):
  | string
  | null {
  const explicit = file ?? environment['DIALGRAPH_CONFIG']
  if (explicit) return resolve(directory, explicit)
  const standard = resolve(directory, DEFAULT_FILE)
  return existsSync(standard) ? standard : null
}

/** The credential of a caller with which commands ask a running server; null where the environment has none. */
export const commandCredential = (environment = process.env): string | null => environment['DIALGRAPH_TOKEN'] || null

/**
 * Reads and validates a file.
 * @throws ConfigurationError with every mistake, each by its key and never with its value.
 */
export function readConfig(
  file: string,
  providers: readonly Provider[],
  environment: ConfigSource['environment'] = process.env,
): Config {
  return checkConfig(parseConfigFile(file), providers, { file, environment })
}

export interface CheckOptions {
  readonly file?: string | null
  /**
   * Values of the placeholders; null replaces none, for a document that the operator did not write.
   */
  readonly environment?: ConfigSource['environment'] | null
}

/**
 * Validates a parsed configuration file.
 * @throws ConfigurationError with every mistake in it.
 */
export function checkConfig(
  document: unknown,
  providers: readonly Provider[],
  { file = null, environment = process.env }: CheckOptions = {},
): Config {
  const filled = environment
    ? fillPlaceholders(document ?? {}, environment)
    : { value: document, missing: NOTHING_MISSING, whole: NO_PLACEHOLDERS }
  const schema = configSchema(providers)
  const parse = (value: unknown) => schema.safeParse(value, { error: describeIssue })
  let result = parse(filled.value)
  if (!result.success) result = parse(withTypedPlaceholders(filled, result.error.issues.flatMap(plainIssues)))

  // The type of the union does not carry the keys that each provider's settings add.
  const accounts = (result.data?.accounts ?? []) as readonly unknown[] as readonly ParsedAccount[]
  const problems: Problem[] = [
    ...[...filled.missing].map(([key, message]) => ({ key, message })),
    ...(result.error?.issues.flatMap(plainIssues).flatMap(problemsOf) ?? []).filter(
      ({ key }) => !filled.missing.has(key),
    ),
    ...invisibleEnds(filled.value),
    ...proxyProblems(result.data?.http.proxy, environment ?? {}),
    ...crossProblems(filled.value, file),
    ...addressProblems(accounts, filled.value, providers),
    ...liveProblems(accounts, providers),
    ...archiveProblems(accounts, result.data?.accountDefaults.archive, providers),
  ]
  let operations: Config['operations'] = null
  try {
    operations = operationsSettings(result.data?.operations, file)
  } catch (error) {
    problems.push({ key: 'operations.allowList', message: (error as Error).message })
  }
  if (problems.length > 0 || !result.success) {
    throw new ConfigurationError(file ?? 'The configuration', [...new Set(problems.map(problemText))])
  }

  const { server, store, callers, http, limits } = result.data
  const { live, archive } = result.data.accountDefaults
  const accountDefaults = { live: statedLive(live), archive: archive ? statedArchive(archive) : null }
  const configured = accounts.map((account) => accountConfig(account, providers, accountDefaults))
  const explore = server.explore ?? environment?.['NODE_ENV'] !== 'production'
  return {
    file,
    server: {
      host: server.host,
      port: server.port,
      publicUrl: server.publicUrl?.replace(/\/+$/, '') ?? null,
      trustProxy: server.trustProxy,
      explore,
      console: server.console ?? explore,
      federation: server.federation,
      cors: { ...server.cors, loopbackPages: false },
    },
    store: { url: storeUrl(store.url, file), encryptionKeys: store.encryptionKeys ?? [] },
    callers: callers ? callersConfig(callers) : null,
    proxies: proxiesOf(http.proxy, environment ?? {}),
    operations,
    accountDefaults,
    accounts: configured,
    limits,
    signingKeys: (store.encryptionKeys ?? []).map(signingKey),
    warnings: [
      ...(callers
        ? extensionWarnings(callers.apiKeys, accounts)
        : [...workspaceWarnings(accounts), ...publicWarnings(server.publicUrl)]),
      ...federationWarnings(server.federation, operations?.only ?? false),
      ...corsWarnings(server.cors),
      ...refreshTokenWarnings(accounts),
      ...liveWarnings(
        accounts.map((account, index) => ({ ...account, effective: configured[index]!.live })),
        accountDefaults.live,
        store.encryptionKeys !== undefined,
      ),
      ...archiveWarnings(accounts, archive, providers),
    ],
  }
}

const callersConfig = ({ apiKeys, jwt }: ParsedCallers): CallersConfig => ({
  apiKeys: apiKeys.map((key) => ({ ...key, key: new Secret(key.key), extension: boundExtension(key.extension) })),
  jwt: jwt ? { ...jwt, extensionClaim: jwt.extensionClaim ?? null } : null,
})

/**
 * Modules of providers that a configuration names; those of a wrong shape are left to `checkConfig`.
 * They are loaded before it is checked: their settings are a part of its schema.
 */
export function providerModules(
  document: unknown,
  environment: ConfigSource['environment'] = process.env,
): readonly string[] {
  const names = (document as { readonly providers?: unknown } | null | undefined)?.providers
  const { value } = fillPlaceholders(Array.isArray(names) ? names : [], environment)
  return (value as readonly unknown[]).filter((name) => typeof name === 'string' && name !== '') as readonly string[]
}

/** @throws ConfigurationError for a file that cannot be read, or is not YAML */
export function parseConfigFile(file: string): unknown {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code
    throw new ConfigurationError(file, [code === 'ENOENT' ? 'there is no such file' : `it cannot be read (${code})`])
  }
  const document = parseDocument(text, { prettyErrors: true })
  // The parser's messages quote the line, which may hold a secret: keep only position and kind.
  const problems = document.errors.map(({ code, linePos }) => {
    const kind = code.toLowerCase().replaceAll('_', ' ')
    return linePos
      ? `line ${linePos[0].line}, column ${linePos[0].col}: not readable as YAML (${kind})`
      : `not readable as YAML (${kind})`
  })
  if (problems.length > 0) throw new ConfigurationError(file, problems)
  try {
    return document.toJS({ maxAliasCount: 100 }) as unknown
  } catch {
    throw new ConfigurationError(file, ['not readable as YAML (an alias without its anchor, or too many of them)'])
  }
}

/** A value that is one placeholder takes the type its key expects: `port: ${PORT}` is a number. */
function withTypedPlaceholders({ value, whole }: Filled, issues: readonly { path: KeyPath; code: string }[]): unknown {
  const copy = structuredClone(value)
  for (const { path } of issues.filter(({ code, path }) => code === 'invalid_type' && whole.has(keyPath(path)))) {
    const parent = path
      .slice(0, -1)
      .reduce<unknown>((at, key) => (at as Record<PropertyKey, unknown>)[key], copy) as Record<PropertyKey, unknown>
    const key = path.at(-1)!
    if (typeof parent[key] === 'string') parent[key] = typedText(parent[key])
  }
  return copy
}

const NOTHING_MISSING: ReadonlyMap<string, string> = new Map()
const NO_PLACEHOLDERS: ReadonlySet<string> = new Set()

/** @throws Error that says what is wrong with the allow list. */
function operationsSettings(
  settings: { readonly allowList: string; readonly only: boolean } | undefined,
  file: string | null,
): OperationsSettings | null {
  if (!settings) return null
  const path = resolve(file === null ? process.cwd() : dirname(file), settings.allowList)
  return { allowList: readAllowList(path), only: settings.only }
}

const signingKey = (encryptionKey: string): Buffer =>
  Buffer.from(hkdfSync('sha256', Buffer.from(encryptionKey, 'base64'), '', 'dialgraph signing', 32))
