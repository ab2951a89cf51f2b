import { ProviderError, ReauthorizationRequired } from '../../errors.js'
import type { OrUserErrors } from '../../graphql/context.js'
import type { AccountUserError } from '../../graphql/types/account-link.js'

/** Thrown when the caller has to change the request; becomes `userErrors`. */
export class Refusal extends Error {
  readonly userErrors: readonly AccountUserError[]

  constructor(code: AccountUserError['code'], message: string, field: readonly string[] | null = null) {
    super(message)
    this.userErrors = [{ code, message, field: field && ['input', ...field] }]
  }
}

const MAXIMUM_LABEL_LENGTH = 200

/** @throws Refusal for a label that is empty or too long. */
export function assertLabel(label: string): void {
  if (label.trim() === '') throw new Refusal('INVALID_INPUT', 'must not be empty', ['label'])
  if (label.length > MAXIMUM_LABEL_LENGTH)
    throw new Refusal('INVALID_INPUT', `must have at most ${MAXIMUM_LABEL_LENGTH} characters`, ['label'])
}

/** The result of `work`, or the user errors of the Refusal it throws. */
export async function orUserErrors<T>(work: () => Promise<T>): Promise<OrUserErrors<T>> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof Refusal) return { userErrors: error.userErrors }
    throw error
  }
}

export const keyTaken = (key: string) => new Refusal('KEY_TAKEN', `Another account has the key ${key}.`, ['key'])
export const notFound = () => new Refusal('NOT_FOUND', 'There is no such account.', ['accountId'])
export const managedByConfiguration = (field: readonly string[] = ['accountId']) =>
  new Refusal('MANAGED_BY_CONFIGURATION', 'This account stands in the configuration file: change it there.', field)

/**
 * Translates a problem of the configuration's validation: the input field of its key, and its
 * message, which quotes no value.
 */
export function inputProblem(
  problem: string,
  within: readonly string[],
): [field: readonly string[] | null, message: string] {
  const [, path = '', message = problem] = /^accounts\[0\]\.?([^:]*): (.*)$/s.exec(problem) ?? []
  const [first, ...rest] = path.split('.')
  switch (first) {
    case 'id':
      return [['key'], message]
    case 'auth':
      if (rest[0] === 'impersonate') return [['impersonate'], message]
      return [rest.length > 0 ? [...within, ...rest] : within, message]
    case 'label':
    case 'urls':
      return [[first, ...rest], message]
    default:
      return [null, message]
  }
}

/**
 * The Refusal to throw for a failed login; other errors than the caller's or the provider's stay as
 * they are.
 */
export function loginRefusal(error: unknown): unknown {
  if (error instanceof ReauthorizationRequired) {
    return error.reason === 'IMPERSONATION_DENIED'
      ? new Refusal('IMPERSONATION_DENIED', 'The provider does not let this login act for that person.', [
          'impersonate',
        ])
      : new Refusal('INVALID_CREDENTIALS', 'The provider refuses this login.', ['credentials'])
  }
  if (!(error instanceof ProviderError)) return error
  if (error.reason === 'INVALID_CLIENT') {
    return new Refusal('INVALID_CREDENTIALS', 'The provider refuses the client id or its secret.', [
      'credentials',
      'clientSecret',
    ])
  }
  if (error.code === 'PROVIDER_FORBIDDEN') {
    return new Refusal('INVALID_CREDENTIALS', 'The provider does not let this login read its own account.', [
      'credentials',
    ])
  }
  if (error.code === 'PROVIDER_MISCONFIGURED') {
    return new Refusal('INVALID_INPUT', 'There is no such login at this address.', ['urls'])
  }
  return new Refusal('PROVIDER_UNAVAILABLE', 'The provider did not answer as it should. Try again later.')
}
