import type { EmulatorClock } from '../emulator.js'
import type { Agenda } from './agenda.js'
import type { Delivery, Webhook } from './live.js'

/** What is posted: `values` as JSON, or as a form. */
export interface Message {
  /** Of which call; null: of none, so that nothing keeps it in an order. */
  readonly call: string | null
  readonly values: Readonly<Record<string, unknown>>
  /** Of its call nothing follows. */
  readonly isLast?: boolean
}

/** Posts events to other servers as providers do, and remembers what was posted. */
export interface WebhookSender {
  readonly deliveries: readonly Delivery[]
  /** Resolves after the first attempt; never rejects. */
  post(webhook: Webhook, form: boolean, message: Message): Promise<void>
  settled(): Promise<void>
  reset(): void
}

/** A server that does not answer within this time, ms, does not answer. */
const PATIENCE = 10_000
const FIRST_WAIT = 1000
const DEFAULT_ATTEMPTS = 5

/** One delivery after the other, so that they arrive in the order that was wanted. */
export function createWebhookSender(clock: Pick<EmulatorClock, 'now'>, agenda: Agenda): WebhookSender {
  const deliveries: Posted[] = []
  let posting = Promise.resolve()
  let held = new Map<string, Message[]>()
  let generation = 0

  function inTurn(post: () => Promise<void>): Promise<void> {
    posting = posting.then(post)
    return posting
  }

  async function attempt(delivery: Posted, webhook: Webhook, of: number): Promise<void> {
    if (of !== generation) return
    delivery.attempts.push(clock.now())
    const { status, retryAfter } = await send(webhook, delivery)
    delivery.status = status
    const isRefused = status === null || status >= 500 || status === 429
    delivery.isDone = !isRefused || delivery.attempts.length >= (webhook.attempts ?? DEFAULT_ATTEMPTS)
    if (delivery.isDone || of !== generation) return
    const wait = retryAfter ?? FIRST_WAIT * 2 ** (delivery.attempts.length - 1)
    agenda.at(clock.now() + wait, () => void inTurn(() => attempt(delivery, webhook, of)))
  }

  /** What is to be posted now that this message is there. */
  function inOrder({ order = 'kept', url }: Webhook, message: Message): readonly Message[] {
    if (order === 'kept' || message.call === null) return [message]
    const key = `${message.call} ${url}`
    const waiting = [message, ...(held.get(key) ?? [])]
    const isComplete = message.isLast || (order === 'swapped' && waiting.length === 2)
    if (isComplete) held.delete(key)
    else held.set(key, waiting)
    return isComplete ? waiting : []
  }

  return {
    deliveries,
    async post(webhook, form, message) {
      const posts = inOrder(webhook, message).flatMap(({ values }) =>
        Array.from({ length: webhook.copies ?? 1 }, () => deliveryOf(webhook, form, values)),
      )
      const of = generation
      await Promise.all(
        posts.map((delivery) =>
          inTurn(() => {
            deliveries.push(delivery)
            return attempt(delivery, webhook, of)
          }),
        ),
      )
    },
    async settled() {
      for (let seen = null; seen !== posting;) await (seen = posting)
    },
    reset() {
      generation += 1
      deliveries.length = 0
      held = new Map()
    },
  }
}

interface Posted extends Delivery {
  status: number | null
  isDone: boolean
  readonly attempts: number[]
}

function deliveryOf({ url }: Webhook, form: boolean, values: Message['values']): Posted {
  const texts = Object.entries(values).flatMap(([name, value]) => asFields(name, value))
  return {
    url: masked(url),
    contentType: form ? 'application/x-www-form-urlencoded' : 'application/json',
    body: form ? new URLSearchParams(texts).toString() : JSON.stringify(values),
    values: form ? Object.fromEntries(texts) : values,
    status: null,
    attempts: [],
    isDone: false,
  }
}

/** Forms know texts only: null is an empty one, and what is within another has its name in brackets. */
function asFields(name: string, value: unknown): [string, string][] {
  if (typeof value !== 'object' || value === null) return [[name, value === null ? '' : String(value)]]
  return Object.entries(value).flatMap(([within, inner]) => asFields(`${name}[${within}]`, inner))
}

function masked(url: string): string {
  const { origin, pathname } = new URL(url)
  return `${origin}${pathname.replace(/[^/]+$/, '***')}`
}

async function send(
  { url, basic }: Webhook,
  { contentType, body }: Delivery,
): Promise<{ readonly status: number | null; readonly retryAfter: number | null }> {
  const login = basic && Buffer.from(`${basic.username}:${basic.password}`).toString('base64')
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': contentType, ...(login && { authorization: `Basic ${login}` }) },
      body,
      redirect: 'manual',
      signal: AbortSignal.timeout(PATIENCE),
    })
    await response.arrayBuffer()
    const seconds = response.headers.get('retry-after')
    return { status: response.status, retryAfter: seconds && /^\d+$/.test(seconds) ? Number(seconds) * 1000 : null }
  } catch {
    return { status: null, retryAfter: null }
  }
}
