import { AppError, type ErrorSource } from '../errors.js'
import type { Source } from './provider.js'

/** The same answers, with every error naming the account it belongs to: also those a source finds in an answer it cannot read. */
export function nameErrors(source: Source, account: ErrorSource): Source {
  return named(source, account) as Source
}

function named(value: unknown, account: ErrorSource): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [
      name,
      typeof member === 'function'
        ? namedFunction(member.bind(value) as (...parameters: unknown[]) => unknown, account)
        : named(member, account),
    ]),
  )
}

const namedFunction =
  (answer: (...parameters: unknown[]) => unknown, account: ErrorSource) =>
  (...parameters: unknown[]): unknown => {
    const result = answer(...parameters)
    if (result instanceof Promise) return result.catch((error: unknown) => rethrow(error, account))
    return isAsyncIterable(result) ? namedPages(result, account) : result
  }

async function* namedPages<T>(pages: AsyncIterable<T>, account: ErrorSource): AsyncIterable<T> {
  try {
    yield* pages
  } catch (error) {
    rethrow(error, account)
  }
}

const isAsyncIterable = (value: unknown): value is AsyncIterable<unknown> =>
  typeof value === 'object' && value !== null && Symbol.asyncIterator in value

function rethrow(error: unknown, account: ErrorSource): never {
  throw error instanceof AppError ? error.of(account) : error
}
