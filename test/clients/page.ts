import { readFileSync } from 'node:fs'

import type { ApolloClient } from '@apollo/client'
import type { Client } from '@urql/core'
import type { IntrospectionQuery } from 'graphql'
import type { Environment } from 'relay-runtime'

import { SDL } from './questions.js'

const PAGE = readFileSync(new URL('../../docs/clients.md', import.meta.url), 'utf8')

/** The example of this name on the page of clients. */
export function example(name: string): string {
  const found = new RegExp(`\`\`\`\\w+ ${name.replaceAll('.', '\\.')}\\n([\\s\\S]*?)\`\`\``).exec(PAGE)
  if (!found) throw new Error(`docs/clients.md has no example ${name}`)
  return found[1]!
}

type Names = Readonly<Record<string, unknown>>

/**
 * Runs an example as it stands on the page: its imports are imported, files of the app beside it are those of
 * `beside`. Answers what it exports.
 */
export async function run<Exported>(
  name: string,
  { beside = {}, url = 'http://127.0.0.1:4000' }: { readonly beside?: Names; readonly url?: string } = {},
): Promise<Exported> {
  const scope: Record<string, unknown> = {}
  const code = example(name).replaceAll('http://127.0.0.1:4000', url)
  for (const [, all, named, from] of code.matchAll(IMPORT)) {
    const module = (from!.startsWith('.') ? beside[from!] : await import(from!)) as Names | undefined
    if (!module) throw new Error(`${name} imports ${from}, which the test does not have`)
    if (all !== undefined) scope[all] = from!.startsWith('.') ? module : module['default']
    for (const one of named?.split(',').map((text) => text.trim()) ?? []) {
      if (one === '') continue
      if (!(one in module)) throw new Error(`${from} has no ${one}`)
      scope[one] = module[one]
    }
  }
  const exported = [...code.matchAll(/^export (?:const|function|async function) (\w+)/gm)].map(([, one]) => one!)
  const body = code
    .replace(IMPORT, '')
    .replace(/^export default/gm, 'exported.default =')
    .replace(/^export /gm, '')
  const AsyncFunction = (async () => {}).constructor as new (
    ...names: string[]
  ) => (...values: unknown[]) => Promise<Exported>
  const main = new AsyncFunction(
    ...Object.keys(scope),
    `const exported = {}\n${body}\nreturn { ...exported, ${exported.join(', ')} }`,
  )
  return main(...Object.values(scope))
}

const IMPORT = /^import (?:(\w+) from |\{([^}]*)\} from )?'([^']+)'(?: with \{ type: 'json' \})?$/gm

export interface Facts {
  readonly possibleTypes: Record<string, string[]>
  readonly values: readonly string[]
  readonly introspection: IntrospectionQuery
}

const { cacheFacts } = await run<{ cacheFacts(sdl: string): Facts }>('cache-facts.js')
/** What the build step on the page makes of the schema. */
export const facts: Facts = cacheFacts(SDL)
const beside = { './cache-facts.json': facts }

export const apolloClient = async (url: string): Promise<ApolloClient> =>
  (await run<{ client: ApolloClient }>('apollo.js', { beside, url })).client

export const urqlClient = async (url: string): Promise<Client> =>
  (await run<{ client: Client }>('urql.js', { beside, url })).client

export const relayEnvironment = async (url: string): Promise<Environment> =>
  (await run<{ environment: Environment }>('relay.js', { url })).environment
