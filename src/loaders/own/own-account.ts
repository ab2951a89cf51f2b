import { AppError } from '../../errors.js'
import type { Extension } from '../../model/extension.js'
import { Operation } from '../../operation.js'
import type { ConnectedAccount } from '../../providers/account.js'
import type { CallLog, Source } from '../../providers/provider.js'
import { extensionParticipants, type Participants } from '../calls/participants.js'
import { ownCallLog, type OpenAnew } from './own-calls.js'
import { ownCollection } from './own-collection.js'
import { didShown, extensionShown, groupShown } from './shown.js'

/**
 * An account as one of its extensions may know it: that extension and its numbers whole, of all
 * other objects what a directory prints, and by id only calls that the extension took part in. What
 * is hidden is not there for whatever reads this account, so no filter, edge or error can show it.
 * Lists of calls are narrowed where they are merged: see `CallLogServices.own`.
 */
export function ownAccount(account: ConnectedAccount, number: string): ConnectedAccount {
  return {
    ...account,
    source: (operation, onRequest, onCached) =>
      new OwnSource(number, account.source(operation, onRequest, onCached), (onAnewRequest) => {
        const charge = () => {
          onRequest?.()
          onAnewRequest()
        }
        return account.source(readAnew(operation), charge).callRecords!
      }),
  }
}

/** The same operation, for reads that no reply of before may answer. */
const readAnew = ({ requestId, signal, endsAt, trace }: Operation): Operation =>
  new Operation({ requestId, signal, endsAt, trace, demand: { maxAgeMs: 0, staleMs: 0, keep: true } })

class OwnSource implements Source {
  readonly #number: string
  readonly #source: Source
  readonly #openAnew: OpenAnew
  #lines: Promise<readonly Extension[]> | null = null

  constructor(number: string, source: Source, openAnew: OpenAnew) {
    this.#number = number
    this.#source = source
    this.#openAnew = openAnew
  }

  /** @throws AppError FORBIDDEN always: it says of the whole account what no extension should know. */
  async profile(): Promise<never> {
    throw new AppError('FORBIDDEN', 'The profile of an account needs the scope telephony:read.')
  }

  get extensions() {
    return ownCollection(this.#source.extensions, async () => extensionShown(this.#number))
  }

  get groups() {
    return ownCollection(this.#source.groups, async () => groupShown(await this.#participant()))
  }

  get dids() {
    return ownCollection(this.#source.dids, async () => didShown(await this.#ownLine(), await this.#participant()))
  }

  get callRecords(): CallLog | undefined {
    const log = this.#source.callRecords
    return log && ownCallLog(log, () => this.#participant(), this.#openAnew)
  }

  async #participant(): Promise<Participants> {
    return extensionParticipants(await this.#ownLine(), await this.#everyLine())
  }

  /** Null when the account has no such extension. */
  async #ownLine(): Promise<Extension | null> {
    return (await this.#everyLine()).find(({ number }) => number === this.#number) ?? null
  }

  #everyLine(): Promise<readonly Extension[]> {
    return (this.#lines ??= this.#readLines())
  }

  async #readLines(): Promise<readonly Extension[]> {
    const lines: Extension[] = []
    for await (const { items } of this.#source.extensions?.pages({}) ?? []) lines.push(...items)
    return lines
  }
}
