import { setTimeout as delay } from 'node:timers/promises'

import { Pool } from 'undici'

import { deliveryOf, documentOf, EVENTS_AT_ONCE, requireTold, type Asking, type Delivery } from './question.js'
import type { LiveServer } from './servers.js'
import { subscriber, type Subscriber, type Transport } from './subscriber.js'

/** What was delivered between two moments. */
export interface Delivered {
  /** Results that subscribers who read received. */
  readonly count: number
  readonly seconds: number
  /** From the webhook to the subscriber, ms. */
  readonly p50: number
  readonly p99: number
}

export interface CrowdOptions {
  readonly server: LiveServer
  readonly url: string
  readonly transport: Transport
  readonly asking: Asking
  readonly subscribers: number
}

/** Subscribers who are opened at once, and deliveries that are under way at once. */
const OPENED_AT_ONCE = 50
const UNDER_WAY = 8
/** A result that has not come by then is taken for lost. */
const LOST_AFTER_MS = 30_000
/** Nothing is on its way any more when nothing has come for so long. */
const QUIET_MS = 500
/** Latencies are counted in steps of so many ms. */
const STEP_MS = 0.1
const HOUR_MS = 3_600_000

/** No two events of a run are the same, and no two have happened at the same time, whoever is told of them. */
const events = { posted: 0, lastAt: 0 }

/** The provider that delivers, and everybody who subscribes: all on one core, and so as cheap as can be. */
export class Crowd {
  readonly #options: CrowdOptions
  readonly #webhook: Pool
  readonly #path: string
  readonly #subscribers: Subscriber[] = []
  /** By the millisecond of the hour at which an event occurred, which no two events share. */
  readonly #postedAt = new Float64Array(HOUR_MS)
  readonly #missing = new Int32Array(HOUR_MS)
  #steps = new Uint32Array(LOST_AFTER_MS / STEP_MS)
  #count = 0
  #receivedAt = 0
  #underWay = 0
  #failure: unknown = null
  /** Called when a delivery has reached everybody. */
  #onDone: () => void = () => {}
  /** Of the first subscriber, while somebody wants to see them. */
  #texts: string[] | null = null

  private constructor(options: CrowdOptions, webhook: string) {
    this.#options = options
    const { origin, pathname } = new URL(webhook)
    this.#webhook = new Pool(origin, { connections: UNDER_WAY })
    this.#path = pathname
  }

  /** Opens all, and resolves once each has been told something; throws when the first was told something wrong. */
  static async gather(options: CrowdOptions, webhook: string, slow = 0): Promise<Crowd> {
    const crowd = new Crowd(options, webhook)
    const { server, url, transport, asking, subscribers } = options
    const told = new Uint8Array(subscribers)
    for (let first = 0; first < subscribers; first += OPENED_AT_ONCE) {
      const indexes = Array.from({ length: Math.min(OPENED_AT_ONCE, subscribers - first) }, (_, index) => first + index)
      const opening = indexes.map((index) => {
        const document = documentOf(asking, index, index >= subscribers - slow)
        return subscriber({
          ...{ url, transport, document, headers: server.headers },
          onResult(bytes, from, to) {
            told[index] = 1
            crowd.#receive(bytes, from, to, index)
          },
        })
      })
      crowd.#subscribers.push(...opening)
      await Promise.all(opening.map(({ opened }) => opened))
    }
    // Nothing tells that a subscription over a WebSocket has begun, but its first event.
    for (const began = performance.now(); told.includes(0);) {
      if (performance.now() - began > LOST_AFTER_MS) throw new Error('not everybody is told of events')
      await crowd.#post()
      await delay(100)
    }
    while (events.posted % EVENTS_AT_ONCE !== 0) await crowd.#post()
    // Some of these were not for everybody, so nothing tells that all have come but that no more come.
    while (performance.now() - crowd.#receivedAt < QUIET_MS) await delay(50)
    crowd.#underWay = 0
    await crowd.#compare()
    return crowd
  }

  /** From now on these, the last to come, read nothing, and nobody waits for them. */
  pause(count: number): Subscriber[] {
    return this.#subscribers.splice(-count).map((one) => {
      one.pause()
      return one
    })
  }

  /** Delivers as fast as everybody receives, but no more than `most` a second. */
  async saturate(seconds: number, most = Infinity): Promise<Delivered> {
    return this.#measured(async () => {
      const end = performance.now() + seconds * 1000
      const began = performance.now()
      const from = events.posted
      while (performance.now() < end) {
        const late = (events.posted - from) / (most / 1000) - (performance.now() - began)
        if (late > 0) await delay(late)
        else if (this.#underWay < UNDER_WAY) void this.#post().catch((error: unknown) => (this.#failure ??= error))
        else await this.#untilDone()
      }
    })
  }

  /** Delivers at a steady pace, whatever becomes of it. */
  async pace(seconds: number, perSecond: number): Promise<Delivered> {
    return this.#measured(async () => {
      const began = performance.now()
      for (let index = 0; index < seconds * perSecond; index++) {
        await delay(Math.max(0, began + (index * 1000) / perSecond - performance.now()))
        void this.#post().catch((error: unknown) => (this.#failure ??= error))
      }
    })
  }

  async close(): Promise<void> {
    for (const one of this.#subscribers) one.close()
    await this.#webhook.destroy()
  }

  async #measured(work: () => Promise<void>): Promise<Delivered> {
    this.#steps = new Uint32Array(LOST_AFTER_MS / STEP_MS)
    const before = this.#count
    const began = performance.now()
    await work()
    await this.#allDone()
    const seconds = (performance.now() - began) / 1000
    return { count: this.#count - before, seconds, p50: this.#percentile(0.5), p99: this.#percentile(0.99) }
  }

  async #allDone(): Promise<void> {
    const since = performance.now()
    while (this.#underWay > 0) {
      if (this.#failure !== null) throw new Error('an event could not be delivered', { cause: this.#failure })
      const ended = this.#subscribers.filter((one) => one.isEnded()).length
      if (ended > 0) throw new Error(`${ended} subscribers lost their connections`)
      if (performance.now() - since > LOST_AFTER_MS) throw new Error(`${this.#underWay} events did not reach everybody`)
      await this.#untilDone()
    }
  }

  /** Resolves when the next delivery has reached everybody, or soon. */
  async #untilDone(): Promise<void> {
    await new Promise<void>((resolve) => {
      const late = setTimeout(resolve, 250)
      this.#onDone = () => {
        clearTimeout(late)
        resolve()
      }
    })
  }

  async #post(): Promise<Delivery> {
    // Whole seconds are written without their milliseconds by some.
    do events.lastAt = Math.max(Date.now(), events.lastAt + 1)
    while (events.lastAt % 1000 === 0)
    const delivery = deliveryOf(events.posted++, events.lastAt)
    const at = events.lastAt % HOUR_MS
    this.#missing[at] = this.#subscribers.length
    this.#underWay += 1
    this.#postedAt[at] = performance.now()
    const { statusCode, body } = await this.#webhook.request({
      ...{ method: 'POST', path: this.#path, body: JSON.stringify(delivery) },
      headers: { 'content-type': 'application/json' },
    })
    await body.dump()
    if (statusCode !== 204) throw new Error(`a delivery was answered ${statusCode}`)
    return delivery
  }

  #receive(bytes: Buffer, from: number, to: number, index: number): void {
    const at = occurredAt(bytes, from)
    const steps = this.#steps
    this.#receivedAt = performance.now()
    const step = Math.floor((this.#receivedAt - this.#postedAt[at]!) / STEP_MS)
    steps[Math.min(step, steps.length - 1)]! += 1
    if (index === 0) this.#texts?.push(bytes.toString('utf8', from, to))
    if (index >= this.#subscribers.length) return
    this.#count += 1
    this.#missing[at]! -= 1
    if (this.#missing[at] !== 0) return
    this.#underWay -= 1
    this.#onDone()
  }

  async #compare(): Promise<void> {
    this.#texts = []
    const deliveries: Delivery[] = []
    while (deliveries.length < EVENTS_AT_ONCE) deliveries.push(await this.#post())
    await this.#allDone()
    const texts = this.#texts.map(resultIn)
    this.#texts = null
    requireTold(this.#options.asking, 0, deliveries, texts)
  }

  #percentile(share: number): number {
    const all = this.#steps.reduce((sum, count) => sum + count, 0)
    if (all === 0) return Number.NaN
    let before = 0
    const step = this.#steps.findIndex((count) => (before += count) > all * share)
    return (step < 0 ? this.#steps.length : step + 0.5) * STEP_MS
  }
}

const OCCURRED_AT = Buffer.from('"occurredAt":"')
/** `2026-01-31T12:`, before the minutes. */
const BEFORE_MINUTES = 14

/** The millisecond of the hour at which the event of a result occurred. */
function occurredAt(bytes: Buffer, from: number): number {
  const at = bytes.indexOf(OCCURRED_AT, from) + OCCURRED_AT.length + BEFORE_MINUTES
  const digit = (offset: number) => bytes[at + offset]! - 0x30
  const [minutes, seconds] = [digit(0) * 10 + digit(1), digit(3) * 10 + digit(4)]
  return (minutes * 60 + seconds) * 1000 + digit(6) * 100 + digit(7) * 10 + digit(8)
}

/** The result alone: over a WebSocket it stands in a message. */
function resultIn(text: string): string {
  const message = JSON.parse(text) as { type?: string; payload?: unknown }
  return message.type === 'next' ? JSON.stringify(message.payload) : text
}
