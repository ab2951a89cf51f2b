import type { ConformanceFacts } from '../../emulator/conformance-facts.js'
import type { Emulator } from '../../emulator/emulator.js'
import { supportOf } from '../../model/capability.js'
import type { ConnectedAccount } from '../../providers/account.js'
import type { Provider, Source } from '../../providers/provider.js'
import { createWorld, newOperation, type World, type WorldOptions } from '../world.js'
import { claimed, must } from './outcome.js'
import { read } from './reading.js'

/** What of a provider a promise is about; `RECORDING` is read, not listed. */
type Resource = Parameters<typeof supportOf>[1]
type Doing = Parameters<typeof supportOf>[2]

/** Facts with their defaults filled in. */
export interface KnownFacts extends Omit<ConformanceFacts, 'other'> {
  readonly account: string
  readonly other: string | null
}

/** A started emulator with the accounts of a promise; all that it opens is closed with it. */
export class Trial {
  readonly emulator: Emulator
  readonly facts: KnownFacts
  readonly #ending: AbortSignal

  constructor(
    readonly world: World,
    given: ConformanceFacts,
    ending: AbortSignal,
  ) {
    this.#ending = ending
    this.emulator = world.emulator
    const facts = { ...world.emulator.conformance, ...given }
    const names = Object.keys(world.emulator.accounts)
    const account = facts.account ?? names[0]
    must(account !== undefined, 'the emulator has no accounts')
    this.facts = { ...facts, account, other: facts.other ?? (names.includes('other') ? 'other' : null) }
  }

  account(name = this.facts.account): ConnectedAccount {
    return this.world.account(name)
  }

  /** What can be asked in one new operation. */
  source(name?: string): Source {
    return this.account(name).source(newOperation(this.#ending))
  }

  /** What is so far under way at the provider is forgotten by its journal. */
  forget(): void {
    this.emulator.journal.clear()
  }

  get tokenRequests(): number {
    return this.emulator.journal.tokenRequests.length
  }

  get apiRequests(): number {
    return this.emulator.journal.apiRequests.length
  }
}

/** Where the promises of one provider are tried. */
export class Bench {
  readonly #open: World[] = []
  /** Ends what a promise that never came to its end still reads. */
  readonly #ending = new AbortController()

  constructor(
    readonly provider: Provider,
    readonly given: ConformanceFacts,
    /** How many read at once where a crowd does. */
    readonly crowd: number,
  ) {}

  /** Starts the emulator anew. */
  async start(options: WorldOptions = {}): Promise<Trial> {
    const world = await createWorld(this.provider, options)
    this.#open.push(world)
    return new Trial(world, this.given, this.#ending.signal)
  }

  /** @throws NotClaimed unless the provider says that it can do this */
  claims(resource: Resource, ...operations: readonly Doing[]): void {
    const has = operations.some((one) => supportOf(this.provider.capabilities, resource, one) !== 'UNSUPPORTED')
    claimed(has, `${this.provider.name} does not claim ${operations.join(' or ')} of ${resource}`)
  }

  /** Names of the accounts whose login expires, with what a renewal costs in token requests. */
  async renewable(): Promise<Readonly<Record<string, number>>> {
    const trial = await this.start()
    if (trial.facts.renewable) return trial.facts.renewable
    const found: Record<string, number> = {}
    for (const name of Object.keys(trial.emulator.accounts)) {
      const account = trial.account(name)
      const isRead = await read(account).then(
        () => true,
        () => false,
      )
      if (isRead && (await account.authorization()).expiresAt !== null) found[name] = 1
    }
    return found
  }

  async close(): Promise<void> {
    this.#ending.abort(new Error('The promise is over'))
    await Promise.all(this.#open.splice(0).map((world) => world.close()))
  }
}
