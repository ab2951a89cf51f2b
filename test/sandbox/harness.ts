import type { Clock } from '../../src/clock.js'
import type { Emulator, EmulatorFactory, JournalEntry } from '../../src/emulator/emulator.js'
import type { BulutfonEmulator } from '../../src/providers/bulutfon/emulator/emulator.js'
import type { FreepbxEmulator } from '../../src/providers/freepbx/emulator/emulator.js'
import type { IpexEmulator } from '../../src/providers/ipex/emulator/emulator.js'
import type { PostacellEmulator } from '../../src/providers/postacell/emulator/emulator.js'
import { providers } from '../../src/providers/index.js'
import type { RailsApiV1Emulator } from '../../src/providers/rails-api-v1/emulator/emulator.js'
import { startSandbox, type SandboxAccount } from '../../src/sandbox.js'
import { checkConfig } from '../../src/server/config/config.js'
import { createLog } from '../../src/server/observing/log.js'
import { startServer } from '../../src/server/server.js'
import { memoryStore } from '../../src/store/memory.js'
import type { Store } from '../../src/store/store.js'
import type { TypedDocumentString } from '../generated/graphql.js'
import { questionIn } from '../support/question-in.js'
import { holderOf, watchProvenance } from '../support/provenance.js'

export interface Emulators {
  readonly bulutfon: BulutfonEmulator
  readonly ipex: IpexEmulator
  readonly postacell: PostacellEmulator
  readonly 'rails-api-v1': RailsApiV1Emulator
  readonly freepbx: FreepbxEmulator
}
export type Slug = keyof Emulators

/** `bulutfon/masterToken`: which of an emulator's accounts; an object changes what its entry says under `auth`, `options` and `live`. */
export type AccountChoice =
  | string
  | {
      readonly of: string
      readonly workspace?: string
      readonly auth?: object
      readonly options?: object
      readonly live?: Readonly<Record<string, unknown>>
      /** Gives the address that stands for the emulator's, as of a proxy before it. */
      readonly through?: (url: string) => Promise<string>
    }

export interface HarnessOptions {
  /** By the id each gets in the configuration; default: those a newcomer meets in the sandbox. */
  readonly accounts?: Readonly<Record<string, AccountChoice>>
  readonly knobs?: { readonly [S in Slug]?: object }
  readonly limits?: Readonly<Record<string, number>>
  /** Other sections of the configuration: `server`, `operations`, `callers`. */
  readonly config?: { readonly server?: object; readonly operations?: object; readonly callers?: object }
  /** How much of the story is told; default: the least that still has one of everything. */
  readonly scale?: number
}

/** An answer as it came over HTTP. */
export interface Answer<Result> {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  readonly data: Result
  readonly errors?: readonly AnsweredError[]
  readonly extensions?: object
}

export interface AnsweredError {
  readonly message: string
  readonly path?: readonly (string | number)[]
  readonly extensions: Readonly<Record<string, unknown>> & { readonly code: string }
}

/** The real server over real emulators, in a time that stands still until it is moved. */
export interface Harness {
  readonly url: string
  readonly emulators: Emulators
  /** What was written to the log so far, line by line. */
  readonly logLines: readonly string[]
  /** Bodies of all answers given so far. */
  readonly answers: readonly string[]
  readonly clock: Clock
  /** Keys that are made and revoked. */
  readonly store: Pick<Store, 'keepApiKey' | 'revokeApiKey'>
  /** Time passes for the server and for every provider. */
  advance(seconds: number): void
  query<Result, Variables>(
    document: TypedDocumentString<Result, Variables>,
    variables?: Variables,
    headers?: Readonly<Record<string, string>>,
  ): Promise<Answer<Result>>
  query<Result = Record<string, never>>(
    document: string,
    variables?: object,
    headers?: Readonly<Record<string, string>>,
  ): Promise<Answer<Result>>
  /** As `query`, for a question that must be answered without an error. */
  data<Result, Variables>(document: TypedDocumentString<Result, Variables>, variables?: Variables): Promise<Result>
  data<Result = Record<string, never>>(document: string, variables?: object): Promise<Result>
  /** What the providers were asked since the journals were cleared, sorted, token endpoints and credentials aside. */
  requests(): string[]
  /** How often token endpoints were asked since then, by provider; providers that were not are absent. */
  tokenRequests(): Readonly<Record<string, number>>
  /** Forgets what the providers were asked, and the faults that were ordered. */
  clear(): void
  close(): Promise<void>
}

/** When the story ends and the clocks stand: a Wednesday noon in İzmir. */
export const NOW = Date.parse('2026-02-11T09:00:00Z')

export async function startHarness({
  accounts,
  knobs = {},
  limits = {},
  scale = 0.02,
  config: sections = {},
}: HarnessOptions = {}): Promise<Harness> {
  const chosen = accounts && Object.entries(accounts).map(([id, choice]) => ({ id, ...choiceOf(choice) }))
  const used = providers.filter(({ slug }) => !chosen || chosen.some((one) => one.slug === slug))
  const sandbox = await startSandbox(
    used.map((provider) => ({
      ...provider,
      emulator: async (): Promise<EmulatorFactory> => {
        const start = await provider.emulator()
        return (options) => start({ ...options, knobs: knobs[provider.slug as Slug] as Record<string, unknown> })
      },
    })),
    { scale, seed: 1, now: NOW },
  )
  const emulators = Object.fromEntries(sandbox.emulators) as unknown as Emulators
  const started = [...sandbox.emulators]

  let moved = 0
  const clock: Clock = { now: () => NOW + moved, monotonic: () => 3_600_000 + moved }
  const provenance = watchProvenance(providers, holders(chosen, emulators))
  const config = checkConfig(
    {
      ...sections,
      server: { port: 0, ...sections.server },
      store: { url: 'memory:' },
      // What a question costs is counted by repeating it: the cache has tests of its own.
      limits: { cacheBytes: 0, ...limits },
      accounts: chosen ? await Promise.all(chosen.map((choice) => reached(choice, emulators))) : sandbox.accounts,
    },
    provenance.providers,
    { environment: {} },
  )
  const inspect = () => started.forEach(([, { journal }]) => provenance.inspect(journal.entries))
  const logLines: string[] = []
  const log = createLog({ write: (line: string) => void logLines.push(line) })
  const store = memoryStore(clock.monotonic)
  const server = await startServer(config, { log, clock, providers: provenance.providers, store })
  const answers: string[] = []

  async function query<Result>(document: unknown, variables: unknown = {}, headers = {}): Promise<Answer<Result>> {
    const response = await fetch(`${server.url}/graphql`, {
      method: 'POST',
      // Packing and unpacking each answer costs more than reading it.
      headers: { 'content-type': 'application/json', 'accept-encoding': 'identity', ...headers },
      body: JSON.stringify({ query: String(document), variables }),
    })
    const text = await response.text()
    answers.push(text)
    return {
      status: response.status,
      headers: response.headers,
      text,
      ...(JSON.parse(text) as Pick<Answer<Result>, 'data'>),
    }
  }

  let closed: Promise<void> | null = null
  async function close(): Promise<void> {
    inspect()
    // Like every answer, it is searched for secrets on its way; see support/leaks.ts.
    await (await fetch(`${server.url}/metrics`)).text()
    await server.close()
    await sandbox.close()
    provenance.assertOwn()
  }

  return {
    url: server.url,
    emulators,
    logLines,
    answers,
    clock,
    store,
    advance(seconds) {
      moved += seconds * 1000
      for (const [, emulator] of started) emulator.clock.advance(seconds * 1000)
    },
    query,
    async data<Result>(document: unknown, variables: unknown = {}): Promise<Result> {
      const { data, errors } = await query<Result>(document, variables)
      if (errors) throw new Error(`the question failed: ${JSON.stringify(errors, null, 2)}`)
      return data
    },
    requests: () =>
      started.flatMap(([slug, { journal }]) => journal.apiRequests.map((request) => `${slug} ${told(request)}`)).sort(),
    tokenRequests: () =>
      Object.fromEntries(
        started.flatMap(([slug, { journal }]) =>
          journal.tokenRequests.length > 0 ? [[slug, journal.tokenRequests.length]] : [],
        ),
      ),
    clear() {
      inspect()
      for (const [, { journal, faults }] of started) {
        journal.clear()
        faults.clear()
      }
    },
    close: () => (closed ??= close()),
  }
}

/** Who holds the tokens of each chosen account, as its emulator's journal says it. */
function holders(chosen: readonly (Choice & { id: string })[] | undefined, emulators: Emulators): Map<string, string> {
  return new Map(
    (chosen ?? []).flatMap((choice) => {
      const holder = holderOf(choice.name, entry(choice, emulators))
      return holder === null ? [] : [[choice.id, holder] as const]
    }),
  )
}

/** Method, path and the parameters that ask something, in the order they were sent. */
export function told({ method, path, query, body }: JournalEntry): string {
  const asked = Object.entries(query).filter(([name]) => !CREDENTIALS.has(name))
  return `${method} ${path}${asked.length > 0 ? `?${asked.map((pair) => pair.join('=')).join('&')}` : ''}${questionIn({ body })}`
}

const CREDENTIALS: ReadonlySet<string> = new Set(['access_token', 'email', 'password'])

interface Choice {
  readonly slug: Slug
  readonly name: string
  readonly workspace?: string
  readonly auth: object
  readonly options: object
  readonly live?: Readonly<Record<string, unknown>>
  readonly through?: (url: string) => Promise<string>
}

function choiceOf(choice: AccountChoice): Choice {
  const {
    of,
    workspace,
    auth = {},
    options = {},
    live,
    through,
  }: Exclude<AccountChoice, string> = typeof choice === 'string' ? { of: choice } : choice
  const [slug, name] = of.split('/') as [Slug, string]
  return {
    slug,
    name,
    auth,
    options,
    ...(workspace !== undefined && { workspace }),
    ...(live && { live }),
    ...(through && { through }),
  }
}

/** The entry, with the addresses it is reached at. */
async function reached(choice: Choice & { id: string }, emulators: Emulators): Promise<SandboxAccount> {
  const own = entry(choice, emulators)
  if (!choice.through) return own
  const { url } = emulators[choice.slug] as Emulator
  const instead = await choice.through(url)
  const urls = Object.entries(own.urls).map(([name, address]) => [name, address.replace(url, instead)])
  return { ...own, urls: Object.fromEntries(urls) as Record<string, string> }
}

function entry(
  { id, slug, name, workspace, auth, options, live }: Choice & { id: string },
  emulators: Emulators,
): SandboxAccount {
  const emulated = (emulators[slug] as Emulator).accounts[name]
  if (!emulated) throw new Error(`the emulator of ${slug} has no account ${name}`)
  return {
    id,
    ...emulated,
    ...(workspace !== undefined && { workspace }),
    ...(live && { live }),
    auth: { ...emulated.auth, ...auth },
    options: { ...emulated.options, ...options },
  }
}
