import { Readable } from 'node:stream'

import type { FastifyReply, FastifyRequest } from 'fastify'

import { InvalidInput } from '../../errors.js'
import { exportFile, type ExportFile } from '../../exports/file.js'
import type { ExportStore } from '../../store/export-store.js'
import type { IsStillAuthorized } from '../callers/authentication.js'
import { EXPORTS_PATH, type ExportLinkSigner } from '../links/export-links.js'
import type { Log } from '../observing/log.js'
import { boundsIn, lengthOf, parseRange, type Bounds } from '../recordings/byte-range.js'
import { errorCodeOf, respondWithError, type ErrorStatuses } from '../web/error-response.js'
import { failure } from '../web/failure.js'
import { endedStatus, type Routes } from '../web/routes.js'
import { whenClosed } from '../web/when-closed.js'

export interface ExportRouteOptions {
  readonly links: Pick<ExportLinkSigner, 'read'>
  readonly store: ExportStore
  readonly isStillAuthorized: IsStillAuthorized
  readonly limits: { readonly recordingIdleMs: number }
  readonly log: Log
}

/** Bytes buffered for a slow client, besides a chunk and those in socket buffers. */
const BUFFERED_BYTES = 64 * 1024
const METHODS = 'GET, HEAD'

/**
 * `GET` and `HEAD /exports/:token`: the file of an export, or a range of it, for the holder of a
 * signed link. It is read from the store chunk by chunk, as fast as the client takes it, and is the
 * same to the byte at every replica.
 */
export function exportRoute({ links, store, isStillAuthorized, limits, log }: ExportRouteOptions): Routes {
  async function serve(request: FastifyRequest<{ Params: { '*': string } }>, reply: FastifyReply) {
    void reply.headers(PROTECTION)
    const grant = links.read(request.params['*'])
    if (!grant) return noExport(request, reply)
    const fields = logWhenClosed(request, reply, grant.id)
    try {
      if (!(await isStillAuthorized(grant.holder))) return noExport(request, reply)
      const stored = await store.storedExport(grant.id)
      const file = stored?.workspace === grant.workspace ? exportFile(stored, store) : null
      return file ? answer(request, reply, file, fields) : noExport(request, reply)
    } catch (error) {
      return refuse(request, reply, error, fields)
    }
  }

  function answer(request: FastifyRequest, reply: FastifyReply, file: ExportFile, fields: LogFields): FastifyReply {
    const tag = `"${file.sha256}"`
    void reply.headers({
      'accept-ranges': 'bytes',
      etag: tag,
      // RFC 9530 §3, and RFC 3230 for older clients: both of the whole file, whatever part is sent.
      'repr-digest': `sha-256=:${file.sha256}:`,
      digest: `sha-256=${file.sha256}`,
    })
    if (request.headers['if-none-match'] === tag) return reply.code(304).send()
    const bounds = boundsOf(request, file, tag)
    if (bounds === null) {
      void reply.header('content-range', `bytes */${file.bytes}`)
      return refuse(request, reply, new InvalidInput('The file has no such part.'), fields)
    }
    const { first, last } = bounds
    const isPart = lengthOf(bounds) < file.bytes
    void reply.code(isPart ? 206 : 200).headers({
      'content-type': file.mediaType,
      'content-disposition': `attachment; filename="${file.name}"`,
      'content-length': lengthOf(bounds),
      ...(isPart && { 'content-range': `bytes ${first}-${last}/${file.bytes}` }),
    })
    if (request.method === 'HEAD' || file.bytes === 0) return reply.send()
    const bytes = watched(file.read(first, last), fields, () => reply.raw.destroy())
    return reply.send(Readable.from(bytes, { objectMode: false, highWaterMark: BUFFERED_BYTES }))
  }

  /** Counts the bytes, and closes the connection of a client that takes none for a while. */
  async function* watched(chunks: AsyncIterable<Buffer>, fields: LogFields, close: () => void): AsyncIterable<Buffer> {
    const idle = setTimeout(close, limits.recordingIdleMs)
    try {
      for await (const chunk of chunks)
        for (let start = 0; start < chunk.length; start += BUFFERED_BYTES) {
          const part = chunk.subarray(start, start + BUFFERED_BYTES)
          yield part
          fields.bytes += part.length
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

  /** Logs the request when its response closes, however it ends; its address is left out. */
  function logWhenClosed(request: FastifyRequest, reply: FastifyReply, id: string): LogFields {
    const fields: LogFields = { bytes: 0, code: null }
    const beganAt = performance.now()
    whenClosed(reply, () =>
      log.download({
        ...{ requestId: request.id, method: request.method, status: endedStatus(reply), export: id, ...fields },
        durationMs: Math.round(performance.now() - beganAt),
      }),
    )
    return fields
  }

  return {
    register(app) {
      // A wildcard: Fastify limits a named parameter to a hundred characters.
      const url = `${EXPORTS_PATH}/*`
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

/** All of the file where no part is asked for, or one of another file; null where it has no such part. */
function boundsOf({ method, headers }: FastifyRequest, { bytes }: ExportFile, tag: string): Bounds | null {
  const whole = { first: 0, last: bytes - 1 }
  const isOfThis = headers['if-range'] === undefined || headers['if-range'] === tag
  // RFC 9110 §14.2: a range is for GET alone.
  const range = isOfThis && method === 'GET' ? parseRange(headers.range) : null
  if (range === null) return whole
  // RFC 9110 §14.2: of several ranges a server may send the whole.
  return range === 'several' ? whole : boundsIn(range, bytes)
}

/** What is no preflight of a page. */
const wrongMethod = (request: FastifyRequest, reply: FastifyReply): FastifyReply =>
  failure(request, reply.header('allow', METHODS), 405, 'BAD_USER_INPUT', 'An export is read with GET or HEAD')

/** On every response, so that nothing of it is executed or cached. */
const PROTECTION = { 'cache-control': 'private, no-store', 'content-security-policy': 'sandbox' }

/** The same for an invalid link, an expired one and a file that is gone, so that probing reveals nothing. */
const noExport = (request: FastifyRequest, reply: FastifyReply): FastifyReply =>
  failure(request, reply, 404, 'NOT_FOUND', 'There is no export here, or the link to it is no longer good')

/** BAD_USER_INPUT is a range that lies outside the file. */
const STATUSES: ErrorStatuses = { byCode: { BAD_USER_INPUT: 416, SERVICE_UNAVAILABLE: 503 }, otherwise: 502 }
