import type { ConformanceFacts } from '../../emulator/conformance-facts.js'
import type { Provider } from '../../providers/provider.js'
import { Bench } from './bench.js'
import { Broken, NotClaimed, type PromiseOutcome } from './outcome.js'
import type { ProviderPromise } from './promise.js'
import { calls } from './promises/calls.js'
import { capabilities } from './promises/capabilities.js'
import { definition } from './promises/definition.js'
import { drift } from './promises/drift.js'
import { faults } from './promises/faults.js'
import { lists } from './promises/lists.js'
import { live } from './promises/live.js'
import { logins, loginTrouble } from './promises/logins.js'
import { reads } from './promises/reads.js'
import { secrets } from './promises/secrets.js'
import { writes } from './promises/writes.js'

/** All that a provider may promise, in the order of a scorecard. */
const PROMISES: readonly ProviderPromise[] = [
  ...definition,
  ...capabilities,
  ...logins,
  ...loginTrouble,
  ...lists,
  ...calls,
  ...reads,
  ...faults,
  ...drift,
  ...secrets,
  ...live,
  ...writes,
]

export interface ConformanceOptions {
  /** In place of what the emulator says of itself. */
  readonly facts?: ConformanceFacts
  /** How many read at once where a crowd does. Default 100. */
  readonly crowd?: number
  /** How long one promise may take before it is broken: a list may have no end. Default: a minute. */
  readonly timeoutMs?: number
}

/** A promise of one provider, to be tried by any runner. */
export interface ConformanceTest {
  /** Never changes: `lists.dids.end`. */
  readonly id: string
  /** A sentence about the provider, for the name of a test. */
  readonly name: string
  /** Tries it; never rejects. */
  check(): Promise<PromiseOutcome>
  /**
   * Tries it, for a runner: rejects when it is broken. What is not claimed is no failure.
   *
   * @throws Error whose message is the reason
   */
  run(): Promise<void>
}

/** Every promise of the contract, for this provider and its emulator; each starts an emulator of its own. */
export function conformance(
  provider: Provider,
  { facts = {}, crowd = 100, timeoutMs = 60_000 }: ConformanceOptions = {},
): readonly ConformanceTest[] {
  return PROMISES.map(({ id, name, keep }) => {
    const attempt = async (): Promise<NotClaimed | null> => {
      const bench = new Bench(provider, facts, crowd)
      try {
        await within(timeoutMs, Promise.resolve(keep(bench)))
        return null
      } catch (error) {
        if (error instanceof NotClaimed) return error
        throw error
      } finally {
        await bench.close()
      }
    }
    return {
      id,
      name,
      async check() {
        try {
          const refusal = await attempt()
          return refusal ? { outcome: 'not claimed', reason: refusal.message } : { outcome: 'green', reason: null }
        } catch (error) {
          return { outcome: 'red', reason: error instanceof Error ? error.message : String(error) }
        }
      },
      async run() {
        await attempt().catch((error: unknown) => {
          throw new Error(`${id}: ${error instanceof Error ? error.message : String(error)}`, { cause: error })
        })
      },
    }
  })
}

/** One row of a scorecard. */
export interface ScorecardRow extends PromiseOutcome {
  readonly id: string
  readonly name: string
}

/** How good a provider is. */
export interface Scorecard {
  readonly provider: string
  readonly promises: readonly ScorecardRow[]
}

/** Tries every promise, one after the other; `onRow` hears of each as it is known. */
export async function checkProvider(
  provider: Provider,
  { onRow = () => {}, ...options }: ConformanceOptions & { readonly onRow?: (row: ScorecardRow) => void } = {},
): Promise<Scorecard> {
  const promises: ScorecardRow[] = []
  for (const { id, name, check } of conformance(provider, options)) {
    const row = { id, name, ...(await check()) }
    promises.push(row)
    onRow(row)
  }
  return { provider: provider.slug, promises }
}

/** @throws Broken where it takes longer */
async function within(timeoutMs: number, work: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Broken(`it did not come to its end within ${timeoutMs / 1000} s`)), timeoutMs)
  })
  await Promise.race([work, late]).finally(() => clearTimeout(timer))
}
