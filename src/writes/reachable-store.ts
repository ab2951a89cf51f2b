import { AppError, ServiceUnavailable } from '../errors.js'
import type { WriteStore } from '../store/write-store.js'
import type { Leases } from './held-lease.js'

/** Every method of the store that writes need. */
const METHODS = {
  claimWrite: true,
  writeRequest: true,
  takeOverWrite: true,
  dropWrite: true,
  beginChange: true,
  endChange: true,
  changes: true,
  countChanges: true,
  change: true,
  forgetChanges: true,
  lease: true,
  prolong: true,
  release: true,
} satisfies Record<keyof (WriteStore & Leases), true>

/** The same store, whose failures tell a caller all it can do: to try again. @throws ServiceUnavailable */
export function orUnavailable(store: WriteStore & Leases): WriteStore & Leases {
  const reachable = Object.keys(METHODS).map((name) => {
    const method = store[name as keyof typeof METHODS] as (...given: unknown[]) => Promise<unknown>
    return [name, (...given: unknown[]) => method.apply(store, given).catch(unavailable)] as const
  })
  return Object.fromEntries(reachable) as unknown as WriteStore & Leases
}

function unavailable(cause: unknown): never {
  if (cause instanceof AppError) throw cause
  throw new ServiceUnavailable('The record of changes cannot be read or written now. Try again later.', { cause })
}
