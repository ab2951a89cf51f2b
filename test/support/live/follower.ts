import { setTimeout as passed } from 'node:timers/promises'

import { createClient as createStreamClient } from 'graphql-sse'
import { createClient as createSocketClient } from 'graphql-ws'
import { WebSocket } from 'ws'

/** What somebody follows: a subscription with a variable `resumeAfter`, and its field. */
export interface Followed {
  readonly field: string
  readonly query: string
}

const EVENTS: Followed = {
  field: 'callEvents',
  query: `subscription ($resumeAfter: String) {
    callEvents(resumeAfter: $resumeAfter) { id cursor type call { id providerCallId state } }
  }`,
}

/** An event as a follower was told it. */
export interface ToldEvent {
  readonly id: string
  readonly cursor: string
  readonly type: string
  readonly call: { readonly id: string; readonly providerCallId: string; readonly state: string }
}

interface Result<Told> {
  readonly data?: Readonly<Record<string, Told | null>> | null
  readonly errors?: readonly { readonly message: string }[]
}

/** How soon somebody who was cut off asks again, ms. */
const AGAIN_MS = 20

/**
 * Follows all calls, or whatever else is said, over one of the transports, from a cursor on; whenever it is cut off it goes on at some other server after what it was
 * told last.
 */
export class Follower<Told extends { readonly cursor: string } = ToldEvent> {
  readonly told: Told[] = []
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
    private readonly followed: Followed = EVENTS,
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
      const results = client.iterate({ query: this.followed.query, variables: { resumeAfter: this.cursor } })
      // Its server may be gone already, and then that is said again.
      this.#leave = () => void Promise.allSettled([client.dispose(), results.return?.()])
      try {
        for await (const result of results) this.#take(result as Result<Told>)
      } catch {
        // The server went away: another one is asked.
      }
      await Promise.allSettled([client.dispose()])
      if (!this.#isOver) await passed(AGAIN_MS)
    }
  }

  #take({ data, errors }: Result<Told>): void {
    if (errors) this.complaints.push(...errors.map(({ message }) => message))
    const told = data?.[this.followed.field]
    if (!told) return
    this.cursor = told.cursor
    this.told.push(told)
  }

  #client(url: string) {
    return this.transport === 'sse'
      ? createStreamClient({ url, retryAttempts: 0 })
      : createSocketClient({ url: url.replace(/^http/, 'ws'), webSocketImpl: WebSocket, retryAttempts: 0 })
  }
}
