/** The phone systems of a soak: two dozen accounts, most of whose tokens live ten seconds, and what goes wrong with them. */

/** As far as the soak looks into the project; it is compiled apart from it. */
export interface Emulation {
  readonly accounts: Readonly<Record<string, object>>
  readonly faults: { next(fault: object): void; clear(): void }
  readonly journal: {
    readonly tokenRequests: readonly object[]
    readonly apiRequests: readonly object[]
    clear(): void
  }
  close(): Promise<void>
}

export interface Emulated {
  readonly slug: string
  emulator(): Promise<(options: object) => Promise<Emulation>>
}

export interface SoakWorld {
  /** Entries of the configuration file, each with its `id`. */
  readonly accounts: readonly { readonly id: string }[]
  /** The next request to one of the providers, whichever comes first to it, meets with something. */
  breakSomething(): void
  /** What was asked since it was last counted. */
  count(): { readonly api: number; readonly tokens: number }
  heal(): void
  close(): Promise<void>
}

const SECONDS = 10

/** By provider: how its tokens are made to live so shortly, and the ways in that it has. */
const WAYS_IN: Readonly<Record<string, { readonly knobs: object; readonly names: readonly string[] }>> = {
  bulutfon: { knobs: { accessTokenSeconds: SECONDS }, names: ['authorizationCode', 'other', 'password'] },
  ipex: {
    knobs: { accessTokenSeconds: SECONDS, refreshReuse: 'reject' },
    names: ['password', 'impersonating', 'other'],
  },
  postacell: { knobs: { accessTokenSeconds: SECONDS }, names: ['login', 'email'] },
  'rails-api-v1': { knobs: { accessTokenSeconds: SECONDS }, names: ['password', 'authorizationCode'] },
  // Its tokens live an hour, as its code has it.
  freepbx: { knobs: {}, names: ['machine', 'native'] },
}

/** Token endpoints are left alone but for the plainest: an answer that is lost there ends a strict login, and that is no leak. */
const API = /^(?!.*(token|login|oauth|refresh))/
const FAULTS: readonly object[] = [
  { path: API, status: 500 },
  { path: API, status: 503, headers: { 'retry-after': '1' } },
  { path: API, status: 429, headers: { 'retry-after': '1' } },
  { path: API, reset: true },
  { path: API, truncate: true },
  { path: API, hang: true },
  { path: API, delayMs: 1_500 },
  { path: /token|login|oauth|refresh/, status: 503 },
]

export async function startSoakWorld(providers: readonly Emulated[]): Promise<SoakWorld> {
  const emulations: Emulation[] = []
  const accounts: { id: string }[] = []
  for (const seed of [1, 2]) {
    for (const { slug, emulator } of providers) {
      const { knobs, names } = WAYS_IN[slug]!
      const emulation = await (await emulator())({ scale: 0.05, seed, knobs })
      emulations.push(emulation)
      accounts.push(
        ...names.map((name) => ({ id: `${slug}-${name}-${seed}`.toLowerCase(), ...emulation.accounts[name] })),
      )
    }
  }
  let broken = 0
  return {
    accounts,
    breakSomething() {
      const round = Math.floor(broken / emulations.length)
      const { faults } = emulations[broken % emulations.length]!
      // One at a time: what nobody has run into yet gives way to the next, so that they do not pile up before a route that is seldom asked.
      faults.clear()
      // A round later each provider meets another fault, and in the end every one.
      faults.next(FAULTS[(broken + round) % FAULTS.length]!)
      broken += 1
    },
    count() {
      const count = { api: 0, tokens: 0 }
      for (const { journal } of emulations) {
        count.api += journal.apiRequests.length
        count.tokens += journal.tokenRequests.length
        journal.clear()
      }
      return count
    },
    heal: () => emulations.forEach(({ faults }) => faults.clear()),
    async close() {
      for (const emulation of emulations) await emulation.close()
    },
  }
}
