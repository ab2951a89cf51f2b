import type { CallRecord } from '../../model/call-record.js'
import type { CallLog } from '../../providers/provider.js'
import { inPool, KeyLoader } from '../key-loader.js'
import type { CallLogAccount } from './request.js'

interface DetailRequest {
  readonly call: CallRecord
  /** The log to read it through: the observer of the first request for a call is charged. */
  readonly log: CallLog
}

/**
 * Single calls of one account within one operation: whole calls by id, and the fields that only a
 * call's detail has.
 */
export class AccountCalls {
  readonly #account: CallLogAccount
  #log: CallLog | null | undefined
  #calls: KeyLoader<string, CallRecord | null> | null = null
  #details: KeyLoader<DetailRequest, Partial<CallRecord>> | null = null

  constructor(account: CallLogAccount) {
    this.#account = account
  }

  /** By the provider's own id; null when there is none. */
  byId(nativeId: string): Promise<CallRecord | null> {
    const { account, pool } = this.#account
    const log = this.#ownLog()
    if (!log) return Promise.resolve(null)
    this.#calls ??= new KeyLoader(
      `${account.key} callRecords by id`,
      (id) => id,
      inPool(pool, (id: string) => log.byId(id)),
    )
    return this.#calls.load(nativeId)
  }

  /** The fields the list left undefined; empty where the provider has no detail of calls. */
  detail(call: CallRecord, log: CallLog | null = this.#ownLog()): Promise<Partial<CallRecord>> {
    if (!log?.detail) return Promise.resolve({})
    const { account, pool } = this.#account
    this.#details ??= new KeyLoader(
      `${account.key} callRecords detail`,
      (request) => request.call.id,
      inPool(pool, (request) => request.log.detail!(request.call)),
    )
    return this.#details.load({ call, log })
  }

  #ownLog(): CallLog | null {
    if (this.#log === undefined) this.#log = this.#account.open().callRecords ?? null
    return this.#log
  }
}
