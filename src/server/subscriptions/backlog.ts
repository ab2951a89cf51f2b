import type { Socket } from 'node:net'

/** What waits here for a client to read it, and whether it reads. */
export class Backlog {
  readonly #socket: Pick<Socket, 'bytesWritten' | 'writableLength'> | null
  #taken = 0
  #standsSince: number | null = null
  #isRead = false

  /** Null: the client has gone already. */
  constructor(socket: Pick<Socket, 'bytesWritten' | 'writableLength'> | null) {
    this.#socket = socket
  }

  /**
   * Milliseconds for which nothing of it was taken; 0 while nothing waits. To be called about each
   * second; `now`: monotonic ms.
   */
  look(now: number): number {
    if (!this.#socket) return 0
    // The first counts what waits, too.
    const { bytesWritten, writableLength: waiting } = this.#socket
    const taken = bytesWritten - waiting
    const isMoving = taken > this.#taken
    // What the system takes without having been full is not read by anybody yet.
    this.#isRead = isMoving && this.#standsSince !== null
    this.#taken = taken
    this.#standsSince = waiting === 0 ? null : isMoving ? now : (this.#standsSince ?? now)
    return this.#standsSince === null ? 0 : now - this.#standsSince
  }

  /** Whether, at the last look, the client had read some of what waited at the look before. */
  get isRead(): boolean {
    return this.#isRead
  }
}
