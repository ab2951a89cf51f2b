import { Readable } from 'node:stream'

import type { FastifyReply, FastifyRequest } from 'fastify'

import { InvalidInput, ProviderError, ServiceUnavailable } from '../../errors.js'
import type { ConnectedAccount } from '../../providers/account.js'
import { contentDisposition } from './audio-type.js'
import { lengthOf, parseRange } from './byte-range.js'
import { errorCodeOf, respondWithError, type ErrorStatuses } from '../web/error-response.js'
import { failure } from '../web/failure.js'
import type { Limits } from '../config/limits.js'
import type { Log } from '../observing/log.js'
import { beginOperation } from '../web/operation.js'
import { CLIENT_GONE, type Routes } from '../web/routes.js'
import {
  RECORDINGS_PATH,
  type FindAccount,
  type RecordingGrant,
  type RecordingLinkSigner,
} from '../links/recording-links.js'
import { openPart, type RecordingPart } from './part.js'

export interface RecordingRouteOptions {
  readonly links: Pick<RecordingLinkSigner, 'read'>
  readonly find: FindAccount
  /** Whether whoever was given a link may still use it. */
  readonly isStillAuthorized: (holder: RecordingGrant['holder']) => boolean | Promise<boolean>
  readonly limits: Limits
  readonly log: Log
}

/** Bytes that wait here for a slow listener, besides those that wait in sockets. */
const WAITING_BYTES = 64 * 1024

/**
 * `GET` and `HEAD /recordings/:token`. Serves recordings to whoever holds a signed link, byte by byte as the provider gives them: no faster than they are taken, and nothing is
 * kept. The link names an account and a recording, never an address, and no header of the provider's is passed on as it is.
 */
export function recordingRoute({ links, find, isStillAuthorized, limits, log }: RecordingRouteOptions): Routes {
  const playing = new Map<string, number>()

  async function serve(request: FastifyRequest<{ Params: { '*': string } }>, reply: FastifyReply) {
    void reply.headers(PROTECTION)
    const grant = links.read(request.params['*'])
    const account = grant && find(grant.workspace, grant.accountKey)
    if (!account) return noRecording(request, reply)
    const told = tell(request, reply, account)
    try {
      if (!(await isStillAuthorized(grant.holder))) return noRecording(request, reply)
      const part = await open(request, reply, grant, account)
      if (!part) return noRecording(request, reply)
      return answer(request, reply, grant, part, told)
    } catch (error) {
      if (error instanceof ProviderError) error.of({ provider: account.provider.slug, accountId: account.id })
      return refuse(request, reply, error, told)
    }
  }

  async function open(
    request: FastifyRequest,
    reply: FastifyReply,
    { nativeName }: RecordingGrant,
    account: ConnectedAccount,
  ): Promise<RecordingPart | null> {
    // What a provider answers to HEAD is documented nowhere, and a refused token is told in a body: the head of a GET is looked at instead.
    const asked = isHead(request) || request.headers['if-range'] ? null : parseRange(request.headers.range)
    if (asked === 'several') throw new InvalidInput('Several ranges at once are not served. Ask for one.')
    takePlace(account.key, reply)
    const operation = beginOperation(request, reply, limits.recordingTimeoutMs)
    const { recordings } = account.source(operation)
    if (!recordings) return null
    operation.signal.addEventListener('abort', () => reply.raw.destroy(), { once: true })
    return openPart((range) => recordings.open(nativeName, { range }), asked, {
      maximumBytes: limits.recordingBytes,
      signal: operation.signal,
    })
  }

  /** A listener who stays for minutes must not keep the account's others out. */
  function takePlace(key: string, reply: FastifyReply): void {
    const taken = playing.get(key) ?? 0
    if (taken >= limits.recordingConcurrency) {
      throw new ServiceUnavailable('Too many recordings of this account are being listened to. Try again later.')
    }
    playing.set(key, taken + 1)
    reply.raw.once('close', () => {
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
    told: Told,
  ): FastifyReply {
    const { status, bounds, length, type } = part
    if (status === 416) {
      if (length !== null) void reply.header('content-range', `bytes */${length}`)
      return refuse(request, reply, new InvalidInput('The recording has no such part.'), told)
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
    const bytes = watched(part.chunks, told, () => reply.raw.destroy())
    return reply.send(Readable.from(bytes, { objectMode: false, highWaterMark: WAITING_BYTES }))
  }

  /** Counts the bytes, and lets go of both sides when for a while neither the provider sends nor the client takes any. */
  async function* watched(chunks: AsyncIterable<Buffer>, told: Told, letGo: () => void): AsyncIterable<Buffer> {
    let providerIsDue = true
    const idle = setTimeout(() => {
      if (providerIsDue) told.code = 'PROVIDER_TIMEOUT'
      letGo()
    }, limits.recordingIdleMs)
    try {
      for await (const chunk of chunks) {
        providerIsDue = false
        idle.refresh()
        yield chunk
        told.bytes += chunk.length
        providerIsDue = true
        idle.refresh()
      }
    } catch (error) {
      told.code = errorCodeOf(error)
      throw error
    } finally {
      clearTimeout(idle)
    }
  }

  function refuse(request: FastifyRequest, reply: FastifyReply, error: unknown, told: Told): FastifyReply {
    told.code = errorCodeOf(error)
    return respondWithError(request, reply, error, { statuses: STATUSES, log })
  }

  /** Writes down what became of the request when it is over, however it ends. */
  function tell(request: FastifyRequest, reply: FastifyReply, { key }: ConnectedAccount): Told {
    const told: Told = { bytes: 0, code: null }
    const beganAt = performance.now()
    reply.raw.once('close', () =>
      log.recording({
        requestId: request.id,
        method: request.method,
        status: reply.raw.writableFinished ? reply.statusCode : CLIENT_GONE,
        durationMs: Math.round(performance.now() - beganAt),
        account: key,
        ...told,
      }),
    )
    return told
  }

  return {
    register: (app) =>
      // Not a named parameter: those are cut at a hundred letters.
      void app.route<{ Params: { '*': string } }>({
        method: ['GET', 'HEAD'],
        url: `${RECORDINGS_PATH}/*`,
        handler: serve,
      }),
  }
}

/** What a log line says of a request besides the request. */
interface Told {
  bytes: number
  code: string | null
}

/** For every answer, so that nothing a provider sends is ever run, guessed at, or kept by a cache. */
const PROTECTION = { 'cache-control': 'private, no-store', 'content-security-policy': 'sandbox' }

/** One answer for a link that was changed, one that is over, and a recording that is gone: nothing can be learnt by trying. */
const noRecording = (request: FastifyRequest, reply: FastifyReply): FastifyReply =>
  failure(request, reply, 404, 'NOT_FOUND', 'There is no recording here, or the link to it is no longer good')

const isHead = ({ method }: FastifyRequest): boolean => method === 'HEAD'

/** BAD_USER_INPUT is a range that lies outside the recording: nothing else comes from the client. */
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
