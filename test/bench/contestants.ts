import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

import { scratchFile, type ChildOptions } from './child.js'
import { dialgraphConfig, WITHOUT_CACHE, type DialgraphSettings } from './dialgraph-config.js'
import { labelOf } from './offices.js'
import { builtFrom, commitOf } from './old-build.js'
import type { Workload } from './workloads.js'

/** A server that is measured, in one setting. */
export interface Contestant {
  readonly name: string
  readonly about: string
  /** Workloads it can serve; absent: all. */
  readonly only?: readonly string[] | undefined
  /** The document as this server's schema spells it; absent: as it is. */
  readonly spell?: ((document: string) => string) | undefined
  start(workload: Workload, stubUrl: string): Pick<ChildOptions, 'command' | 'args' | 'environment'>
}

/** The first argument of a peer's process, as JSON. */
export interface PeerTask {
  readonly stubUrl: string
  readonly offices: readonly { readonly key: string; readonly label: string }[]
}

/** `BENCH_SERVER` measures another build; `BENCH_NODE_OPTIONS` are flags of V8 for all of them alike: `--cpu-prof --cpu-prof-dir=…`. */
const { BENCH_SERVER, BENCH_NODE_OPTIONS } = process.env
const BUILT_SERVER = BENCH_SERVER ?? fileURLToPath(new URL('../../../dist/main.js', import.meta.url))
const NODE_OPTIONS = BENCH_NODE_OPTIONS?.split(' ') ?? []
/** Flags that our own command line sets (src/main.ts, src/heap-growth.ts): nobody shall be faster for these alone. */
const OUR_FLAGS = ['--no-allocation-site-pretenuring', '--heap-growing-percent=80', '--no-parallel-scavenge']
/** What the goals of a question that nobody asked before are held against. */
export const OLD_COMMIT = '9ea7bb9'
export const OLD = 'dialgraph old'
const COMPARED = ['W1', 'W2', 'W3', 'W4', 'W5']

/** Started as the product is: by its command line, with a configuration file. */
export function dialgraph(
  name: string,
  about: string,
  settings: Omit<DialgraphSettings, 'stubUrl'>,
  {
    main = () => BUILT_SERVER,
    command = () => [main(), 'start', '--config'],
    ...more
  }: { main?: () => string; command?: () => readonly string[] } & Pick<Contestant, 'only' | 'spell'> = {},
): Contestant {
  return {
    ...{ name, about, ...more },
    start(workload, stubUrl) {
      const file = scratchFile('config.json')
      writeFileSync(file, JSON.stringify(dialgraphConfig(workload, { ...settings, stubUrl })))
      return { args: [...NODE_OPTIONS, ...command(), file] }
    },
  }
}

const script = (path: string) => fileURLToPath(new URL(path, import.meta.url))

function peer(name: string, about: string, only = COMPARED): Contestant {
  return {
    ...{ name, about, only },
    start({ offices }, stubUrl) {
      const task: PeerTask = {
        stubUrl,
        offices: offices.map((office) => ({ key: office.key, label: labelOf(office) })),
      }
      return { args: [...OUR_FLAGS, ...NODE_OPTIONS, script(`./peers/${name}.js`), JSON.stringify(task)] }
    },
  }
}

/**
 * Ours first: what it answers is what the others must answer. Tailcall is not among them: its directives fetch and rename, but cannot make
 * the ids and pages of this graph, so it has no equal answer to give; and what npm has of it now wants a newer C library than Debian 12's.
 */
export const contestants: readonly Contestant[] = [
  dialgraph('dialgraph', 'everything on, but nothing kept from one operation to the next', { limits: WITHOUT_CACHE }),
  dialgraph('dialgraph cached', 'as it starts by default', {}),
  dialgraph(
    'dialgraph interpreted',
    'graphql-js runs the queries instead of code made from them, nothing kept',
    { limits: WITHOUT_CACHE },
    { command: () => [...OUR_FLAGS, script('./interpreted.js'), BUILT_SERVER], only: ['W1', 'W3'] },
  ),
  dialgraph(
    OLD,
    `the build of ${OLD_COMMIT}, from before the road to providers was made short, nothing kept`,
    { limits: WITHOUT_CACHE },
    {
      command: () => [...OUR_FLAGS, builtFrom(commitOf(OLD_COMMIT)), 'start', '--config'],
      only: ['W0', 'W1', 'W3', 'W4'],
      spell: (document) => document.replace('filter: { statuses:', 'filter: { status:'),
    },
  ),
  peer('usual', 'Apollo Server standalone, type-graphql, RESTDataSource, DataLoader with one request per id'),
  peer('yoga', 'GraphQL Yoga over hand-written sources that read whole lists'),
  peer('hive', 'the runtime of Hive Gateway before that Yoga, in one process', ['W1', 'W3', 'W4']),
  peer('mercurius', 'Mercurius with jit on Fastify over the same sources'),
  peer('fastify', 'Fastify with one route and nothing behind it', ['W0']),
  peer('raw', 'node:http: the answer of each question picked and printed by hand'),
]
