import { ServiceUnavailable } from '../errors.js'
import { abortable } from '../http/wire/abortable.js'

/** Who waits for a login: as many as there is room for, and the first of them is told of the requests it takes. */
export class WaitingLine {
  #length = 0
  /** In the order they came. */
  readonly #hearing = new Set<() => void>()

  constructor(private readonly room: number) {}

  /** Waits for what everybody waits for; who gives up leaves the line, and the others wait on. Throws ServiceUnavailable when it is full. */
  async wait<T>(work: () => Promise<T>, signal?: AbortSignal, onTokenRequest?: () => void): Promise<T> {
    if (this.#length >= this.room) {
      throw new ServiceUnavailable('Too many requests wait for the login of this account. Try again later.')
    }
    this.#length += 1
    // One of its own for each wait: an operation may wait with several requests.
    const hear = onTokenRequest && (() => onTokenRequest())
    if (hear) this.#hearing.add(hear)
    try {
      return await abortable(work(), signal)
    } finally {
      this.#length -= 1
      if (hear) this.#hearing.delete(hear)
    }
  }

  /** Whether there was somebody to tell. */
  tellFirst(): boolean {
    const [first] = this.#hearing
    first?.()
    return first !== undefined
  }
}
