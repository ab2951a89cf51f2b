import { randomUUID } from 'node:crypto'
import { ServerResponse, type IncomingMessage, type Server } from 'node:http'
import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'

import type { ApolloServer } from '@apollo/server'
import type { FastifyRequest } from 'fastify'
import { CloseCode, GRAPHQL_TRANSPORT_WS_PROTOCOL, type SubscribePayload } from 'graphql-ws'
import { WebSocketServer, type WebSocket } from 'ws'

import type { Clock } from '../../clock.js'
import { InvalidInput } from '../../errors.js'
import { seesOwnOnly } from '../../graphql/scope.js'
import type { Operation } from '../../operation.js'
import type { Admission } from '../callers/admission.js'
import type { Caller } from '../callers/caller.js'
import type { Config } from '../config/config.js'
import type { FormatError } from '../endpoint/error-formatter.js'
import { askApollo } from '../endpoint/graphql-over-http.js'
import type { Upgrades } from '../endpoint/graphql-route.js'
import type { PersistedOperations } from '../endpoint/persisted-operations.js'
import { readingDemand } from '../endpoint/reading-demand.js'
import type { EndedOperation } from '../observing/metrics-requests.js'
import type { Log } from '../observing/log.js'
import { markUpgraded } from '../web/connections.js'
import { respondWithError, type ErrorStatuses } from '../web/error-response.js'
import { timedOperation } from '../web/operation.js'
import { SWITCHING_PROTOCOLS, type Routes } from '../web/routes.js'
import type { StreamConnections } from './connections.js'
import type { SubscriptionEngine } from './engine.js'
import { preparedIn, type SubscriptionContext } from './prepare.js'
import { WebSocketConnection } from './websocket-connection.js'
import type { AskingOperation, OpeningRequest, WebSocketConnectionOptions } from './websocket-options.js'

export interface WebSocketsOptions<Ctx extends SubscriptionContext> {
  readonly apollo: ApolloServer<Ctx>
  readonly engine: SubscriptionEngine
  readonly connections: StreamConnections
  readonly admission: Pick<Admission, 'identify' | 'count'>
  readonly createContext: (operation: Operation, caller: Caller) => Ctx
  /** What is wrong with an operation, before it is read. */
  readonly refusal: PersistedOperations['refusal']
  readonly formatError: FormatError
  readonly limits: Pick<Config['limits'], 'live' | 'operationTimeoutMs' | 'requestBodyBytes' | 'responseTimeoutMs'>
  readonly clock: Clock
  readonly onSlow: () => void
  readonly onOperation: (ended: EndedOperation) => void
  readonly log: Log
  /** Within this time a client must have sent `connection_init`. Default: 3 s. */
  readonly initTimeoutMs?: number | undefined
}

/** WebSockets at `/graphql`. */
export interface WebSockets extends Upgrades, Routes {}

const INIT_TIMEOUT_MS = 3_000
/** For what is left in the buffer of a client that reads slowly. */
const CLOSING_MS = 10_000

export function webSockets<Ctx extends SubscriptionContext>(options: WebSocketsOptions<Ctx>): WebSockets {
  const { limits, connections, log } = options
  const upgrades = new WeakMap<IncomingMessage, { readonly socket: Duplex; readonly head: Buffer }>()
  // Its published types are older than its time to close.
  const settings = { noServer: true, perMessageDeflate: false, autoPong: false, clientTracking: false }
  const server = new WebSocketServer({
    ...settings,
    ...({ closeTimeout: CLOSING_MS } as object),
    maxPayload: limits.requestBodyBytes,
    handleProtocols: (offered) => offered.has(GRAPHQL_TRANSPORT_WS_PROTOCOL) && GRAPHQL_TRANSPORT_WS_PROTOCOL,
  })

  const connectionOptions: WebSocketConnectionOptions = {
    ...{ clock: options.clock, onSlow: options.onSlow, ask },
    begin: ({ subscription, requestId }, caller, subscriber, opening) =>
      options.engine.begin({
        ...{ subscription: subscription!, requestId, caller, subscriber, transport: 'websocket' },
        explain: readingFor(opening, caller).journal !== null,
      }),
    formatError: (error, { id }) => options.formatError(error, id),
    bufferBytes: limits.live.eventBufferBytes,
    stalledMs: limits.responseTimeoutMs,
    operations: limits.live.subscriptionsPerConnection,
    initTimeoutMs: options.initTimeoutMs ?? INIT_TIMEOUT_MS,
    onDefect: (error, { id }) => log.defect(id, error),
  }

  /** A function of its own: nothing else that is made for a connection may hold the request. */
  const identifier = (request: FastifyRequest) => (authorization: string | undefined) =>
    options.admission.identify(request, authorization)

  function open(socket: WebSocket, stream: Duplex, request: FastifyRequest): void {
    if (socket.protocol !== GRAPHQL_TRANSPORT_WS_PROTOCOL) {
      socket.on('error', () => {})
      return socket.close(CloseCode.SubprotocolNotAcceptable, 'Subprotocol not acceptable')
    }
    const { caller, id, trace, headers } = request
    const kept = { 'cache-control': headers['cache-control'], 'x-dialgraph-explain': headers['x-dialgraph-explain'] }
    const opening = { request: { id, trace, headers: kept }, caller, identify: identifier(request) }
    const connection = new WebSocketConnection(socket, stream, opening, connectionOptions)
    const remove = connections.add(connection)
    socket.once('close', remove)
  }

  /** Asks as a POST would, each time as a request of its own. */
  function ask(payload: SubscribePayload, caller: Caller, opening: OpeningRequest): AskingOperation {
    options.admission.count(caller)
    const { query, ...rest } = payload
    // What is asked by its id has no text, which the protocol wants nevertheless.
    const body = query === '' ? rest : { query, ...rest }
    const message = options.refusal({ method: 'POST', body, search: '' })
    if (message !== null) throw new InvalidInput(message)
    const requestId = randomUUID()
    const beganAt = performance.now()
    const parts = { requestId, trace: opening.trace, ...readingFor(opening, caller) }
    const { operation, end, abandon } = timedOperation(limits.operationTimeoutMs, parts)
    operation.subscription = { prepared: null }
    const asked = { method: 'POST', headers: { 'content-type': 'application/json' }, search: '', body }
    const answering = askApollo(options.apollo, asked, options.createContext(operation, caller))
    const done = answering.finally(end).then((answer) => {
      const summary = operation.summary ?? null
      const ended = { status: answer.status, durationMs: performance.now() - beganAt, codes: summary?.codes ?? [] }
      options.onOperation({ ...ended, operation: summary })
      log.operation({
        ...{ ...ended, requestId, method: 'WEBSOCKET', durationMs: Math.round(ended.durationMs) },
        operation: summary?.operation ?? null,
      })
      // An unknown id of an automatic persisted query is answered with 200, over HTTP too.
      const isRefused = answer.status >= 400 || summary === null || summary.kind === null
      return { answer, isRefused, subscription: preparedIn(operation), requestId }
    })
    return { done, abandon }
  }

  return {
    isUpgrade: ({ raw }) => upgrades.has(raw),
    accept(request, reply) {
      try {
        connections.assertRoom()
      } catch (error) {
        return respondWithError(request, reply, error, { statuses: STATUSES, log })
      }
      const { socket, head } = upgrades.get(request.raw)!
      const { raw: response } = reply.code(SWITCHING_PROTOCOLS).hijack()
      response.detachSocket(socket as Socket)
      markUpgraded(socket)
      server.handleUpgrade(request.raw, socket, head, (upgraded) => open(upgraded, socket, request))
      // For whoever waits for the end of the request: what follows is none.
      response.emit('close')
      return reply
    },
    register(app) {
      app.server.on('upgrade', (request: IncomingMessage, socket: Socket, head: Buffer) => {
        if (!isHandshake(request)) return serveWithoutUpgrade(app.server, request, socket, head)
        upgrades.set(request, { socket, head })
        socket.on('error', () => {})
        // Through all hooks, as any request; whatever refuses it answers it, and that is its end.
        const response = new ServerResponse(request)
        response.shouldKeepAlive = false
        response.assignSocket(socket)
        response.once('finish', () => socket.end())
        app.routing(request, response)
      })
    },
  }
}

const STATUSES: ErrorStatuses = { byCode: { SERVICE_UNAVAILABLE: 503 }, otherwise: 500 }

/** What was read to find out whose an object is would tell that it is there. */
function readingFor({ headers }: OpeningRequest, { viewer }: Caller) {
  const { demand, journal = null } = readingDemand(headers)
  return { ...(demand && { demand }), journal: seesOwnOnly(viewer.scopes) ? null : journal }
}

const isHandshake = ({ method, headers }: IncomingMessage): boolean =>
  method === 'GET' && headers.upgrade?.toLowerCase() === 'websocket'

/** Headers of an upgrade that is not made. */
const OF_UPGRADE: ReadonlySet<string> = new Set(['upgrade', 'connection', 'http2-settings'])

/**
 * Serves a request as if it had not offered another protocol (RFC 9110 §7.8): Java's client offers
 * HTTP/2 with its first request. Node has stopped reading it, so it is given to a new parser.
 */
function serveWithoutUpgrade(server: Server, request: IncomingMessage, socket: Socket, head: Buffer): void {
  const { method, url, httpVersion, rawHeaders } = request
  const lines = [`${method} ${url} HTTP/${httpVersion}`]
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = rawHeaders[at]!
    if (!OF_UPGRADE.has(name.toLowerCase())) lines.push(`${name}: ${rawHeaders[at + 1]}`)
  }
  socket.unshift(Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1'), head]))
  server.emit('connection', socket)
}
