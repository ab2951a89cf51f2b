import { AppError, type ErrorSource } from '../errors.js'
import type { Source } from './provider.js'

/**
 * The same answers, with every error naming the account it belongs to: also those a source finds in an answer it cannot read. Several
 * sources are opened in every operation, and each is asked for one noun as a rule: the others are not even wrapped.
 */
export function nameErrors(source: Source, account: ErrorSource): Source {
  return new NamedSource(source, account)
}

class NamedSource implements Source {
  readonly #source: Source
  readonly #account: ErrorSource

  constructor(source: Source, account: ErrorSource) {
    this.#source = source
    this.#account = account
  }

  profile() {
    return namedAnswer(() => this.#source.profile(), this.#account)
  }

  get profileDetail() {
    return this.#source.profileDetail && (() => namedAnswer(() => this.#source.profileDetail!(), this.#account))
  }

  get dids() {
    return named(this.#source.dids, this.#account)
  }

  get extensions() {
    return named(this.#source.extensions, this.#account)
  }

  get groups() {
    return named(this.#source.groups, this.#account)
  }

  get callRecords() {
    return named(this.#source.callRecords, this.#account)
  }

  get recordings() {
    return named(this.#source.recordings, this.#account)
  }
}

/** What is no function is handed on as it is. */
function named<Noun extends object>(noun: Noun | undefined, account: ErrorSource): Noun | undefined {
  if (!noun) return undefined
  const wrapped: Record<string, unknown> = {}
  for (const [name, member] of Object.entries(noun) as [string, unknown][]) {
    wrapped[name] =
      typeof member === 'function'
        ? (...parameters: unknown[]) =>
            namedAnswer(() => (member as (...given: unknown[]) => unknown).apply(noun, parameters), account)
        : member
  }
  return wrapped as Noun
}

function namedAnswer<Answer>(ask: () => Answer, account: ErrorSource): Answer {
  const answer: unknown = ask()
  if (answer instanceof Promise) return answer.catch((error: unknown) => rethrow(error, account)) as Answer
  return (isAsyncIterable(answer) ? namedPages(answer, account) : answer) as Answer
}

/** Not a generator around a generator: each of them costs a page half a dozen turns. */
function namedPages<T>(pages: AsyncIterable<T>, account: ErrorSource): AsyncIterable<T> {
  return {
    [Symbol.asyncIterator]() {
      const iterator = pages[Symbol.asyncIterator]()
      return {
        next: () => iterator.next().catch((error: unknown) => rethrow(error, account)),
        return: async (value?: unknown) => (await iterator.return?.(value)) ?? { done: true, value: undefined },
      }
    },
  }
}

const isAsyncIterable = (value: unknown): value is AsyncIterable<unknown> =>
  typeof value === 'object' && value !== null && Symbol.asyncIterator in value

function rethrow(error: unknown, account: ErrorSource): never {
  throw error instanceof AppError ? error.of(account) : error
}
