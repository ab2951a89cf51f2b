import { describe, expect, test } from '@jest/globals'

import { systemClock } from '../../../src/clock.js'
import { OutcomeUnknown, ProviderError } from '../../../src/errors.js'
import type { Authorizer } from '../../../src/http/account/authorizer.js'
import { observedSend } from '../../../src/http/account/observed-send.js'
import { Outcomes } from '../../../src/http/account/outcomes.js'
import { Reader, type ReadJournal } from '../../../src/http/account/reading.js'
import type { AccountRequest } from '../../../src/http/account/stage.js'
import { withLogin } from '../../../src/http/account/with-login.js'
import type { HttpRequest, HttpResponse } from '../../../src/http/http.js'
import type { ObservedExchange } from '../../../src/http/observed-exchange.js'
import { Operation } from '../../../src/operation.js'
import { noLogin } from '../upstream.js'

const source = { provider: 'acme', accountId: 'global-id' }
const request: HttpRequest = { method: 'GET', url: 'https://pbx.example/calls?token=canary', headers: {} }
const read: AccountRequest = { request, anonymous: false, repeatable: true }
const write: AccountRequest = { ...read, repeatable: false }

const answered = (status: number): HttpResponse => ({ status, headers: {}, body: '{}', receivedAt: 0 })

function readerOf(journal: ReadJournal | null = null, charge = () => {}, signal = new AbortController().signal) {
  return new Reader(new Operation({ requestId: 'operation', signal, journal }), charge)
}

/** A next stage that notes what it is asked, and answers with these in turn. */
function recorded(...responses: readonly (HttpResponse | Error)[]) {
  const asked: AccountRequest[] = []
  const next = async (one: AccountRequest): Promise<HttpResponse> => {
    const response = responses[asked.push(one) - 1]!
    if (response instanceof Error) throw response
    return response
  }
  return { asked, next }
}

describe('the stage of the login', () => {
  const tokens = (refused: (response: HttpResponse) => boolean): Authorizer & { readonly again: number[] } => {
    const again: number[] = []
    const ready = (token: string) => ({ request: { ...request, headers: { authorization: token } }, login: token })
    return {
      ...noLogin,
      again,
      async authorize(_request, _signal, onTokenRequest) {
        onTokenRequest?.()
        return ready('first')
      },
      reauthorize: async (response) => (refused(response) ? ready('second') : null),
      refusedAgain: ({ status }) => void again.push(status),
    }
  }

  test('puts the token on the request, and tells the operation what that took', async () => {
    const { asked, next } = recorded(answered(200))
    const journal: ReadJournal = { reads: [], tokenRequests: [], pending: [] }
    await withLogin(
      tokens(() => false),
      source,
      next,
    )(read, readerOf(journal))
    expect(asked).toEqual([{ ...read, request: { ...request, headers: { authorization: 'first' } } }])
    expect(journal.tokenRequests).toEqual([{ source, requests: 1 }])
  })

  test('sends once more with another token, and stands by what that gets', async () => {
    const { asked, next } = recorded(answered(401), answered(401))
    const authorizer = tokens(({ status }) => status === 401)
    expect((await withLogin(authorizer, source, next)(read, readerOf())).status).toBe(401)
    expect(asked.map((one) => one.request.headers['authorization'])).toEqual(['first', 'second'])
    expect(authorizer.again).toEqual([401])
  })

  test('takes a limit for no refusal of the token, whatever the login would make of its status', async () => {
    const limited = { ...answered(403), headers: { 'retry-after': '30' } }
    const { asked, next } = recorded(limited)
    const authorizer = tokens(({ status }) => status === 403)
    expect(await withLogin(authorizer, source, next)(read, readerOf())).toBe(limited)
    expect(asked).toHaveLength(1)
  })

  test('hands on what is anonymous as it is', async () => {
    const { asked, next } = recorded(answered(401))
    const anonymous = { ...read, anonymous: true }
    await withLogin(
      tokens(() => true),
      source,
      next,
    )(anonymous, readerOf())
    expect(asked).toEqual([anonymous])
  })
})

describe('the stage that sends', () => {
  const stage = (send: () => Promise<HttpResponse>) => {
    const exchanges: ObservedExchange[] = []
    return {
      exchanges,
      send: observedSend(send, { source, clock: systemClock, onExchange: (one) => exchanges.push(one) }),
    }
  }

  test('charges before it sends, and sends nothing that nobody pays for', async () => {
    let sent = 0
    const { send, exchanges } = stage(async () => answered((sent += 200)))
    const spent = new Error('no requests left')
    const reader = readerOf(null, () => {
      throw spent
    })
    await expect(send(read, reader, 1_000, 0)).rejects.toBe(spent)
    expect([sent, exchanges]).toEqual([0, []])
  })

  test('tells of every exchange whose it was and how it went, and nothing of its query', async () => {
    const responses = [
      answered(500),
      new ProviderError('PROVIDER_UNAVAILABLE', 'reset', { reason: 'CONNECTION_RESET' }),
    ]
    const { send, exchanges } = stage(recorded(...responses).next as () => Promise<HttpResponse>)
    const reader = readerOf()
    await send(read, reader, 1_000, 0)
    await send(read, reader, 1_000, 0).catch(() => {})
    expect(exchanges).toMatchObject([
      { source, operation: reader.operation, method: 'GET', host: 'pbx.example', status: 500, failure: null },
      { source, operation: reader.operation, status: null, failure: 'PROVIDER_UNAVAILABLE' },
    ])
    expect(JSON.stringify(exchanges.map(({ operation: _, ...shown }) => shown))).not.toContain('canary')
  })

  test('makes an unknown outcome of a write’s lost answer, and of nothing else', async () => {
    const lost = new ProviderError('PROVIDER_TIMEOUT', 'no answer')
    const unsent = new ProviderError('PROVIDER_TIMEOUT', 'no turn', { unsent: true })
    const outcome = (error: Error, asked: AccountRequest) =>
      stage(() => Promise.reject(error))
        .send(asked, readerOf(), 1_000, 0)
        .catch((thrown: unknown) => thrown)
    expect(await outcome(lost, write)).toMatchObject({ constructor: OutcomeUnknown, cause: lost, retryable: false })
    expect(await outcome(unsent, write)).toBe(unsent)
    expect(await outcome(lost, read)).toBe(lost)
  })
})

describe('outcomes', () => {
  const outcomes = () =>
    new Outcomes({ source, origins: ['https://pbx.example'], clock: { ...systemClock, now: () => 7 } })

  test('note when it went well or badly; a look-up that found nothing went well', async () => {
    const noted = outcomes()
    const missing = new ProviderError('PROVIDER_REJECTED', 'no', { reason: 'NOT_FOUND' })
    await noted
      .of(recorded(missing).next, () => null)(read, readerOf())
      .catch(() => {})
    expect(noted).toMatchObject({ lastSuccessAt: 7, lastFailureAt: null })
    await noted
      .of(recorded(new ProviderError('PROVIDER_TIMEOUT', 'no')).next, () => null)(read, readerOf())
      .catch(() => {})
    expect(noted).toMatchObject({ lastSuccessAt: 7, lastFailureAt: 7 })
  })

  test('keep requests to the account’s own origins', async () => {
    const { asked, next } = recorded(answered(200))
    const elsewhere = { ...read, request: { ...request, url: 'https://pbx.example.org/' } }
    await expect(outcomes().of(next, () => null)(elsewhere, readerOf())).rejects.toMatchObject({
      reason: 'ORIGIN',
      source,
    })
    expect(asked).toEqual([])
  })

  test('say that the operation ended where that was the reason', async () => {
    const ending = AbortSignal.abort(new DOMException('The client has gone', 'AbortError'))
    const answer = outcomes().of(
      () => Promise.reject(ending.reason as Error),
      () => null,
    )(
      read,
      readerOf(null, () => {}, ending),
    )
    await expect(answer).rejects.toMatchObject({ code: 'PROVIDER_TIMEOUT', reason: 'OPERATION_ENDED', source })
  })
})
