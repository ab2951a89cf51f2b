import { setTimeout as passed } from 'node:timers/promises'

import { createClient as createStreamClient } from 'graphql-sse'
import { createClient as createSocketClient } from 'graphql-ws'
import { WebSocket } from 'ws'

const EVENTS = `subscription ($resumeAfter: String) {
  callEvents(resumeAfter: $resumeAfter) { id cursor type call { id providerCallId state } }
}`

/** An event as a follower was told it. */
export interface ToldEvent {
  readonly id: string
  readonly cursor: string
  readonly type: string
  readonly call: { readonly id: string; readonly providerCallId: string; readonly state: string }
}

interface Result {
  readonly data?: { readonly callEvents?: ToldEvent | null } | null
  readonly errors?: readonly { readonly message: string }[]
}

/** How soon somebody who was cut off asks again, ms. */
const AGAIN_MS = 20

/**
 * Follows all calls over one of the transports, from a cursor on; whenever it is cut off it goes on at some other server after what it was
 * told last.
 */
export class Follower {
  readonly told: ToldEvent[] = []
  /** What it was told instead of events. */
  readonly complaints: string[] = []
  #isOver = false
  #leave = () => {}
  readonly #following: Promise<void>

  /** `serverUrl` says which server is asked next. */
  constructor(
    private readonly transport: 'sse' | 'websocket',
    private readonly serverUrl: () => string,
    private cursor: string,
  ) {
    this.#following = this.#follow()
  }

  /** Goes away without a word, and comes back. */
  leave(): void {
    this.#leave()
  }

  async close(): Promise<void> {
    this.#isOver = true
    this.#leave()
    await this.#following
  }

  async #follow(): Promise<void> {
    while (!this.#isOver) {
      const client = this.#client(`${this.serverUrl()}/graphql`)
      const results = client.iterate({ query: EVENTS, variables: { resumeAfter: this.cursor } })
      // Its server may be gone already, and then that is said again.
      this.#leave = () => void Promise.allSettled([client.dispose(), results.return?.()])
      try {
        for await (const result of results) this.#take(result as Result)
      } catch {
        // The server went away: another one is asked.
      }
      await Promise.allSettled([client.dispose()])
      if (!this.#isOver) await passed(AGAIN_MS)
    }
  }

  #take({ data, errors }: Result): void {
    if (errors) this.complaints.push(...errors.map(({ message }) => message))
    if (!data?.callEvents) return
    this.cursor = data.callEvents.cursor
    this.told.push(data.callEvents)
  }

  #client(url: string) {
    return this.transport === 'sse'
      ? createStreamClient({ url, retryAttempts: 0 })
      : createSocketClient({ url: url.replace(/^http/, 'ws'), webSocketImpl: WebSocket, retryAttempts: 0 })
  }
}
