import { Readable } from 'node:stream'

import type { FastifyReply, FastifyRequest } from 'fastify'

import { InvalidInput, ProviderError, ServiceUnavailable } from '../../errors.js'
import type { ConnectedAccount } from '../../providers/account.js'
import type { IsStillAuthorized } from '../callers/authentication.js'
import type { Limits } from '../config/limits.js'
import {
  RECORDINGS_PATH,
  type FindAccount,
  type RecordingGrant,
  type RecordingLinkSigner,
} from '../links/recording-links.js'
import type { Log } from '../observing/log.js'
import { errorCodeOf, respondWithError, type ErrorStatuses } from '../web/error-response.js'
import { failure } from '../web/failure.js'
import { beginOperation } from '../web/operation.js'
import { CLIENT_GONE, type Routes } from '../web/routes.js'
import { whenClosed } from '../web/when-closed.js'
import { contentDisposition } from './audio-type.js'
import { lengthOf, parseRange } from './byte-range.js'
import { openRecordingPart, type RecordingPart } from './part.js'

export interface RecordingRouteOptions {
  readonly links: Pick<RecordingLinkSigner, 'read'>
  readonly find: FindAccount
  readonly isStillAuthorized: IsStillAuthorized
  readonly limits: Limits
  readonly log: Log
}

/** Bytes buffered for a slow client, besides those in socket buffers. */
const BUFFERED_BYTES = 64 * 1024

/**
 * `GET` and `HEAD /recordings/:token`: streams a recording to the holder of a signed link, with
 * back pressure and without storing it. The link names an account and a recording, never a URL, and
 * no header of the provider is passed on unchecked.
 */
export function recordingRoute({ links, find, isStillAuthorized, limits, log }: RecordingRouteOptions): Routes {
  const playing = new Map<string, number>()

  async function serve(request: FastifyRequest<{ Params: { '*': string } }>, reply: FastifyReply) {
    void reply.headers(PROTECTION)
    const grant = links.read(request.params['*'])
    const account = grant && find(grant.workspace, grant.accountKey)
    if (!account) return noRecording(request, reply)
    const fields = logWhenClosed(request, reply, account)
    try {
      if (!(await isStillAuthorized(grant.holder))) return noRecording(request, reply)
      const part = await open(request, reply, grant, account)
      if (!part) return noRecording(request, reply)
      return answer(request, reply, grant, part, fields)
    } catch (error) {
      if (error instanceof ProviderError) error.of({ provider: account.provider.slug, accountId: account.id })
      return refuse(request, reply, error, fields)
    }
  }

  async function open(
    request: FastifyRequest,
    reply: FastifyReply,
    { nativeName }: RecordingGrant,
    account: ConnectedAccount,
  ): Promise<RecordingPart | null> {
    // HEAD is sent to the provider as GET, and closed after the head: no provider documents HEAD,
    // and one reports a refused token in the body.
    const range = isHead(request) || request.headers['if-range'] ? null : parseRange(request.headers.range)
    if (range === 'several') throw new InvalidInput('Several ranges at once are not served. Ask for one.')
    countPlayback(account.key, reply)
    const operation = beginOperation(request, reply, limits.recordingTimeoutMs)
    const { recordings } = account.source(operation)
    if (!recordings) return null
    operation.signal.addEventListener('abort', () => reply.raw.destroy(), { once: true })
    return openRecordingPart((header) => recordings.open(nativeName, { range: header }), range, {
      maximumBytes: limits.recordingBytes,
      signal: operation.signal,
    })
  }

  /** Bounds concurrent playbacks: each may hold a connection to the provider for minutes. */
  function countPlayback(key: string, reply: FastifyReply): void {
    const taken = playing.get(key) ?? 0
    if (taken >= limits.recordingConcurrency) {
      throw new ServiceUnavailable('Too many recordings of this account are being listened to. Try again later.')
    }
    playing.set(key, taken + 1)
    whenClosed(reply, () => {
      const left = playing.get(key)! - 1
      if (left > 0) playing.set(key, left)
      else playing.delete(key)
    })
  }

  function answer(
    request: FastifyRequest,
    reply: FastifyReply,
    { nativeName, disposition }: RecordingGrant,
    part: RecordingPart,
    fields: LogFields,
  ): FastifyReply {
    const { status, bounds, length, type } = part
    if (status === 416) {
      if (length !== null) void reply.header('content-range', `bytes */${length}`)
      return refuse(request, reply, new InvalidInput('The recording has no such part.'), fields)
    }
    void reply.code(status).headers({
      'content-type': type,
      'content-disposition': contentDisposition(nativeName, type, disposition),
      'accept-ranges': bounds ? 'bytes' : 'none',
      ...(bounds && { 'content-length': lengthOf(bounds) }),
      ...(bounds && status === 206 && { 'content-range': `bytes ${bounds.first}-${bounds.last}/${length ?? '*'}` }),
    })
    if (isHead(request)) {
      part.close()
      return reply.send()
    }
    const bytes = watched(part.chunks, fields, () => reply.raw.destroy())
    return reply.send(Readable.from(bytes, { objectMode: false, highWaterMark: BUFFERED_BYTES }))
  }

  /**
   * Counts the bytes, and closes both sides when no byte has moved on either for `recordingIdleMs`.
   */
  async function* watched(
    chunks: AsyncIterable<Buffer>,
    fields: LogFields,
    closeBoth: () => void,
  ): AsyncIterable<Buffer> {
    let isWaitingForProvider = true
    const idle = setTimeout(() => {
      if (isWaitingForProvider) fields.code = 'PROVIDER_TIMEOUT'
      closeBoth()
    }, limits.recordingIdleMs)
    try {
      for await (const chunk of chunks) {
        isWaitingForProvider = false
        idle.refresh()
        yield chunk
        fields.bytes += chunk.length
        isWaitingForProvider = true
        idle.refresh()
      }
    } catch (error) {
      fields.code = errorCodeOf(error)
      throw error
    } finally {
      clearTimeout(idle)
    }
  }

  function refuse(request: FastifyRequest, reply: FastifyReply, error: unknown, fields: LogFields): FastifyReply {
    fields.code = errorCodeOf(error)
    return respondWithError(request, reply, error, { statuses: STATUSES, log })
  }

  /** Logs the request when its response closes, however it ends. */
  function logWhenClosed(request: FastifyRequest, reply: FastifyReply, { key }: ConnectedAccount): LogFields {
    const fields: LogFields = { bytes: 0, code: null }
    const beganAt = performance.now()
    whenClosed(reply, () =>
      log.recording({
        requestId: request.id,
        method: request.method,
        status: reply.raw.writableFinished ? reply.statusCode : CLIENT_GONE,
        durationMs: Math.round(performance.now() - beganAt),
        account: key,
        ...fields,
      }),
    )
    return fields
  }

  return {
    register(app) {
      // A wildcard: Fastify limits a named parameter to a hundred characters.
      const url = `${RECORDINGS_PATH}/*`
      const config = { crossOrigin: METHODS }
      app.route<{ Params: { '*': string } }>({ method: ['GET', 'HEAD'], url, config, handler: serve })
      app.options(url, { config }, wrongMethod)
    },
  }
}

/** The fields of the log line that become known while the request is served. */
interface LogFields {
  bytes: number
  code: string | null
}

const METHODS = 'GET, HEAD'

/** What is no preflight of a page. */
const wrongMethod = (request: FastifyRequest, reply: FastifyReply): FastifyReply =>
  failure(request, reply.header('allow', METHODS), 405, 'BAD_USER_INPUT', 'A recording is read with GET or HEAD')

/** On every response, so that nothing a provider sends is ever executed or cached. */
const PROTECTION = { 'cache-control': 'private, no-store', 'content-security-policy': 'sandbox' }

/**
 * The same response for an invalid link, an expired one and a missing recording, so that probing
 * reveals nothing.
 */
const noRecording = (request: FastifyRequest, reply: FastifyReply): FastifyReply =>
  failure(request, reply, 404, 'NOT_FOUND', 'There is no recording here, or the link to it is no longer good')

const isHead = ({ method }: FastifyRequest): boolean => method === 'HEAD'

/**
 * BAD_USER_INPUT is a range that lies outside the recording: nothing else comes from the client.
 */
const STATUSES: ErrorStatuses = {
  byCode: {
    BAD_USER_INPUT: 416,
    PROVIDER_TIMEOUT: 504,
    PROVIDER_UNAVAILABLE: 503,
    PROVIDER_RATE_LIMITED: 503,
    CREDENTIALS_UNAVAILABLE: 503,
    SERVICE_UNAVAILABLE: 503,
  },
  otherwise: 502,
}
