import type { EndSignal } from '../ending.js'
import { ServiceUnavailable } from '../errors.js'
import { abortable } from '../http/wire/abortable.js'

/**
 * Callers waiting for a login, at most `room` of them. Token requests made meanwhile are reported
 * to the first of them only, so that each counts once.
 */
export class WaitingLine {
  #length = 0
  /** In the order of arrival. */
  readonly #listeners = new Set<() => void>()

  constructor(private readonly room: number) {}

  /**
   * Waits for `work`, which others may share: an aborted `signal` ends this wait and no other.
   * @throws ServiceUnavailable when the line is full
   */
  async wait<T>(work: () => Promise<T>, signal?: EndSignal, onTokenRequest?: () => void): Promise<T> {
    if (this.#length >= this.room) {
      throw new ServiceUnavailable('Too many requests wait for the login of this account. Try again later.')
    }
    this.#length += 1
    // A function of its own for each wait: an operation may wait with several requests.
    const listener = onTokenRequest && (() => onTokenRequest())
    if (listener) this.#listeners.add(listener)
    try {
      return await abortable(work(), signal)
    } finally {
      this.#length -= 1
      if (listener) this.#listeners.delete(listener)
    }
  }

  /** Reports a token request; false when nobody listens. */
  notifyFirst(): boolean {
    const [first] = this.#listeners
    first?.()
    return first !== undefined
  }
}
