import * as nodeModule from 'node:module'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { pathToFileURL } from 'node:url'

import { ConfigurationError } from '../../errors.js'
import { CONTRACT_VERSION, type Provider } from '../../providers/provider.js'
import * as hooks from './module-hooks.js'

/** A module that is not loaded by then waits for something that never comes, ms. */
const LONGEST_LOAD_MS = 15_000

/** Imports a module as if a file imported it. */
export type ImportModule = (specifier: string, parentUrl: string) => Promise<object>

export interface ModuleOptions {
  /** What they are named in: the configuration, or the command line. */
  readonly source: string
  /** The folder that names are relative to. */
  readonly directory: string
  /** Key of the list, for messages. Default: `providers`. */
  readonly key?: string
  /** Default: as Node does, with the entries of this very server. */
  readonly importModule?: ImportModule
  /** Default: 15 seconds. */
  readonly longestLoadMs?: number
}

/**
 * Loads the providers that a configuration names, and adds them to those that are known.
 *
 * @throws ConfigurationError for a module that is missing, fails, never ends, or exports no provider, for
 * a provider of another version of the contract, and for a slug that is taken
 */
export async function loadProviders(
  names: readonly string[],
  known: readonly Provider[],
  {
    source,
    directory,
    key = 'providers',
    importModule = importWithEntries,
    longestLoadMs = LONGEST_LOAD_MS,
  }: ModuleOptions,
): Promise<readonly Provider[]> {
  const all = [...known]
  const problems: string[] = []
  const parentUrl = pathToFileURL(join(directory, 'dialgraph.config.yaml')).href
  for (const [index, name] of names.entries()) {
    const at = names.length === 1 && key !== 'providers' ? key : `${key}[${index}]`
    const loading = importModule(name, parentUrl).then(providerIn, (error: unknown) => notLoaded(name, error))
    const loaded = await within(longestLoadMs, loading)
    const problem = typeof loaded === 'string' ? `${name} ${loaded}` : unfit(loaded, name, all)
    if (problem !== null) problems.push(`${at}: ${problem}`)
    else all.push(loaded as Provider)
  }
  if (problems.length > 0) throw new ConfigurationError(source, problems)
  return all
}

/** The provider that a module exports, by default or by any name; else what is wrong with it. */
function providerIn(module: object): Provider | string {
  const exported = Object.values({ ...module }) as readonly unknown[]
  const found = [...new Set([(module as { default?: unknown }).default, ...exported])].filter(isDefined)
  if (found.length === 1) return found[0]!
  if (exported.some((one) => one instanceof Promise))
    return 'exports a promise: export what it is of, as `export default await …`'
  return found.length === 0
    ? 'exports no provider: export what `defineProvider` of dialgraph/provider returns'
    : 'exports several providers: give each a module of its own'
}

const isDefined = (value: unknown): value is Provider =>
  typeof value === 'object' &&
  value !== null &&
  ['contract', 'slug', 'settings', 'connect', 'emulator'].every((key) => key in value)

const isFunction = (value: unknown): boolean => typeof value === 'function'

/** What is read of a provider before it is asked for anything. */
const PARTS: Readonly<Partial<Record<keyof Provider, (value: unknown) => boolean>>> = {
  name: (value) => typeof value === 'string',
  flows: Array.isArray,
  capabilities: Array.isArray,
  defaults: (value) => typeof value === 'object' && value !== null,
  // Of any copy of the library: an object's schema has its fields.
  settings: (value) => isFunction((value as Provider['settings'])?.safeParse) && 'shape' in (value as object),
  connect: isFunction,
  emulator: isFunction,
}

/** What comes of a module, or what is wrong with one that nothing comes of. */
async function within(milliseconds: number, loading: Promise<Provider | string>): Promise<Provider | string> {
  const waited = new AbortController()
  const never = pause(milliseconds, null, { signal: waited.signal }).then(
    () => `is not loaded after ${milliseconds / 1000} seconds: what it awaits at its top level never comes`,
  )
  never.catch(() => undefined)
  return Promise.race([loading, never]).finally(() => waited.abort())
}

/** What keeps a provider from being served; null: nothing does. */
function unfit(provider: Provider, name: string, known: readonly Provider[]): string | null {
  try {
    return mistakeIn(provider, name, known)
  } catch (error) {
    return `${name} cannot be read: ${(error as Error)?.message ?? error}`
  }
}

function mistakeIn(provider: Provider, name: string, known: readonly Provider[]): string | null {
  const { contract, slug } = provider
  if (contract !== CONTRACT_VERSION)
    return `${name} is written for version ${contract} of the contract, and this server has version ${CONTRACT_VERSION}: use one that fits it`
  if (!/^[a-z0-9-]{1,64}$/.test(slug))
    return `${name} has the slug ${slug}: it must be 1 to 64 small letters, digits or hyphens`
  const wrong = Object.entries(PARTS).find(([part, isFit]) => !isFit(provider[part as keyof Provider]))
  if (wrong)
    return `${name} has ${wrong[0]} of another type than the contract: use defineProvider of dialgraph/provider`
  const taken = known.find((one) => one.slug === slug)
  return taken ? `${name} has the slug ${slug}, which ${taken.name} has already` : null
}

function notLoaded(name: string, error: unknown): string {
  const { code, message } = error as { code?: string; message?: string }
  const isAbsent = code === 'ERR_MODULE_NOT_FOUND' || code === 'ERR_UNSUPPORTED_DIR_IMPORT' || code === 'ENOENT'
  const [line = ''] = String(message ?? error).split('\n')
  // Else it is there, and what it imports is not.
  const [missing = ''] = line.split(' imported from ')
  const isItself = missing.includes(name.replace(/^\.\//, '')) || code === 'ERR_UNSUPPORTED_DIR_IMPORT'
  return isAbsent && isItself
    ? 'is not there: name a file, as ./phones/index.js, or an installed package'
    : `cannot be loaded: ${line}`
}

const importWithEntries: ImportModule = async (specifier, parentUrl) => {
  registerHooks()
  return (await import(hooks.specifierFrom(specifier, parentUrl))) as object
}

const FILES = {
  dialgraph: 'index.js',
  'dialgraph/provider': 'provider.js',
  'dialgraph/testing': 'testing.js',
}

/** Node asks the hooks in the order in which they were registered; registering them again changes nothing. */
function registerHooks(): void {
  const entries = Object.fromEntries(
    Object.entries(FILES).map(([name, file]) => [name, new URL(`../../${file}`, import.meta.url).href]),
  )
  // From Node 22.15 on they run where everything else does.
  const { registerHooks: inThread } = nodeModule as {
    registerHooks?: (hooks: object) => void
  }
  if (inThread) {
    hooks.initialize(entries)
    inThread({ resolve: hooks.resolve })
  } else
    nodeModule.register('./module-hooks.js', import.meta.url, {
      data: entries,
    })
}
