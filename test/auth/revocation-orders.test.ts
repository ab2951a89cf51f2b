import { expect, test } from '@jest/globals'
import fc from 'fast-check'

import { cases } from '../support/proof.js'
import { loginClient, startTokenServer } from './token-server.js'

/** One step of what happens to a login. */
type Step =
  | { readonly kind: 'revoke' }
  /** Queries at once; all tokens are revoked as the reads with these numbers arrive, twice in a row at most. */
  | { readonly kind: 'ask'; readonly paths: readonly string[]; readonly revokedAt: readonly number[] }
  /** The login is given the rights for `/closed`, or they are taken away. */
  | { readonly kind: 'rights'; readonly given: boolean }
  | { readonly kind: 'minute' }

const path = fc.constantFrom('/things', '/things/7', '/closed')
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 1, arbitrary: fc.constant({ kind: 'revoke' } as const) },
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant('ask' as const),
      paths: fc.array(path, { minLength: 1, maxLength: 6 }),
      revokedAt: fc.uniqueArray(fc.integer({ min: 1, max: 12 }), { maxLength: 2 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('rights' as const), given: fc.boolean() }) },
  { weight: 1, arbitrary: fc.constant({ kind: 'minute' } as const) },
)

/**
 * What the rights alone say of each query, and how often tokens may be requested at most. A route
 * that was closed may refuse for as long as it has not answered again.
 */
class Model {
  hasRights = false
  tokenRequests = 1
  #wasClosed = false
  #wasOpen = false
  /** Minutes since `/closed` was found closed. */
  #closedFor = Infinity

  outcomesOf(asked: string): readonly string[] {
    if (asked !== '/closed') return ['fine']
    if (!this.hasRights) return ['PROVIDER_FORBIDDEN']
    return this.#wasClosed ? ['fine', 'PROVIDER_FORBIDDEN'] : ['fine']
  }

  /** Each query that finds the route closed may replace the token on its own, and log in. */
  refused(count: number): void {
    if (this.#closedFor >= 1) this.tokenRequests += count * (this.#wasClosed ? 1 : this.#wasOpen ? 4 : 2) + 1
    if (this.#closedFor >= 1) this.#closedFor = 0
    this.#wasClosed = true
  }

  answered(): void {
    this.#wasClosed = false
    this.#wasOpen = true
    this.#closedFor = Infinity
  }

  minute(): void {
    this.#closedFor += 1
  }
}

test.each(['password', 'authorization code'] as const)(
  '(%s) whatever the order, revocations fail no query and close no route, and a closed one costs no refresh a query',
  async (kind) => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 25 }), async (steps) => {
        const server = await startTokenServer(1_000_000)
        const client = loginClient(server, kind, { sleep: immediately })
        const model = new Model()
        try {
          for (const one of steps) await take(one)
          expect(server.grants().length).toBeLessThanOrEqual(model.tokenRequests)
        } finally {
          await client.close()
          await server.close()
        }

        async function take(one: Step): Promise<void> {
          if (one.kind === 'rights') server.setRights((model.hasRights = one.given))
          if (one.kind === 'revoke') revoke()
          if (one.kind === 'minute') {
            for (const { clock } of [client, server]) clock.advance(61_000)
            model.minute()
          }
          if (one.kind !== 'ask') return
          let [reads, inARow] = [0, isRevoked() ? 1 : 0]
          server.onRead(() => {
            if (one.revokedAt.includes((reads += 1)) && (inARow += 1) <= 2) revoke()
          })
          const outcomes = await Promise.all(one.paths.map(outcomeOf))
          for (const [at, asked] of one.paths.entries()) expect(model.outcomesOf(asked)).toContain(outcomes[at])
          const refused = outcomes.filter((outcome) => outcome !== 'fine').length
          if (refused > 0) model.refused(refused)
          if (one.paths.some((asked, at) => asked === '/closed' && outcomes[at] === 'fine')) model.answered()
        }

        function isRevoked(): boolean {
          const issued = server.grants().length
          return issued > 0 && !server.isLive(`access-${issued}`)
        }

        function revoke(): void {
          server.revokeAccess()
          model.tokenRequests += 1
        }

        function outcomeOf(asked: string): Promise<unknown> {
          return client.get(asked).then(
            () => 'fine',
            (error: unknown) => (error as { code?: unknown }).code ?? error,
          )
        }
      }),
      { numRuns: cases(200) },
    )
  },
  120_000,
)

/** Pauses of our side take no time, but give others their turn. */
const immediately = async (): Promise<void> => {
  for (let turn = 0; turn < 5; turn += 1) await new Promise((resolve) => setImmediate(resolve))
}
