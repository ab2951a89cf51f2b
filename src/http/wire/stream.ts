import type { Dispatcher } from 'undici'

import type { Clock } from '../../clock.js'
import { abortSignalOf } from '../../ending.js'
import { DIAL_ANYWHERE, type Dialling } from './dial.js'
import type { ByteStream, OpenStream } from '../http.js'
import type { HttpLimits } from '../limits.js'
import { labelsOf } from './content-codings.js'
import { BEGINNING_BYTES, isText } from './is-text.js'
import { readBody } from './read-body.js'
import { flatten } from './exchange.js'
import { translate } from './failed-exchange.js'
import { USER_AGENT } from './send.js'
import { waysOut } from './ways.js'

/** The longest signature of an audio format. */
const SIGNATURE_BYTES = 12
/** As much as is read of a text that came in place of a file. */
const TEXT_BYTES = 64 * 1024

/** `open` and the connections it opens. */
export interface Streamer {
  readonly open: OpenStream
  close(): Promise<void>
}

/**
 * Opens files over connections of their own: a recording that is played for minutes must not occupy
 * a connection that a query needs. Compression is not requested, so that ranges are those of the
 * stored file.
 */
export function createStreamer(limits: HttpLimits, clock: Clock, dialling: Dialling = DIAL_ANYWHERE): Streamer {
  const ways = waysOut(dialling, limits.tokenTimeoutMs, { pipelining: 1 })

  const open: OpenStream = async (request, { timeoutMs = limits.providerTimeoutMs, signal } = {}) => {
    const late = new AbortController()
    const deadline = setTimeout(() => late.abort(), timeoutMs)
    const either = signal ? AbortSignal.any([abortSignalOf(signal), late.signal]) : late.signal
    let head: Dispatcher.ResponseData | null = null
    let isProxied = false
    const failure = (error: unknown) =>
      translate(error, request, {
        unsent: false,
        headArrived: head !== null,
        isLate: late.signal.aborted,
        signal,
        timeoutMs,
        isProxied,
      })
    try {
      either.throwIfAborted()
      const { origin, pathname, search } = new URL(request.url)
      const way = await ways.to(origin)
      isProxied = way.isProxied
      head = await way.dispatcher.request({
        origin,
        path: pathname + search,
        method: request.method,
        headers: { 'user-agent': USER_AGENT, ...request.headers, 'accept-encoding': 'identity' },
        body: request.body ?? null,
        signal: either,
      })
      const answer = { status: head.statusCode, headers: flatten(head.headers), receivedAt: clock.now() }
      if (!carriesFile(head)) return { ...answer, body: await readBody(head, request, limits), stream: null }
      const chunks = head.body[Symbol.asyncIterator]() as AsyncIterator<Buffer>
      const beginning = await readBeginning(chunks)
      // A 206 is never an error page, and may be as short as one byte.
      if (answer.status === 200 && isText(beginning)) {
        const body = await readText(beginning, chunks)
        discard(head)
        return { ...answer, body, stream: null }
      }
      return { ...answer, body: '', stream: byteStream(head, beginning, chunks, failure) }
    } catch (error) {
      discard(head)
      throw failure(error)
    } finally {
      clearTimeout(deadline)
    }
  }
  return { open, close: () => ways.close() }
}

/** A packed body has no ranges of the file; it is read as a text, for the error. */
const carriesFile = ({ statusCode, headers }: Dispatcher.ResponseData): boolean =>
  (statusCode === 200 || statusCode === 206) && labelsOf(headers).length === 0

async function readBeginning(chunks: AsyncIterator<Buffer>): Promise<Buffer> {
  let beginning: Buffer = Buffer.alloc(0)
  while (beginning.length < SIGNATURE_BYTES || (beginning.length < BEGINNING_BYTES && isText(beginning))) {
    const { done, value } = await chunks.next()
    if (done) break
    beginning = Buffer.concat([beginning, value])
  }
  return beginning
}

async function readText(beginning: Buffer, chunks: AsyncIterator<Buffer>): Promise<string> {
  let bytes = beginning
  while (bytes.length < TEXT_BYTES) {
    const { done, value } = await chunks.next()
    if (done) break
    bytes = Buffer.concat([bytes, value])
  }
  return bytes.toString('utf8', 0, TEXT_BYTES)
}

function byteStream(
  head: Dispatcher.ResponseData,
  beginning: Buffer,
  chunks: AsyncIterator<Buffer>,
  failure: (error: unknown) => Error,
): ByteStream {
  async function* read(): AsyncIterable<Buffer> {
    try {
      if (beginning.length > 0) yield beginning
      for (;;) {
        const { done, value } = await chunks.next()
        if (done) return
        yield value
      }
    } catch (error) {
      throw failure(error)
    } finally {
      discard(head)
    }
  }
  return { beginning, chunks: read(), close: () => discard(head) }
}

/** Closes the connection, unless everything has been read; the error that follows is our own. */
const discard = (head: Dispatcher.ResponseData | null): void => void head?.body.on('error', () => {}).destroy()
