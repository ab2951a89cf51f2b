import { createHash } from 'node:crypto'

import { legId } from '../model/id.js'

/** 96 bits: no two legs of one account share them by chance. */
const KEY_LENGTH = 16

/**
 * The ids of the legs of one call. A leg is known by what the provider says of it, such as where and
 * when, not by its place among the others: a leg that appears in a later response leaves the ids of
 * the others as they are. Legs of which the provider says the same are numbered.
 */
export class LegIds {
  readonly #account: string
  readonly #call: string
  readonly #times = new Map<string, number>()

  /** `account`: its key; `call`: the provider's own id. */
  constructor(account: string, call: string) {
    this.#account = account
    this.#call = call
  }

  /** `facts` must not change while a call goes on, so neither its end nor its result is among them. */
  next(...facts: readonly (string | null)[]): string {
    const text = JSON.stringify(facts)
    const time = (this.#times.get(text) ?? 0) + 1
    this.#times.set(text, time)
    // Hashed, because the facts may hold any text of any length.
    const key = createHash('sha256').update(`${time} ${text}`).digest('base64url').slice(0, KEY_LENGTH)
    return legId(this.#account, this.#call, key)
  }
}
