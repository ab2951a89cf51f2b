import { AppError, ServiceUnavailable } from '../errors.js'

/**
 * These methods of a store, whose failures tell a caller all it can do: to try again. `message` says
 * so, and what cannot be reached.
 * @throws ServiceUnavailable
 */
export function orUnavailable<Part extends object>(
  store: Part,
  methods: Readonly<Record<keyof Part, true>>,
  message: string,
): Part {
  const unavailable = (cause: unknown): never => {
    if (cause instanceof AppError) throw cause
    throw new ServiceUnavailable(message, { cause })
  }
  const reachable = Object.keys(methods).map((name) => {
    const method = store[name as keyof Part] as (...given: unknown[]) => Promise<unknown>
    return [name, (...given: unknown[]) => method.apply(store, given).catch(unavailable)] as const
  })
  return Object.fromEntries(reachable) as unknown as Part
}
