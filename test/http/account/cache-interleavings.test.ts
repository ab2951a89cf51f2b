import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'

import { ProviderError } from '../../../src/errors.js'
import { CachedResponses, type Answer } from '../../../src/http/account/cached-responses.js'
import type { HttpRequest } from '../../../src/http/http.js'
import { Reader, type FreshnessDemand } from '../../../src/http/account/reading.js'
import { Operation } from '../../../src/operation.js'
import { ReplyCache } from '../../../src/http/account/reply-cache.js'
import type { SizedReply } from '../../../src/http/account/reply.js'

const TTL_SECONDS = 10
const STALE_SECONDS = 30
const START = 1_000_000

interface Ask {
  readonly kind: 'ask'
  readonly account: number
  readonly key: string
  readonly demand: FreshnessDemand
}
type Step =
  | Ask
  | { readonly kind: 'pass'; readonly seconds: number }
  | { readonly kind: 'fail'; readonly code: 'PROVIDER_UNAVAILABLE' | 'PROVIDER_FORBIDDEN' | null }
  | { readonly kind: 'change'; readonly account: number }
  | { readonly kind: 'forget'; readonly account: number }
  | { readonly kind: 'another login'; readonly account: number }

/** What the provider says carries everything needed to tell whether it may be given: whose it is, what was asked, since when it was true. */
interface Told {
  readonly account: number
  readonly session: number
  readonly key: string
  readonly version: number
  readonly readAt: number
}

interface Asked {
  readonly step: Ask
  readonly at: number
  readonly session: number
  readonly version: number
  readonly outcome: Promise<Outcome>
}
type Ended = Omit<Asked, 'outcome'> & { readonly outcome: Outcome }
interface Outcome {
  readonly answer: Answer | null
  readonly error: unknown
  readonly at: number
}

const DOWN = ['PROVIDER_UNAVAILABLE'] as const
const seconds = fc.integer({ min: 0, max: 25 })
const account = fc.integer({ min: 0, max: 1 })
const demand: fc.Arbitrary<FreshnessDemand> = fc.oneof(
  { weight: 3, arbitrary: fc.constant({ maxAgeMs: Infinity, staleMs: Infinity, keep: true }) },
  {
    weight: 1,
    arbitrary: fc.record({
      maxAgeMs: seconds.map((each) => each * 1000),
      staleMs: fc.constantFrom(0, 5_000, Infinity),
      keep: fc.boolean(),
    }),
  },
)
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({ kind: fc.constant('ask' as const), account, key: fc.constantFrom('a', 'b'), demand }),
  },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('pass' as const), seconds }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('fail' as const),
      code: fc.constantFrom(...DOWN, ...DOWN, 'PROVIDER_FORBIDDEN' as const, null),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('change' as const), account }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constantFrom('forget' as const, 'another login' as const), account }) },
)

async function run(scheduler: fc.Scheduler, steps: readonly Step[]): Promise<readonly Ended[]> {
  let now = START
  let failing: string | null = null
  const clock = { now: () => now, monotonic: () => now }
  const cache = new ReplyCache({ bytes: 1e6, staleMs: STALE_SECONDS * 1000, clock })
  const accounts = [0, 1].map((index) => {
    const state = { session: 0, version: 0 }
    const provider = async ({ url }: HttpRequest): Promise<SizedReply> => {
      await scheduler.schedule(Promise.resolve(), `request of ${index}`)
      const code = failing
      const body: Told = { account: index, key: url, ...state, readAt: now }
      const receivedAt = new Date(now).toISOString()
      await scheduler.schedule(Promise.resolve(), `answer to ${index}`)
      if (code) throw new ProviderError(code as 'PROVIDER_UNAVAILABLE', 'no')
      return { status: 200, headers: {}, body, receivedAt, size: 10 }
    }
    const source = { provider: 'acme', accountId: String(index) }
    const answers = new CachedResponses(
      { source, partition: cache.partition(), login: state, deadlineMs: 60_000 },
      async ({ request }, requester) => {
        requester.charge()
        return provider(request)
      },
    )
    return { state, answers }
  })
  const asked: Asked[] = []
  const play = async (one: Step) => {
    if (one.kind === 'pass') now += one.seconds * 1000
    else if (one.kind === 'fail') failing = one.code
    else if (one.kind === 'change') accounts[one.account]!.state.version += 1
    else if (one.kind === 'forget') accounts[one.account]!.answers.forget()
    else if (one.kind === 'another login') accounts[one.account]!.state.session += 1
    else {
      const { state, answers } = accounts[one.account]!
      const request = { method: 'GET', url: one.key, headers: {} } as const
      const freshness = { noun: 'things', seconds: TTL_SECONDS }
      const read = { key: one.key, request, anonymous: false, repeatable: true, freshness, fresh: false }
      const { signal } = new AbortController()
      const reader = new Reader(new Operation({ requestId: 'operation', signal, demand: one.demand }), () => {})
      const outcome = Promise.resolve(answers.kept(one.key, freshness, reader) ?? answers.read(read, reader)).then(
        (answer) => ({ answer, error: null, at: now }),
        (error: unknown) => ({ answer: null, error, at: now }),
      )
      asked.push({ step: one, at: now, ...state, outcome })
    }
  }
  // The steps keep their order; how far requests come between them is drawn.
  const sequence = scheduler.scheduleSequence(steps.map((one) => ({ label: one.kind, builder: () => play(one) })))
  await scheduler.waitFor(sequence.task)
  await scheduler.waitFor(Promise.all(asked.map(({ outcome }) => outcome)))
  return Promise.all(asked.map(async (one) => ({ ...one, outcome: await one.outcome })))
}

describe('whatever happens in between', () => {
  test('an answer is its account’s, its login’s, and no older than it says it may be', async () => {
    const seen = { fresh: 0, kept: 0, stale: 0, failed: 0 }
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), fc.array(step, { minLength: 5, maxLength: 30 }), async (scheduler, steps) => {
        for (const { step: asked, at, session, version, outcome } of await run(scheduler, steps)) {
          const { answer, error } = outcome
          if (!answer) {
            seen.failed += 1
            expect(error).toBeInstanceOf(ProviderError)
            continue
          }
          const told = answer.reply.body as Told
          expect(told).toMatchObject({ account: asked.account, key: asked.key })
          expect(told.session).toBeGreaterThanOrEqual(session)
          expect(Date.parse(answer.reply.receivedAt)).toBe(told.readAt)
          const age = at - told.readAt
          const { maxAgeMs, staleMs } = asked.demand
          if (!answer.cached) {
            seen.fresh += 1
            // Read while this one waited, or on its way when it came: then as fresh as the caller wants it.
            expect(outcome.at).toBeGreaterThanOrEqual(told.readAt)
            if (age > 0) expect(age).toBeLessThan(maxAgeMs)
            if (maxAgeMs === 0) expect(told.version).toBeGreaterThanOrEqual(version)
          } else if (answer.cached.failure === null) {
            seen.kept += 1
            expect(age).toBeLessThan(Math.min(TTL_SECONDS * 1000, maxAgeMs))
            expect(answer.cached.ageSeconds).toBe(Math.floor(age / 1000))
          } else {
            seen.stale += 1
            const ageNow = outcome.at - told.readAt
            expect(answer.cached.failure).toMatchObject({ code: 'PROVIDER_UNAVAILABLE' })
            expect(answer.cached.ageSeconds).toBe(Math.floor(ageNow / 1000))
            expect(ageNow).toBeLessThan((TTL_SECONDS + STALE_SECONDS) * 1000)
            expect(ageNow - Math.min(TTL_SECONDS * 1000, maxAgeMs)).toBeLessThan(staleMs)
          }
        }
      }),
      { numRuns: 500, seed: 6 },
    )
    // Each way to be answered was taken often: a cache that never gave anything would pass all of the above.
    for (const often of Object.values(seen)) expect(often).toBeGreaterThan(40)
  })
})
