import type { Dispatcher } from 'undici'

import type { EndSignal } from '../../ending.js'
import { BulkheadFull, type Bulkhead } from '../../bulkhead.js'
import type { Clock } from '../../clock.js'
import { ServiceUnavailable } from '../../errors.js'
import type { HttpRequest, HttpResponse } from '../http.js'
import { tooLarge, type BodyLimits } from './body-limits.js'
import { bodyText } from './body-text.js'
import type { RawHeaders } from './content-codings.js'
import { proxyRefuses, translate } from './failed-exchange.js'
import type { Way, Ways } from './ways.js'

/** All requests to one origin share these. */
export interface OriginPlaces {
  readonly origin: string
  readonly host: string
  readonly places: Bulkhead
}

/** What all exchanges of a sender share. */
export interface ExchangeServices {
  readonly ways: Ways
  readonly limits: BodyLimits
  readonly clock: Clock
}

/** One exchange as it was asked for. */
export interface AskedExchange {
  readonly request: HttpRequest
  /** Path and query. */
  readonly target: string
  readonly at: OriginPlaces
  readonly timeoutMs: number
  readonly signal: EndSignal | undefined
}

const REQUEST_TIMEOUT = 408
const PROXY_AUTHENTICATION_REQUIRED = 407
const NOTHING = Buffer.alloc(0)

/**
 * One exchange, from its turn to its last byte. It is all there is for it: what waits in the queue,
 * what has the deadline, what the signal tells and what the connection hands the response to. A
 * controller, a stream or closures of its own for each of these cost more than the exchange itself.
 */
export class Exchange implements Dispatcher.DispatchHandler {
  readonly #services: ExchangeServices
  readonly #asked: AskedExchange
  readonly #headers: Readonly<Record<string, string>>
  readonly #resolve: (response: HttpResponse) => void
  readonly #reject: (error: Error) => void
  #isOver = false
  #hasPlace = false
  #unsent = true
  #isLate = false
  #isProxied = false
  #timer: NodeJS.Timeout | null = null
  #leaveQueue: (() => void) | null = null
  #connection: Dispatcher.DispatchController | null = null
  #head: RawHeaders | null = null
  #status = 0
  #receivedAt = 0
  #first: Buffer = NOTHING
  /** All of them, where there are several. */
  #chunks: Buffer[] | null = null
  #size = 0

  /** `headers` are all that are sent. It settles once, with the response or an AppError. */
  constructor(
    services: ExchangeServices,
    asked: AskedExchange,
    headers: Readonly<Record<string, string>>,
    resolve: (response: HttpResponse) => void,
    reject: (error: Error) => void,
  ) {
    this.#services = services
    this.#asked = asked
    this.#headers = headers
    this.#resolve = resolve
    this.#reject = reject
  }

  begin(): void {
    const { signal, timeoutMs, at } = this.#asked
    if (signal?.aborted) return this.#fail(signal.reason)
    signal?.addEventListener('abort', this, { once: true })
    this.#timer = setTimeout(late, timeoutMs, this).unref()
    if (at.places.enter()) return this.#go()
    try {
      this.#leaveQueue = at.places.queue(() => this.#go())
    } catch (error) {
      this.#fail(error)
    }
  }

  /** The signal is aborted. */
  handleEvent(): void {
    this.#fail(this.#asked.signal!.reason)
  }

  /** Its time is over. */
  late(): void {
    this.#isLate = true
    this.#fail(new DOMException(`It took more than ${this.#asked.timeoutMs} ms`, 'TimeoutError'))
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#connection = controller
    if (this.#isOver) return controller.abort(new Error('nobody waits for it any more'))
    this.#unsent = false
  }

  onResponseStart(controller: Dispatcher.DispatchController, status: number, headers: RawHeaders): void {
    // 1xx announces the response and is none.
    if (status < 200) return
    this.#head = headers
    this.#status = status
    this.#receivedAt = this.#services.clock.now()
    // The server is done with this connection, whether it says so or not (RFC 9110 §15.5.9).
    if (status !== REQUEST_TIMEOUT || /\bclose\b/i.test(String(headers['connection'] ?? ''))) return
    this.#read(NOTHING)
    controller.abort(new Error('the server has given this connection up'))
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.#isOver) return
    if (this.#size === 0) this.#first = chunk
    else (this.#chunks ??= [this.#first]).push(chunk)
    this.#size += chunk.length
    const { limits } = this.#services
    if (this.#size > limits.responseBytes) this.#fail(tooLarge(this.#asked.request, limits))
  }

  onResponseEnd(): void {
    this.#read(this.#chunks ? Buffer.concat(this.#chunks, this.#size) : this.#first)
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    this.#fail(error)
  }

  /** A place is there. */
  #go(): void {
    this.#hasPlace = true
    this.#leaveQueue = null
    const way = this.#services.ways.to(this.#asked.at.origin)
    if (!(way instanceof Promise)) return this.#dispatch(way)
    way.then((found) => this.#isOver || this.#dispatch(found)).catch((error: unknown) => this.#fail(error))
  }

  #dispatch({ dispatcher, isProxied }: Way): void {
    const { request, target, at } = this.#asked
    const { method, body = null } = request
    this.#isProxied = isProxied
    dispatcher.dispatch({ origin: at.origin, path: target, method, body, headers: this.#headers }, this)
  }

  /** The body is here, and nothing of the time-out or the signal counts any more. */
  #read(body: Buffer): void {
    if (this.#isOver) return
    this.#end()
    const { request } = this.#asked
    try {
      const text = bodyText(body, this.#head!, request, this.#services.limits)
      if (typeof text === 'string') return this.#answer(text)
      text.then(
        (unpacked) => this.#answer(unpacked),
        (error: unknown) => this.#refuse(error),
      )
    } catch (error) {
      this.#refuse(error)
    }
  }

  #answer(body: string): void {
    const { request } = this.#asked
    if (this.#isProxied && this.#status === PROXY_AUTHENTICATION_REQUIRED) return this.#refuse(proxyRefuses(request))
    this.#leave()
    this.#resolve({ body, status: this.#status, headers: flatten(this.#head!), receivedAt: this.#receivedAt })
  }

  #fail(error: unknown): void {
    if (this.#isOver) return
    this.#end()
    this.#connection?.abort(error as Error)
    this.#refuse(error)
  }

  #refuse(error: unknown): void {
    const { request, signal, timeoutMs, at } = this.#asked
    this.#leave()
    if (error instanceof BulkheadFull)
      return this.#reject(new ServiceUnavailable(`Too many requests to ${at.host} are waiting. Try again later.`))
    this.#reject(
      translate(error, request, {
        ...{ unsent: this.#unsent, headArrived: this.#head !== null, isLate: this.#isLate },
        ...{ signal, timeoutMs, isProxied: this.#isProxied },
      }),
    )
  }

  #end(): void {
    this.#isOver = true
    if (this.#timer) clearTimeout(this.#timer)
    this.#asked.signal?.removeEventListener('abort', this)
    this.#leaveQueue?.()
  }

  #leave(): void {
    if (!this.#hasPlace) return
    this.#hasPlace = false
    this.#asked.at.places.leave()
  }
}

const late = (exchange: Exchange): void => exchange.late()

/** Headers as one string each: repeated ones are joined (RFC 9110 §5.3). */
export function flatten(headers: RawHeaders): Readonly<Record<string, string>> {
  return isFlat(headers) ? headers : joined(headers)
}

function isFlat(headers: RawHeaders): headers is Readonly<Record<string, string>> {
  for (const name in headers) if (typeof headers[name] !== 'string') return false
  return true
}

function joined(headers: RawHeaders): Record<string, string> {
  const flat: Record<string, string> = {}
  for (const name in headers) {
    const value = headers[name]
    flat[name] = Array.isArray(value) ? value.join(', ') : (value ?? '')
  }
  return flat
}
