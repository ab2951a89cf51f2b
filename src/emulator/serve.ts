import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { constants, gzipSync } from 'node:zlib'

import { createClock } from './clock.js'
import { control, isControl } from './control.js'
import type { EmulatorClock, EmulatorOptions, Fault, Faults, Journal, JournalEntry } from './emulator.js'
import type { EmulatedRequest, EmulatedResponse } from './exchange.js'
import { createFaults } from './faults.js'
import { createJournal } from './journal.js'

export type { EmulatedRequest, EmulatedResponse }

export interface Route {
  readonly method: string
  /** Matched against the whole path. */
  readonly pattern: RegExp
  readonly handle: (request: EmulatedRequest) => EmulatedResponse | Promise<EmulatedResponse>
}

export interface ServeSettings {
  readonly routes: readonly Route[]
  /** Which paths are token endpoints, for the journal. */
  readonly tokenPaths: RegExp
  /**
   * Whose live token a request carries, or null; noted in the journal, so that a test can prove
   * that no account used another's.
   */
  readonly accountOf: (request: EmulatedRequest) => string | null
  /** The API's response for an unknown path. */
  readonly notFound: (request: EmulatedRequest) => EmulatedResponse
  /** The content type of JSON responses; default `application/json; charset=utf-8`. */
  readonly jsonType?: string
  /** Called when a test has moved the clock. */
  readonly onClockMove?: () => void
  readonly options: EmulatorOptions
}

export interface EmulatedServer {
  readonly url: string
  readonly clock: EmulatorClock
  readonly journal: Journal
  readonly faults: Faults
  /** Resets journal, faults and clock. */
  reset(): void
  close(): Promise<void>
}

/**
 * Serves an emulated API over real sockets on loopback, records every request and applies faults.
 */
export async function serve(settings: ServeSettings): Promise<EmulatedServer> {
  const clock = createClock(settings.options.now, settings.onClockMove)
  const entries: JournalEntry[] = []
  const faults = createFaults()
  const journal = createJournal(entries)
  const server = createServer((incoming, response) => {
    void answer(incoming, response).catch((error: unknown) => {
      // A defect of the emulator must not look like a provider fault to the test that meets it.
      console.error('emulator route failed', error)
      response.destroy()
    })
  })

  async function answer(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const request = await readRequest(incoming)
    if (!request) return
    if (settings.options.controlled && isControl(request)) {
      const driven = control({ clock, journal, faults }, request)
      return write(incoming, response, driven, { ...settings, jsonType: undefined }, clock, null)
    }
    const note = { ...noteOf(request, settings, clock.now()), status: null as number | null }
    entries.push(note)
    const fault = faults.take(request, note.kind)
    const done = fault?.afterProcessing ? await route(request, settings) : null
    await fault?.until
    if (fault?.delayMs) await wait(fault.delayMs, response)
    if (response.destroyed || fault?.hang === true) return
    if (fault?.reset === true) return void incoming.socket.resetAndDestroy()
    const result = fault?.status !== undefined ? faultResponse(fault) : (done ?? (await route(request, settings)))
    const shown = fault?.html ? htmlResponse(result.status) : labelled(result, fault)
    note.status = shown.status
    if (fault?.reset === 'afterProcessing') return void incoming.socket.resetAndDestroy()
    await write(incoming, response, shown, settings, clock, fault)
  }

  server.keepAliveTimeout = 60_000
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(settings.options.port ?? 0, '127.0.0.1', resolve)
  })
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    clock,
    faults,
    journal,
    reset() {
      entries.length = 0
      faults.clear()
      clock.reset()
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

/**
 * Ends early when nobody waits for the response: the client has left, or the emulator is closing.
 */
function wait(delayMs: number, response: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, delayMs)
    response.once('close', () => {
      clearTimeout(timer)
      resolve()
    })
  })
}

/** A JSON response; status 200 by default. */
export const json = (body: unknown, status = 200, headers: EmulatedResponse['headers'] = {}): EmulatedResponse => ({
  status,
  headers,
  json: body,
})

/**
 * The fields of a form or a JSON object; of multipart only the plain fields. Null when the body is
 * neither.
 */
export function bodyFields(request: EmulatedRequest): Record<string, string> | null {
  const type = (request.headers['content-type'] ?? '').toLowerCase()
  const text = request.body.toString('utf8')
  if (type.startsWith('application/json')) {
    try {
      const value: unknown = JSON.parse(text)
      if (typeof value !== 'object' || value === null || Array.isArray(value)) return null
      return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, entry === null ? '' : String(entry)]))
    } catch {
      return null
    }
  }
  if (type.startsWith('multipart/form-data')) {
    const fields = [...text.matchAll(/name="([^"]+)"\r?\n(?:[^\r\n]+\r?\n)*\r?\n([\s\S]*?)\r?\n--/g)]
    return Object.fromEntries(fields.map(([, name = '', value = '']) => [name, value]))
  }
  return Object.fromEntries(new URLSearchParams(text))
}

/** Null when the client went away before the request was complete. */
async function readRequest(incoming: IncomingMessage): Promise<EmulatedRequest | null> {
  const chunks: Buffer[] = []
  try {
    for await (const chunk of incoming) chunks.push(chunk as Buffer)
  } catch {
    return null
  }
  const url = new URL(incoming.url ?? '/', 'http://emulator')
  return {
    method: incoming.method ?? 'GET',
    path: url.pathname,
    query: url.searchParams,
    headers: Object.fromEntries(
      Object.entries(incoming.headers).map(([name, value]) => [
        name,
        Array.isArray(value) ? value.join(', ') : (value ?? ''),
      ]),
    ),
    body: Buffer.concat(chunks),
    params: [],
  }
}

function noteOf(request: EmulatedRequest, settings: ServeSettings, at: number): JournalEntry {
  const kind = settings.tokenPaths.test(request.path) ? 'token' : 'api'
  return {
    method: request.method,
    path: request.path,
    query: Object.fromEntries(request.query),
    headers: request.headers,
    body: request.body.toString('utf8'),
    status: null,
    kind,
    account: kind === 'api' ? settings.accountOf(request) : null,
    at,
  }
}

async function route(request: EmulatedRequest, settings: ServeSettings): Promise<EmulatedResponse> {
  for (const { method, pattern, handle } of settings.routes) {
    const match = new RegExp(`^(?:${pattern.source})$`, pattern.flags).exec(request.path)
    if (match && (method === request.method || (method === 'GET' && request.method === 'HEAD'))) {
      return handle({ ...request, params: match.slice(1).map((part) => decode(part ?? '')) })
    }
  }
  return settings.notFound(request)
}

/** A malformed path segment stays as received, so that the route can answer it. */
function decode(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}

async function write(
  incoming: IncomingMessage,
  response: ServerResponse,
  answer: EmulatedResponse,
  settings: ServeSettings,
  clock: EmulatorClock,
  fault: Fault | null,
): Promise<void> {
  const headers: Record<string, string | readonly string[]> = {
    date: new Date(clock.now()).toUTCString(),
    ...answer.headers,
  }
  let body = answer.json === undefined ? Buffer.from(answer.body ?? '') : Buffer.from(JSON.stringify(answer.json))
  if (fault?.rewrite && !answer.stream) body = Buffer.from(fault.rewrite(body.toString('utf8')))
  if (answer.json !== undefined) headers['content-type'] ??= settings.jsonType ?? 'application/json; charset=utf-8'
  if (!answer.stream) {
    if (body.length > 1024 && isText(headers) && acceptsGzip(incoming) && !headers['content-encoding']) {
      body = gzipSync(body, { level: constants.Z_BEST_SPEED })
      headers['content-encoding'] = 'gzip'
    }
    headers['content-length'] = String(body.length)
  }
  if (answer.statusText) response.statusMessage = answer.statusText
  response.writeHead(answer.status, headers as Record<string, string>)
  if (fault?.hang === 'afterHead') return void response.flushHeaders()
  if (incoming.method === 'HEAD') return void response.end()
  const chunks = answer.stream ?? [body]
  if (fault?.truncate) return truncate(response, chunks, Math.floor(Number(headers['content-length'] ?? 0) / 2))
  await pipeline(Readable.from(chunks), response).catch((error: NodeJS.ErrnoException) => {
    // The client went away, as it may.
    if (!response.destroyed) throw error
  })
}

/** Compressed as a web server does: text, never audio, never a byte range. */
const isText = (headers: Readonly<Record<string, string | readonly string[]>>): boolean =>
  /^(text\/|application\/json)/.test(String(headers['content-type'] ?? '')) && !headers['content-range']

const acceptsGzip = (incoming: IncomingMessage): boolean =>
  /\bgzip\b/.test(String(incoming.headers['accept-encoding'] ?? ''))

/** Sends this many bytes of the announced length, then closes the connection. */
async function truncate(
  response: ServerResponse,
  chunks: AsyncIterable<Buffer> | Iterable<Buffer>,
  length: number,
): Promise<void> {
  let left = length
  response.flushHeaders()
  for await (const chunk of chunks) {
    const part = chunk.subarray(0, left)
    left -= part.length
    if (part.length > 0) await new Promise((resolve) => response.write(part, resolve))
    if (left <= 0) break
  }
  // A FIN, not a reset: what was sent arrives, and nothing follows.
  response.socket?.end()
}

const faultResponse = ({ status = 500, headers = {}, body = '' }: Fault): EmulatedResponse => ({
  status,
  headers: { 'content-type': 'application/json', ...headers },
  body,
})

const labelled = (answer: EmulatedResponse, fault: Fault | null): EmulatedResponse =>
  fault?.headers ? { ...answer, headers: { ...answer.headers, ...fault.headers } } : answer

const htmlResponse = (status: number): EmulatedResponse => ({
  status,
  headers: { 'content-type': 'text/html' },
  body: '<!DOCTYPE html><html><head><title>Service</title></head><body><h1>Please try again later</h1></body></html>',
})
