import { afterEach, describe, expect, jest, test } from '@jest/globals'

import { OutcomeUnknown, ProviderError } from '../../../src/errors.js'
import { systemClock } from '../../../src/clock.js'
import { Reader } from '../../../src/http/account/reading.js'
import { Operation } from '../../../src/operation.js'
import type { HttpResponse } from '../../../src/http/http.js'
import { defaultHttpLimits, type HttpLimits } from '../../../src/http/limits.js'
import { Traffic } from '../../../src/http/traffic/traffic.js'

afterEach(() => void jest.restoreAllMocks())

const answered = (status: number, headers: Record<string, string> = {}): HttpResponse => ({
  ...{ status, headers, body: '', receivedAt: Date.now() },
})

interface Asking {
  readonly signal?: AbortSignal
  readonly endsAt?: number
  readonly repeatable?: boolean
}

/** One account's traffic to a provider that answers as this function does, without a wire between them. */
function trafficTo(
  provider: () => HttpResponse | Promise<HttpResponse>,
  limits: Partial<HttpLimits> = {},
  refuses = (_: HttpResponse) => false,
) {
  const traffic = new Traffic({ ...defaultHttpLimits, retryPauseMs: 1, ...limits }, systemClock, refuses)
  let sent = 0
  const send = traffic.stage(async () => {
    sent += 1
    return provider()
  })
  const ask = ({ repeatable = true, signal = new AbortController().signal, endsAt }: Asking = {}) => {
    const request = { method: 'GET', url: 'https://pbx.example/calls', headers: {} } as const
    const operation = new Operation({ requestId: 'operation', signal, endsAt })
    return send({ request, anonymous: false, repeatable }, new Reader(operation, () => {}))
  }
  const outcome = (asking?: Asking) =>
    ask(asking).then(
      ({ status }) => String(status),
      (error: ProviderError) => error.reason ?? error.code,
    )
  return { traffic, ask, outcome, sent: () => sent }
}

/** Numbers in [0, 1) that are the same in every run. */
function numbers(seed: number): () => number {
  let state = seed
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 2 ** 32
    return state / 2 ** 32
  }
}

const reset = () => Promise.reject(new ProviderError('PROVIDER_UNAVAILABLE', 'reset', { reason: 'CONNECTION_RESET' }))

describe('a failure that may pass', () => {
  test('one time in five is hidden from nearly everybody, for a quarter more requests at most', async () => {
    const random = numbers(7)
    const { outcome, sent } = trafficTo(() => answered(random() < 0.2 ? 503 : 200))
    const outcomes: string[] = []
    const asked = 4_000
    for (let turn = 0; turn < asked; turn += 40)
      outcomes.push(...(await Promise.all(Array.from({ length: 40 }, () => outcome()))))
    expect(outcomes.filter((one) => one === '200').length / asked).toBeGreaterThanOrEqual(0.99)
    expect(sent() / asked).toBeLessThanOrEqual(1.25)
    expect(sent() / asked).toBeGreaterThan(1.2)
  }, 20_000)

  test('every time costs a quarter more requests and a few, even where nothing is ever left alone', async () => {
    const { outcome, sent } = trafficTo(() => answered(503), { breakerFailures: 1_000_000 })
    const asked = 1_000
    for (let turn = 0; turn < asked; turn += 50) await Promise.all(Array.from({ length: 50 }, () => outcome()))
    // What the floor gives again while this runs depends on the machine: it may be slow.
    expect(sent()).toBeLessThanOrEqual(1.25 * asked + 3 * defaultHttpLimits.retryBudgetFloor)
  })

  test('is not tried again without a budget, nor more often than it may be', async () => {
    const poor = trafficTo(() => answered(503), { retryBudgetPercent: 0, retryBudgetFloor: 0 })
    await poor.outcome()
    expect(poor.sent()).toBe(1)
    const patient = trafficTo(() => answered(503), { attempts: 5 })
    await patient.outcome()
    expect(patient.sent()).toBe(5)
  })

  test('is not tried again when its operation is over', async () => {
    const ending = new AbortController()
    const { outcome, sent } = trafficTo(() => {
      ending.abort()
      return answered(503)
    })
    await outcome(ending)
    expect(sent()).toBe(1)
  })

  test('is one no more when the answer is about the login', async () => {
    const { ask, sent } = trafficTo(
      () => answered(500),
      {},
      () => true,
    )
    expect(await ask()).toMatchObject({ status: 500 })
    expect(sent()).toBe(1)
  })
})

describe('a write', () => {
  test('is sent once where it may have reached the provider', async () => {
    for (const provider of [() => answered(503), reset]) {
      const { outcome, sent } = trafficTo(provider)
      await outcome({ repeatable: false })
      expect(sent()).toBe(1)
    }
  })

  test('is sent again where it provably was not sent', async () => {
    const unsent = { reason: 'CONNECTION_REFUSED', unsent: true }
    const { outcome, sent } = trafficTo(() =>
      sent() < 3 ? Promise.reject(new ProviderError('PROVIDER_UNAVAILABLE', 'refused', unsent)) : answered(200),
    )
    expect(await outcome({ repeatable: false })).toBe('200')
    expect(sent()).toBe(3)
  })

  test('whose outcome is unknown counts as a failure of its provider, unless its operation ended', async () => {
    for (const [reason, circuit] of [
      ['CONNECTION_RESET', 'OPEN'],
      ['OPERATION_ENDED', 'CLOSED'],
    ] as const) {
      const lost = new ProviderError('PROVIDER_TIMEOUT', 'no answer', { reason })
      const { traffic, outcome } = trafficTo(() => Promise.reject(new OutcomeUnknown(lost)))
      for (let turn = 0; turn < 10; turn += 1) expect(await outcome({ repeatable: false })).toBe('OUTCOME_UNKNOWN')
      expect(traffic.health().circuit).toBe(circuit)
    }
  })
})

describe('a provider that is down', () => {
  test('is asked no more after ten failures in a row, then once in half a minute, and again by all once that succeeds', async () => {
    let now = Date.now()
    jest.spyOn(Date, 'now').mockImplementation(() => now)
    let isDown = true
    const { traffic, outcome, sent } = trafficTo(() => (isDown ? answered(503) : answered(200)))
    const offered = 2_000
    for (let turn = 0; turn < offered; turn += 50) await Promise.all(Array.from({ length: 50 }, () => outcome()))
    // Each of the ten is tried as often as any; what was in the queue is not sent.
    expect(sent()).toBeLessThanOrEqual(3 * (10 + defaultHttpLimits.providerConcurrency))
    expect(traffic.health().circuit).toBe('OPEN')

    for (let probe = 1; probe <= 3; probe += 1) {
      const before = sent()
      now += 29_900
      expect(await outcome()).toBe('CIRCUIT_OPEN')
      expect(sent()).toBe(before)
      now += 200
      const outcomes = await Promise.all(Array.from({ length: 100 }, () => outcome()))
      expect(sent() - before).toBe(1)
      expect(outcomes.filter((one) => one === 'CIRCUIT_OPEN')).toHaveLength(99)
    }

    isDown = false
    now += 30_100
    expect(await Promise.all(Array.from({ length: 100 }, () => outcome()))).toEqual(Array(100).fill('200'))
    expect(traffic.health().circuit).toBe('CLOSED')
  })

  test('may be asked again after half a minute, which its health says though nobody has', async () => {
    let now = Date.now()
    jest.spyOn(Date, 'now').mockImplementation(() => now)
    const { traffic, outcome } = trafficTo(() => answered(503))
    for (let turn = 0; turn < 10; turn += 1) await outcome()
    for (let probe = 1; probe <= 3; probe += 1) {
      now += 29_900
      expect(traffic.health().circuit).toBe('OPEN')
      now += 200
      expect(traffic.health().circuit).toBe('HALF_OPEN')
      expect(await outcome()).toBe('503')
      expect(traffic.health().circuit).toBe('OPEN')
    }
  })

  test('is judged by its probe alone: what was sent before, and fails now, is told and not sent again', async () => {
    let now = Date.now()
    jest.spyOn(Date, 'now').mockImplementation(() => now)
    const answers: ((response: HttpResponse) => void)[] = []
    let isHeld = true
    const { traffic, outcome, sent } = trafficTo(() =>
      isHeld ? new Promise<HttpResponse>((resolve) => answers.push(resolve)) : answered(503),
    )
    const early = outcome()
    isHeld = false
    while (traffic.health().circuit === 'CLOSED') await outcome()
    now += 30_100
    isHeld = true
    const probe = outcome()
    await new Promise((resolve) => setImmediate(resolve))
    const before = sent()
    answers[0]!(answered(503))
    expect(await early).toBe('503')
    expect([traffic.health().circuit, sent()]).toEqual(['HALF_OPEN', before])
    answers[1]!(answered(200))
    expect(await probe).toBe('200')
    expect(traffic.health().circuit).toBe('CLOSED')
  })

  test('is one after as many failures in a row, and a success begins the row anew', async () => {
    const statuses = [...Array<number>(9).fill(501), 200, ...Array<number>(9).fill(501)]
    const { traffic, outcome } = trafficTo(() => answered(statuses.shift() ?? 501))
    for (let turn = 0; turn < 19; turn += 1) await outcome()
    expect(traffic.health().circuit).toBe('CLOSED')
    await outcome()
    expect(traffic.health().circuit).toBe('OPEN')
  })

  test('by connections that break is the same', async () => {
    const { outcome, sent } = trafficTo(reset)
    for (let turn = 0; turn < 30; turn += 1) await outcome()
    expect(await outcome()).toBe('CIRCUIT_OPEN')
    expect(sent()).toBeLessThanOrEqual(30)
  })

  test('is not what one says that refuses a login, forbids, or finds nothing', async () => {
    for (const status of [400, 401, 403, 404, 422]) {
      const { traffic, outcome, sent } = trafficTo(() => answered(status))
      for (let turn = 0; turn < 50; turn += 1) expect(await outcome()).toBe(String(status))
      expect(traffic.health().circuit).toBe('CLOSED')
      expect(sent()).toBe(50)
    }
  })

  test('is not what an operation that ended says', async () => {
    const ended = new ProviderError('PROVIDER_TIMEOUT', 'ended', { reason: 'OPERATION_ENDED' })
    const { traffic, outcome } = trafficTo(() => Promise.reject(ended))
    for (let turn = 0; turn < 50; turn += 1) await outcome()
    expect(traffic.health().circuit).toBe('CLOSED')
  })
})

describe('a provider that asks us to wait', () => {
  const underWay = (milliseconds = 8_000): Asking => ({ endsAt: performance.now() + milliseconds })

  test('is waited for where the operation has the time, and hears nothing from anybody meanwhile', async () => {
    const sentAt: number[] = []
    let until = 0
    const { outcome } = trafficTo(
      () => {
        sentAt.push(performance.now())
        if (sentAt.length > 1) return answered(200)
        until = performance.now() + 80
        return answered(429, { 'retry-after': '0.08' })
      },
      { providerConcurrency: 1 },
    )
    const outcomes = await Promise.all(Array.from({ length: 6 }, () => outcome(underWay())))
    expect(outcomes).toEqual(Array(6).fill('200'))
    expect(sentAt).toHaveLength(7)
    // A timer may be early by a part of a millisecond.
    expect(sentAt.slice(1).filter((at) => at < until - 2)).toEqual([])
  })

  test('is not waited for longer than there is time, nor asked', async () => {
    for (const [left, wait] of [
      [8_000, '17'],
      [8_000, '5'],
      [4_500, '1'],
      [0, '1'],
    ] as const) {
      const { ask, outcome, sent } = trafficTo(() => answered(429, { 'retry-after': wait }))
      expect(await ask(underWay(left))).toMatchObject({ status: 429 })
      expect(await outcome(underWay(left))).toBe('PROVIDER_RATE_LIMITED')
      expect(sent()).toBe(1)
    }
  })

  test('for no time at all, again and again, is not asked for ever', async () => {
    const { outcome, sent } = trafficTo(() => answered(429, { 'retry-after': '0' }))
    expect(await outcome(underWay())).toBe('429')
    expect(sent()).toBe(3)
  })

  test('is not asked again by a write, which may have been applied', async () => {
    const { outcome, sent } = trafficTo(() => answered(429, { 'retry-after': '0' }))
    expect(await outcome({ ...underWay(), repeatable: false })).toBe('429')
    expect(sent()).toBe(1)
  })

  test('is not waited for by an operation that ends', async () => {
    const { outcome, sent } = trafficTo(() => answered(429, { 'retry-after': '2' }))
    const ending = new AbortController()
    const waiting = outcome({ ...underWay(), signal: ending.signal })
    await new Promise((resolve) => setImmediate(resolve))
    ending.abort()
    expect(await waiting).toBe('PROVIDER_RATE_LIMITED')
    expect(sent()).toBe(1)
  })
})

describe('the queue of an account', () => {
  test('lets an operation go that ends while it waits in it', async () => {
    let release = () => {}
    const held = new Promise<void>((resolve) => (release = resolve))
    const { outcome, traffic, sent } = trafficTo(() => held.then(() => answered(200)), { providerConcurrency: 1 })
    let firstIsOver = false
    const first = outcome().then(() => (firstIsOver = true))
    const ending = new AbortController()
    const second = outcome(ending)
    await new Promise((resolve) => setImmediate(resolve))
    expect(traffic.health()).toMatchObject({ underWay: 1, waiting: 1 })
    ending.abort()
    await second
    expect(firstIsOver).toBe(false)
    release()
    await first
    expect(sent()).toBe(1)
  })

  test('moves on past those that have left it', async () => {
    let release = () => {}
    const held = new Promise<void>((resolve) => (release = resolve))
    const { outcome, traffic, sent } = trafficTo(() => held.then(() => answered(200)), { providerConcurrency: 1 })
    const ending = new AbortController()
    const first = outcome()
    const leaving = Array.from({ length: 5 }, () => outcome(ending))
    const staying = outcome()
    await new Promise((resolve) => setImmediate(resolve))
    ending.abort()
    await Promise.all(leaving)
    release()
    expect(await Promise.all([first, staying])).toEqual(['200', '200'])
    expect(sent()).toBe(2)
    expect(traffic.health()).toMatchObject({ underWay: 0, waiting: 0 })
  })

  test('is bounded', async () => {
    let release = () => {}
    const held = new Promise<void>((resolve) => (release = resolve))
    const { outcome } = trafficTo(() => held.then(() => answered(200)), { providerConcurrency: 2, providerQueue: 3 })
    const outcomes = Array.from({ length: 6 }, () => outcome())
    expect(await outcomes[5]).toBe('SERVICE_UNAVAILABLE')
    release()
    expect(await Promise.all(outcomes.slice(0, 5))).toEqual(Array(5).fill('200'))
  })
})

describe('a wait that is named', () => {
  const underWay = (milliseconds = 8_000): Asking => ({ endsAt: performance.now() + milliseconds })
  const named = (wait: string) => ({ 'retry-after': wait })

  test.each([
    [503, 'PROVIDER_UNAVAILABLE'],
    [500, 'PROVIDER_UNAVAILABLE'],
    [408, 'PROVIDER_UNAVAILABLE'],
    [425, 'PROVIDER_UNAVAILABLE'],
    [403, 'PROVIDER_RATE_LIMITED'],
    [429, 'PROVIDER_RATE_LIMITED'],
  ])('with %i is kept, and told to everybody meanwhile', async (status, code) => {
    const { ask, outcome, traffic, sent } = trafficTo(() => answered(status, named('30')))
    expect(await ask(underWay())).toMatchObject({ status })
    for (let turn = 0; turn < 3; turn += 1) {
      const told = (await ask(underWay()).catch((error: unknown) => error)) as ProviderError
      expect(told).toMatchObject({ code, retryable: true, unsent: true })
      expect(told.retryAfterMs).toBeGreaterThan(29_000)
      expect(told.retryAfterMs).toBeLessThanOrEqual(30_000)
    }
    await outcome({ ...underWay(), repeatable: false })
    expect(sent()).toBe(1)
    expect(traffic.health()).toMatchObject({ circuit: 'CLOSED', rateLimitResetAt: expect.any(Number) })
  })

  test.each([503, 502, 408, 425, 403])('with %i is waited for where there is time', async (status) => {
    const { outcome, sent } = trafficTo(() => (sent() === 1 ? answered(status, named('0.05')) : answered(200)))
    expect(await outcome(underWay())).toBe('200')
    expect(sent()).toBe(2)
  })

  test.each([401, 404, 400, 200, 302])('with %i holds nothing back', async (status) => {
    const { outcome, sent } = trafficTo(() => answered(status, named('30')))
    for (let turn = 0; turn < 3; turn += 1) expect(await outcome(underWay())).toBe(String(status))
    expect(sent()).toBe(3)
  })

  test('in words that nobody can read is a minute', async () => {
    const { ask } = trafficTo(() => answered(503, named('in a moment')))
    await ask(underWay())
    const told = (await ask(underWay()).catch((error: unknown) => error)) as ProviderError
    expect(told.retryAfterMs).toBeGreaterThan(59_000)
  })

  test('by many at once opens no circuit: everybody is answered when it is over', async () => {
    let isDown = true
    const { outcome, traffic } = trafficTo(() => (isDown ? answered(503, named('0.1')) : answered(200)), {
      providerConcurrency: 20,
      retryBudgetFloor: 20,
    })
    const outcomes = Array.from({ length: 20 }, () => outcome(underWay()))
    await new Promise((resolve) => setImmediate(resolve))
    isDown = false
    expect(await Promise.all(outcomes)).toEqual(Array(20).fill('200'))
    expect(traffic.health().circuit).toBe('CLOSED')
  })
})

describe('a request that the server had not got whole', () => {
  test.each([408, 425])('(%i) is sent again, and a write is not', async (status) => {
    const reading = trafficTo(() => (reading.sent() === 1 ? answered(status) : answered(200)))
    expect(await reading.outcome()).toBe('200')
    expect(reading.sent()).toBe(2)
    const writing = trafficTo(() => answered(status))
    expect(await writing.outcome({ repeatable: false })).toBe(String(status))
    expect(writing.sent()).toBe(1)
  })
})
