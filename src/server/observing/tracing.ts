import {
  context,
  propagation,
  ProxyTracerProvider,
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  trace,
  type Context,
} from '@opentelemetry/api'
import type { FastifyInstance } from 'fastify'

import type { TokenRequestRecord } from '../../auth/token-telemetry.js'
import type { ObservedExchange } from '../../http/observed-exchange.js'
import { Operation } from '../../operation.js'
import type { Routes } from '../web/routes.js'
import type { EndedRequest, RequestObserver } from './request-observation.js'
import { shownName } from './shown-name.js'

/**
 * Spans for an OpenTelemetry SDK that is registered in this process (`node --import ./otel.js …`);
 * without one it does next to nothing. A client's trace is continued, but no trace id is sent to
 * providers, who could join their logs to our clients'. Of the semantic conventions, attributes
 * with a path or query are left out: ours may contain a signed link, those of providers a phone
 * number.
 */
export interface Tracing extends Routes {
  readonly request: RequestObserver
  exchange(exchange: ObservedExchange): void
  tokenRequest(record: TokenRequestRecord): void
  /** An event that is executed for subscribers; ended with its error codes. */
  event(event: { readonly operation: string | null }): {
    readonly trace: unknown
    end(codes: readonly string[]): void
  }
}

/** Whether spans go anywhere: without an SDK every one of them would be made for nothing. */
function hasSdk(): boolean {
  const provider = trace.getTracerProvider()
  return !(provider instanceof ProxyTracerProvider) || provider.getDelegateTracer('dialgraph') !== undefined
}

/** Polled all the time, and of no interest. */
const UNTRACED: ReadonlySet<string> = new Set(['/healthz', '/readyz', '/metrics'])

/** `providerOf` gives the provider slug of a login key. */
export function createTracing(providerOf: (loginKey: string) => string | null): Tracing {
  const tracer = trace.getTracer('dialgraph')
  // Not the active context, which in a queue is that of the operation before: an operation has its
  // own.
  const contextOf = ({ operation }: ObservedExchange): Context =>
    ((operation instanceof Operation && operation.trace) || context.active()) as Context

  function sent(name: string, exchange: Sent, attributes: Record<string, string>, parent: Context): void {
    const { method, host, status, failure, durationMs } = exchange
    const endedAt = Date.now()
    const startTime = endedAt - durationMs
    const span = tracer.startSpan(name, { kind: SpanKind.CLIENT, startTime, attributes }, parent)
    if (!span.isRecording()) return
    const { hostname, port } = new URL(`https://${host}`)
    const isError = failure !== null || (status ?? 0) >= 400
    span.setAttributes({
      'http.request.method': method,
      'server.address': hostname,
      ...(port && { 'server.port': Number(port) }),
      ...(status !== null && { 'http.response.status_code': status }),
      ...(isError && { 'error.type': failure ?? String(status) }),
    })
    if (isError) span.setStatus({ code: SpanStatusCode.ERROR })
    span.end(endedAt)
  }

  return {
    request(request) {
      const route = request.routeOptions.url ?? 'none'
      if (!hasSdk() || UNTRACED.has(route)) return () => {}
      const parent = propagation.extract(ROOT_CONTEXT, request.headers)
      const span = tracer.startSpan(`${request.method} ${route}`, { kind: SpanKind.SERVER }, parent)
      if (!span.isRecording()) return () => {}
      request.trace = trace.setSpan(parent, span)
      return (ended) => {
        span.setAttributes({ ...describe(ended), 'dialgraph.request_id': request.id })
        if (isOurFault(ended)) span.setStatus({ code: SpanStatusCode.ERROR })
        span.end()
      }
    },
    exchange(exchange) {
      if (!hasSdk()) return
      const { provider, accountId } = exchange.source
      const attributes = { 'dialgraph.provider': provider, 'dialgraph.account_id': accountId }
      sent(`${exchange.method} ${provider}`, exchange, attributes, contextOf(exchange))
    },
    tokenRequest(record) {
      const provider = providerOf(record.key) ?? 'unknown'
      const attributes = { 'dialgraph.provider': provider, 'dialgraph.flow': record.flow }
      sent(`${record.method} ${provider} token`, record, attributes, context.active())
    },
    event({ operation }) {
      const span = tracer.startSpan('subscription event', { kind: SpanKind.INTERNAL }, ROOT_CONTEXT)
      if (!span.isRecording()) return { trace: null, end: () => {} }
      return {
        trace: trace.setSpan(ROOT_CONTEXT, span),
        end(codes) {
          span.setAttributes({ 'graphql.operation.type': 'subscription', ...operationOf(operation, codes) })
          if (codes.includes('INTERNAL_SERVER_ERROR')) span.setStatus({ code: SpanStatusCode.ERROR })
          span.end()
        },
      }
    },
    register(app: FastifyInstance) {
      // After the body: its events are emitted by the socket, outside any context.
      app.addHook('preHandler', (request, _reply, done) => {
        if (request.trace) context.with(request.trace as Context, done)
        else done()
      })
    },
  }
}

type Sent = Pick<ObservedExchange, 'method' | 'host' | 'status' | 'failure' | 'durationMs'>

function describe({
  method,
  route,
  status,
  operation,
  codes,
}: EndedRequest): Record<string, string | number | string[]> {
  return {
    'http.request.method': method,
    'http.route': route,
    'http.response.status_code': status,
    ...(operation?.kind && { 'graphql.operation.type': operation.kind }),
    ...operationOf(operation?.operation, codes),
  }
}

function operationOf(
  operation: string | null | undefined,
  codes: readonly string[],
): Record<string, string | string[]> {
  const name = shownName(operation)
  return {
    ...(name && { 'graphql.operation.name': name }),
    ...(codes.length > 0 && { 'error.type': codes[0]!, 'dialgraph.error_codes': [...codes] }),
  }
}

const isOurFault = ({ status, codes }: EndedRequest): boolean =>
  status >= 500 || codes.includes('INTERNAL_SERVER_ERROR')
