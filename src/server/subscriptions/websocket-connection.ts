import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'

import type { ExecutionResult, GraphQLFormattedError } from 'graphql'
import { CloseCode, MessageType, parseMessage, type Message, type SubscribePayload } from 'graphql-ws'
import { WebSocket, type RawData } from 'ws'

import { AppError } from '../../errors.js'
import type { Caller } from '../callers/caller.js'
import { isDeep } from '../web/request-bodies.js'
import { Backlog } from './backlog.js'
import type { StreamConnection } from './connections.js'
import { Payload } from './payload.js'
import { KEEP_ALIVE_MS } from './stream-response.js'
import type { Subscriber, SubscriptionEnd } from './subscription.js'
import { nextFrames } from './websocket-frames.js'
import type {
  Asked,
  AskingOperation,
  Opening,
  OpeningRequest,
  WebSocketConnectionOptions,
} from './websocket-options.js'
import { CLOSINGS, refusalOf, SLOW, type Closing } from './websocket-close.js'

const LATE: Closing = [CloseCode.ConnectionInitialisationTimeout, 'Connection initialisation timeout']

/** What is wrong with a frame is closed by the socket itself. */
const ignore = (): void => {}

/** An id is repeated in each frame. */
const LONGEST_ID = 128

/**
 * One connection of the protocol graphql-transport-ws. Its loop is ours, with the parser and the
 * codes of graphql-ws: the server of that package serializes a result for each subscriber anew,
 * knows no bound for what a client leaves unread, and lets an error of ours end the connection.
 */
export class WebSocketConnection implements StreamConnection {
  readonly transport = 'websocket'
  caller: Caller | null = null
  readonly #socket: WebSocket
  /** What the WebSocket writes to, whole frames at once, as nothing is compressed. */
  readonly #stream: Duplex
  readonly #backlog: Backlog
  readonly #options: WebSocketConnectionOptions
  /** By their ids: those that are being prepared, too. */
  readonly #operations = new Map<string, (how: SubscriptionEnd) => void>()
  readonly #opening: OpeningRequest
  /** Null once it is over. */
  #initTimer: NodeJS.Timeout | null
  /** Null once it is known who the client is. */
  #unidentified: Opening | null
  #isInitialized = false
  #ended: SubscriptionEnd | null = null
  #isAlive = true
  #pingedAt: number
  #drained: (() => void)[] = []

  constructor(socket: WebSocket, stream: Duplex, opening: Opening, options: WebSocketConnectionOptions) {
    this.#socket = socket
    this.#stream = stream
    this.#backlog = new Backlog(stream as Socket)
    this.#options = options
    this.#opening = opening.request
    this.#unidentified = opening
    this.#pingedAt = options.clock.monotonic()
    this.#initTimer = setTimeout(() => this.#end('client', LATE), options.initTimeoutMs)
    socket.on('message', (data, isBinary) => void this.#receive(data, isBinary).catch((error) => this.#fail(error)))
    // Not by the socket itself, which would queue an answer to each without end.
    socket.on('ping', () => this.#send(null))
    socket.on('pong', () => (this.#isAlive = true))
    stream.on('drain', () => this.#release())
    socket.on('error', ignore)
    socket.once('close', () => this.#over('client'))
  }

  beat(): void {
    const { clock, stalledMs } = this.#options
    const now = clock.monotonic()
    if (this.#backlog.look(now) >= stalledMs) return this.terminate()
    // A ping waits behind all that is still to be read.
    if (this.#backlog.isRead) this.#isAlive = true
    if (this.#ended || now - this.#pingedAt < KEEP_ALIVE_MS) return
    if (!this.#isAlive) return this.terminate()
    this.#isAlive = false
    this.#pingedAt = now
    this.#socket.ping()
  }

  close(reason: 'revoked' | 'expired' | 'stopping'): void {
    this.#end(reason, CLOSINGS[reason])
  }

  terminate(): void {
    this.#socket.terminate()
  }

  #end(how: SubscriptionEnd, [code, reason]: Closing): void {
    if (this.#ended) return
    this.#over(how)
    this.#socket.close(code, reason)
  }

  #over(how: SubscriptionEnd): void {
    this.#endOpening()
    if (this.#ended) return
    this.#ended = how
    for (const stop of [...this.#operations.values()]) stop(how)
    this.#operations.clear()
    this.#release()
  }

  #endOpening(): void {
    if (this.#initTimer) clearTimeout(this.#initTimer)
    this.#initTimer = null
    this.#unidentified = null
  }

  #fail(error: unknown): void {
    this.#options.onDefect(error, this.#opening)
    this.#end('failed', [CloseCode.InternalServerError, 'Internal server error'])
  }

  #fallBehind(): void {
    if (this.#ended) return
    this.#options.onSlow()
    this.#end('slow', SLOW)
  }

  async #receive(data: RawData, isBinary: boolean): Promise<void> {
    if (this.#ended) return
    this.#isAlive = true
    const message = isBinary ? null : readMessage((data as Buffer).toString())
    switch (message?.type) {
      case MessageType.ConnectionInit:
        return this.#initialize(message.payload ?? {})
      case MessageType.Ping:
        return this.#send(
          JSON.stringify({ type: MessageType.Pong, ...(message.payload && { payload: message.payload }) }),
        )
      case MessageType.Pong:
        return
      case MessageType.Subscribe:
        return this.#subscribe(message.id, message.payload)
      case MessageType.Complete:
        this.#operations.get(message.id)?.('client')
        return void this.#operations.delete(message.id)
      default:
        return this.#end('client', [CloseCode.BadRequest, 'Invalid message received'])
    }
  }

  async #initialize(payload: Readonly<Record<string, unknown>>): Promise<void> {
    if (this.#isInitialized) {
      return this.#end('client', [CloseCode.TooManyInitialisationRequests, 'Too many initialisation requests'])
    }
    this.#isInitialized = true
    const given = payload['authorization'] ?? payload['Authorization']
    const authorization = typeof given === 'string' ? given : undefined
    const { caller: known, identify } = this.#unidentified!
    let caller = given === undefined ? known : null
    try {
      caller ??= await identify(authorization)
    } catch (error) {
      return this.#end('client', refusalOf(error, authorization))
    }
    if (this.#ended) return
    this.#endOpening()
    this.caller = caller
    this.#send(JSON.stringify({ type: MessageType.ConnectionAck }))
  }

  async #subscribe(id: string, payload: SubscribePayload): Promise<void> {
    const { caller } = this
    if (!caller) return this.#end('client', [CloseCode.Unauthorized, 'Unauthorized'])
    if (id.length > LONGEST_ID) return this.#end('client', [CloseCode.BadRequest, 'The id is too long'])
    if (this.#operations.has(id)) {
      return this.#end('client', [
        CloseCode.SubscriberAlreadyExists,
        `Subscriber for ${id} already exists`.slice(0, 120),
      ])
    }
    let asking: AskingOperation | null = null
    const stop = () => asking?.abandon()
    const isGone = () => this.#operations.get(id) !== stop
    try {
      if (this.#operations.size >= this.#options.operations) throw tooMany(this.#options.operations)
      asking = this.#options.ask(payload, caller, this.#opening)
      this.#operations.set(id, stop)
      const asked = await asking.done
      if (isGone()) return
      if (asked.subscription) return this.#begin(id, asked, caller)
      this.#operations.delete(id)
      this.#answer(id, asked)
    } catch (error) {
      if (asking && isGone()) return
      this.#operations.delete(id)
      this.#sendError(id, [this.#options.formatError(error, this.#opening)])
    }
  }

  #begin(id: string, asked: Asked, caller: Caller): void {
    const idBytes = idOf(id)
    const subscriber: Subscriber = {
      next: (payload) => this.#sendNext(idBytes, payload),
      drained: () => this.#untilDrained(),
      complete: () => this.#complete(id),
      fallBehind: () => this.#fallBehind(),
    }
    const subscription = this.#options.begin(asked, caller, subscriber, this.#opening)
    this.#operations.set(id, (how) => subscription.stop(how))
  }

  #answer(id: string, { answer: { text }, isRefused }: Asked): void {
    if (isRefused) {
      const { errors = [] } = JSON.parse(text) as ExecutionResult
      return this.#sendError(id, errors as readonly unknown[] as readonly GraphQLFormattedError[])
    }
    this.#sendNext(idOf(id), new Payload(text))
    this.#complete(id)
  }

  #sendError(id: string, payload: readonly GraphQLFormattedError[]): void {
    this.#send(JSON.stringify({ id, type: MessageType.Error, payload }))
  }

  #complete(id: string): void {
    this.#operations.delete(id)
    this.#send(JSON.stringify({ id, type: MessageType.Complete }))
  }

  /** Null: the answer to a ping of the WebSocket itself. */
  #send(message: string | null): void {
    if (!this.#canSend()) return
    if (message === null) this.#socket.pong()
    else this.#socket.send(message)
  }

  /** Past the WebSocket, which would make a frame of each message, and two writes of each frame. */
  #sendNext(id: Buffer, payload: Payload): void {
    if (this.#canSend()) this.#stream.write(nextFrames(id, payload))
  }

  #canSend(): boolean {
    if (this.#ended || this.#socket.readyState !== WebSocket.OPEN) return false
    // Before anything is added: what is larger than the bound must be deliverable, too.
    if (this.#socket.bufferedAmount <= this.#options.bufferBytes) return true
    this.#fallBehind()
    return false
  }

  #hasRoom(): boolean {
    return this.#socket.bufferedAmount <= this.#options.bufferBytes / 2
  }

  #untilDrained(): Promise<void> | undefined {
    return this.#ended || this.#hasRoom() ? undefined : new Promise((resolve) => this.#drained.push(resolve))
  }

  #release(): void {
    for (const resolve of this.#drained.splice(0)) resolve()
  }
}

/** Null for what is no message that a client may send. */
function readMessage(text: string): Message | null {
  if (isDeep(text)) return null
  try {
    return parseMessage(text)
  } catch {
    return null
  }
}

const idOf = (id: string): Buffer => Buffer.from(JSON.stringify(id))

const tooMany = (most: number): AppError =>
  new AppError('RATE_LIMITED', `This connection has ${most} operations, as many as it may. End one of them first.`)
