import { orUnavailable } from '../store/reachable.js'
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

/** The same store, whose failures tell a caller to try again. @throws ServiceUnavailable */
export const reachableStore = (store: WriteStore & Leases): WriteStore & Leases =>
  orUnavailable(store, METHODS, 'The record of changes cannot be read or written now. Try again later.')
