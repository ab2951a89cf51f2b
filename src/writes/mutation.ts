import type { Clock } from '../clock.js'
import { AppError, ProviderError } from '../errors.js'
import type { AccountLoader } from '../loaders/account-loader.js'
import type { BoundExtension } from '../loaders/loaders.js'
import { parseGlobalId } from '../model/id.js'
import { Operation } from '../operation.js'
import type { ConnectedAccount } from '../providers/account.js'
import type { NamedObjects, ProviderWrite, WriteProblem, WriteResult, Writes } from '../providers/writes.js'
import { findNamed, foreignIds, namedIds, notFound } from './named-objects.js'
import { keyErrors, unsupportedErrors, withoutRepeats, type MutationKind } from './input-errors.js'
import { canonicalJson, saidIn } from './said.js'
import { refused, type Written, type WrittenObject } from './write.js'
import { problemError, writeError, type WriteError } from './write-error.js'
import type { Writer } from './writer.js'

/** Who writes, and what with: made for one operation. */
export interface MutationServices {
  readonly writer: Writer
  readonly clock: Pick<Clock, 'now'>
  readonly limits: { readonly operationTimeoutMs: number }
  readonly workspace: string
  /** The accounts of the caller's workspace, whole. */
  readonly accounts: ReadonlyMap<string, ConnectedAccount>
  /** The only extension this caller may write for; null: all. */
  readonly bound: BoundExtension | null
  readonly caller: string
  readonly actor: string
  readonly operation: Operation
  /** Reads for another operation, on the budget of this one. */
  readonly openFor: (account: ConnectedAccount, operation: Operation) => AccountLoader
  /** Drops what this process has read of an account, of these nouns or all. */
  readonly dropCached: (account: ConnectedAccount, nouns?: readonly string[]) => void
  /** Called after a write: what this operation has read of the account is not so any more. */
  readonly forget: (account: ConnectedAccount) => void
}

/** One kind of mutation, for one input. */
export interface Mutation<Input extends object, Ready> extends MutationKind {
  /** Its name in the schema. */
  readonly name: string
  readonly input: Input & { readonly idempotencyKey?: string | null }
  /** Global id of the object; null for one that is to be made. */
  readonly targetId: string | null
  /** What is written to within the account, one at a time. */
  readonly object: string
  /** @throws AppError FORBIDDEN where a caller that is bound to an extension may not do this at all */
  requireRight(bound: BoundExtension): void
  writeOf(writes: Writes): ProviderWrite<Input, Ready> | undefined
  /** Reads what the write is about; gives what keeps it from being sent. */
  ready(
    read: Reading,
    said: Input,
    named: NamedObjects,
  ): Promise<Ready | { readonly problems: readonly WriteProblem[] }>
  /** Looks whether it was done where the object itself tells; null: `look` of the provider's write tells. */
  lookAtObject?(read: Reading): Promise<WriteResult | null>
  readBack(read: Reading, result: WriteResult): Promise<WrittenObject | null>
}

/** What a mutation reads its account with. */
export interface Reading {
  readonly loader: AccountLoader
  readonly bound: BoundExtension | null
  /** Wall-clock ms. */
  readonly now: number
}

/**
 * Performs a mutation: all that is wrong with its input at once, without a request; then the road of
 * every write.
 *
 * @throws AppError for what fails the mutation as a whole
 */
export async function perform<Input extends object, Ready>(
  mutation: Mutation<Input, Ready>,
  services: MutationServices,
): Promise<Written> {
  if (services.bound) mutation.requireRight(services.bound)
  const { input, where } = mutation
  const said = saidIn(input) as Input
  const id = where && parseGlobalId(where.id)
  // Whose own line is in another account has no part in this one.
  const isOthers = services.bound !== null && services.bound.accountKey !== id?.account
  const account = id?.type === where?.type && !isOthers ? services.accounts.get(id?.account ?? '') : undefined
  const errors = [
    ...keyErrors(input.idempotencyKey),
    ...(where ? [] : [writeError('INVALID', 'Say what it is about: give exactly one of its ids.')]),
    ...(where && !account ? [problemError(notFound([where.field]))] : []),
  ]
  if (!account) return refused(...errors)
  const writes = services.openFor(account, services.operation).open().writes
  const write = writes && mutation.writeOf(writes)
  const unsupported = unsupportedErrors(mutation, said, account, Boolean(write))
  if (!write || unsupported.isWhole) return refused(...errors, ...unsupported.errors)
  const ids = namedIds(said)
  errors.push(
    ...unsupported.errors,
    ...foreignIds(ids, account.key).map(problemError),
    ...(write.mistakes?.(said) ?? []).map(problemError),
  )
  if (errors.length > 0) return refused(...withoutRepeats(errors))

  const reading = readings(account, services)
  const ready = async () => {
    const read = reading()
    const { named, problems } = await findNamed(read.loader, ids)
    if (problems.length > 0) return { read, ready: { problems } }
    return { read, ready: await mutation.ready(read, said, named) }
  }
  const writeWith = ({ loader }: Reading) => mutation.writeOf(loader.open().writes!)!
  const written = await services.writer.write({
    ...{ operation: mutation.name, workspace: services.workspace, account: account.key },
    ...{ actor: services.actor, caller: services.caller, requestId: services.operation.requestId },
    idempotencyKey: input.idempotencyKey ?? null,
    input: canonicalJson({ ...said, target: where!.id }),
    fields: Object.keys(said),
    object: `${account.key} ${mutation.object}`,
    targetId: mutation.targetId,
    affects: write.affects ?? null,
    signal: services.operation.signal,
    prepare: () =>
      unlessUnreadable(async () => {
        const { read, ready: found } = await ready()
        if (isProblems(found)) return found
        const bound = writeWith(read)
        const problems = (await bound.check?.(found)) ?? []
        if (problems.length > 0) return { problems }
        return { send: () => bound.send(found), ...(bound.look && { look: () => writeWith(reading()).look!(found) }) }
      }),
    async lookAgain() {
      // It was another process that sent it, and perhaps could tell nobody.
      services.dropCached(account, write.affects)
      if (mutation.lookAtObject) return mutation.lookAtObject(reading())
      const { read, ready: found } = await ready()
      return isProblems(found) ? null : ((await writeWith(read).look?.(found)) ?? null)
    },
    readBack: (result) => mutation.readBack(reading(), result),
    said: (answer) => writes.said(answer),
  })
  services.forget(account)
  return written
}

/**
 * Opens readings of an account. A write goes on when its caller hangs up: what was sent gets its
 * record, so it has an operation of its own.
 */
function readings(
  account: ConnectedAccount,
  { operation, openFor, bound, clock, limits }: MutationServices,
): () => Reading {
  const { requestId, journal, trace, demand } = operation
  return () => {
    const signal = AbortSignal.timeout(limits.operationTimeoutMs)
    const endsAt = performance.now() + limits.operationTimeoutMs
    const own = new Operation({ requestId, signal, endsAt, demand, journal, trace })
    return { loader: openFor(account, own), bound, now: clock.now() }
  }
}

const isProblems = (found: unknown): found is { readonly problems: readonly WriteProblem[] } =>
  typeof found === 'object' && found !== null && 'problems' in found

/** What a write needs to know cannot be read: nothing was sent, and the answer says so. */
async function unlessUnreadable<T>(work: () => Promise<T>): Promise<T | { readonly errors: readonly WriteError[] }> {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error
    const message = 'What it depends on could not be read from the provider, so nothing was sent.'
    return { errors: [writeError('PROVIDER_UNAVAILABLE', message, { retryable: error.retryable })] }
  }
}

/** @throws AppError FORBIDDEN */
export const mayNot = (what: string): never => {
  throw new AppError('FORBIDDEN', `A caller that is bound to an extension may not ${what}.`)
}
