import { hkdfSync } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'

import { parseDocument } from 'yaml'

import { ConfigurationError } from '../../errors.js'
import type { Provider } from '../../providers/provider.js'
import { Secret } from '../../secret.js'
import { accountConfig, type AccountConfig, type ParsedAccount } from './account.js'
import { readAllowList, type OperationsSettings } from './allow-list.js'
import type { CallersConfig } from './callers.js'
import { describeIssue, keyPath, problemsOf, problemText, type KeyPath, type Problem } from './problem.js'
import { addressProblems, crossProblems, publicWarnings, workspaceWarnings } from './rules.js'
import { configSchema } from './schema.js'
import type { Limits } from './limits.js'
import { fillPlaceholders, typedText, type Filled } from './placeholders.js'
import { storeUrl } from './store-url.js'

export interface Config {
  /** Where it was read from; null for one made in memory. */
  readonly file: string | null
  readonly server: {
    readonly host: string
    readonly port: number
    readonly publicUrl: string | null
    readonly trustProxy: false | readonly string[]
    readonly explore: boolean
  }
  /** `memory:`, `sqlite:<whole path>` or `postgres://…`, and the keys that seal what is kept there. */
  readonly store: { readonly url: string; readonly encryptionKeys: readonly string[] }
  /** Who may ask; null: whoever reaches this machine's own loopback. */
  readonly callers: CallersConfig | null
  /** Operations known by their ids; null: there are none but those that clients register. */
  readonly operations: OperationsSettings | null
  readonly accounts: readonly AccountConfig[]
  readonly limits: Limits
  /** Sign cursors and, each purpose by keys made of these, links: one for each encryption key, in their order. The first signs, all are read. */
  readonly signingKeys: readonly Buffer[]
  /** What works, but not as the file may lead one to expect; shown at the start. */
  readonly warnings: readonly string[]
}

export interface ConfigSource {
  /** `--config`; else `$DIALGRAPH_CONFIG`, else `./dialgraph.config.yaml` if it exists. */
  readonly file?: string | undefined
  readonly environment?: Readonly<Record<string, string | undefined>>
  readonly directory?: string
}

const DEFAULT_FILE = 'dialgraph.config.yaml'

/** The file to read, or null when there is none: then the sandbox is what a newcomer wants. */
export function findConfigFile({ file, environment = process.env, directory = process.cwd() }: ConfigSource = {}):
  string | null {
  const named = file ?? environment['DIALGRAPH_CONFIG']
  if (named) return resolve(directory, named)
  const usual = resolve(directory, DEFAULT_FILE)
  return existsSync(usual) ? usual : null
}

/** Reads and checks a file. Throws ConfigurationError with every mistake in it, each named by its key and never by its value. */
export function readConfig(file: string, providers: readonly Provider[], environment = process.env): Config {
  return checkConfig(parseFile(file), providers, { file, environment })
}

export interface CheckOptions {
  readonly file?: string | null
  /** What placeholders are filled from; null leaves every text as it is, for a document that is not the operator's own. */
  readonly environment?: ConfigSource['environment'] | null
}

/** Checks what a file, or the sandbox, says. Throws ConfigurationError. */
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
  if (!result.success) result = parse(withTypedPlaceholders(filled, result.error.issues))

  // Zod cannot say what a provider's own settings add to these keys.
  const accounts = (result.data?.accounts ?? []) as readonly unknown[] as readonly ParsedAccount[]
  const problems: Problem[] = [
    ...[...filled.missing].map(([key, message]) => ({ key, message })),
    ...(result.error?.issues.flatMap(problemsOf) ?? []).filter(({ key }) => !filled.missing.has(key)),
    ...crossProblems(filled.value, file),
    ...addressProblems(accounts, filled.value, providers),
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

  const { server, store, callers, limits } = result.data
  return {
    file,
    server: {
      host: server.host,
      port: server.port,
      publicUrl: server.publicUrl?.replace(/\/+$/, '') ?? null,
      trustProxy: server.trustProxy,
      explore: server.explore ?? environment?.['NODE_ENV'] !== 'production',
    },
    store: { url: storeUrl(store.url, file), encryptionKeys: store.encryptionKeys ?? [] },
    callers: callers
      ? { apiKeys: callers.apiKeys.map((key) => ({ ...key, key: new Secret(key.key) })), jwt: callers.jwt ?? null }
      : null,
    operations,
    accounts: accounts.map((account) => accountConfig(account, providers)),
    limits,
    signingKeys: (store.encryptionKeys ?? []).map(signingKey),
    warnings: callers ? [] : [...workspaceWarnings(accounts), ...publicWarnings(server.publicUrl)],
  }
}

function parseFile(file: string): unknown {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code
    throw new ConfigurationError(file, [code === 'ENOENT' ? 'there is no such file' : `it cannot be read (${code})`])
  }
  const document = parseDocument(text, { prettyErrors: true })
  // The parser's own message quotes the line, and a line may hold a secret: only the place and the kind are told.
  const told = document.errors.map(({ code, linePos }) => {
    const kind = code.toLowerCase().replaceAll('_', ' ')
    return linePos
      ? `line ${linePos[0].line}, column ${linePos[0].col}: not readable as YAML (${kind})`
      : `not readable as YAML (${kind})`
  })
  if (told.length > 0) throw new ConfigurationError(file, told)
  try {
    return document.toJS({ maxAliasCount: 100 }) as unknown
  } catch {
    throw new ConfigurationError(file, ['not readable as YAML (an alias without its anchor, or too many of them)'])
  }
}

/** A placeholder that stands alone takes the type its key asks for: `port: ${PORT}` is a number. */
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

/** Throws an Error that says what is wrong with the list. */
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
