import { supportOf, SupportLevel, type ResourceKind, type ResourceOperation } from '../model/capability.js'
import type { NodeType } from '../model/id.js'
import type { ConnectedAccount } from '../providers/account.js'
import { saidFields } from './said.js'
import { writeError, type WriteError } from './write-error.js'

/** What a mutation is, and what it is about. */
export interface MutationKind {
  /** The type of its input in the schema. */
  readonly inputType: string
  readonly resource: `${ResourceKind}`
  readonly needs: `${ResourceOperation}`
  /** The id that tells the account, and what it must be the id of; null: none is given. */
  readonly where: { readonly field: string; readonly id: string; readonly type: NodeType } | null
}

const LONGEST_KEY = 255

/** What is wrong with an idempotency key. */
export function keyErrors(key: string | null | undefined): WriteError[] {
  if (key == null || (key !== '' && key.length <= 2 * LONGEST_KEY && [...key].length <= LONGEST_KEY)) return []
  return [
    writeError('INVALID', `An idempotency key has 1 to ${LONGEST_KEY} characters.`, { field: ['idempotencyKey'] }),
  ]
}

/** What the provider lacks: the whole mutation, or fields that were said. */
export function unsupportedErrors(
  { resource, needs, inputType, where }: MutationKind,
  said: object,
  { provider }: ConnectedAccount,
  isWritten: boolean,
): { readonly isWhole: boolean; readonly errors: readonly WriteError[] } {
  const capability = provider.capabilities.find((one) => one.resource === resource && one.operation === needs)
  const isWhole = !isWritten || supportOf(provider.capabilities, resource, needs) === SupportLevel.UNSUPPORTED
  if (isWhole) {
    const message = capability?.reason ?? `${provider.name} does not let anybody do this.`
    return { isWhole, errors: [writeError('CAPABILITY_UNSUPPORTED', message, { field: where && [where.field] })] }
  }
  const lacking = new Set(capability?.unavailableFields)
  const errors = saidFields(inputType, said)
    .filter(({ coordinate }) => lacking.has(coordinate))
    .map(({ path }) => writeError('CAPABILITY_UNSUPPORTED', `${provider.name} does not take this.`, { field: path }))
  return { isWhole, errors }
}

/** One problem for a field: that the provider lacks it, before what is wrong with its value. */
export function withoutRepeats(errors: readonly WriteError[]): WriteError[] {
  const seen = new Set<string>()
  return errors.filter(({ field }) => {
    const key = JSON.stringify(field)
    return !seen.has(key) && seen.add(key)
  })
}
