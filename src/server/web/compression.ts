import { promisify } from 'node:util'
import * as zlib from 'node:zlib'

import type { FastifyInstance, FastifyReply } from 'fastify'

import { Bulkhead } from '../../bulkhead.js'
import { acceptedEncodings, addVary, type Encoding } from './encodings.js'

/** A shorter answer takes one packet either way. */
const LEAST_BYTES = 1024

/** Compressed at once: half of Node's thread pool, so that name look-ups and the store have the rest. */
const AT_ONCE = 2

/** Text that waits to be compressed, bytes: a tenth of a second's work. Above it, answers are sent as they are. */
const MOST_WAITING_BYTES = 16 * 1024 * 1024

/**
 * GraphQL answers, errors and metrics. No pages: those of a login hold what a form must send back,
 * and the length of a compressed page can betray it (BREACH).
 */
const COMPRESSIBLE = /^(?:application\/(?:graphql-response\+)?json|text\/plain)\b/

type Compress = (text: string | Buffer) => Promise<Buffer>

const { BROTLI_PARAM_QUALITY } = zlib.constants
const brotli = promisify(zlib.brotliCompress)
const gzip = promisify<zlib.InputType, zlib.ZlibOptions, Buffer>(zlib.gzip)

/**
 * By measurement, `npm run bench -- bytes`: these levels are the last that are worth their CPU time.
 * In the order in which they are taken when a client accepts several alike.
 */
const COMPRESSORS: Readonly<Partial<Record<Encoding, Compress>>> = {
  br: (text) => brotli(text, { params: { [BROTLI_PARAM_QUALITY]: 3 } }),
  ...zstd(),
  gzip: (text) => gzip(text, { level: 6 }),
}
const ENCODINGS = Object.keys(COMPRESSORS) as readonly Encoding[]

/**
 * Compresses answers for the clients that accept it. Whole buffers, not streams: `closeSlowReaders`,
 * whose hook must come after this one, counts what a client has not read yet, and `Content-Length`
 * stays known.
 */
export function compressAnswers(app: FastifyInstance): void {
  const compressing = new Bulkhead(AT_ONCE)
  let waitingBytes = 0
  app.addHook<string | Buffer>('onSend', (request, reply, payload, done) => {
    if (!isCompressible(reply, payload)) return done(null, payload)
    addVary(reply, 'Accept-Encoding')
    if (request.headers['accept-encoding'] === undefined) return done(null, payload)
    const accepted = acceptedEncodings(request, ENCODINGS)
    const [best = 'identity'] = accepted
    const compress = best === 'identity' ? undefined : COMPRESSORS[best]
    const bytes = Buffer.byteLength(payload)
    const isShort = bytes < LEAST_BYTES && accepted.includes('identity')
    if (!compress || isShort || waitingBytes >= MOST_WAITING_BYTES) return done(null, payload)
    const { socket } = request.raw
    waitingBytes += bytes
    compressing
      // Nobody will read what a client that has gone was to be sent.
      .run(async () => (socket.destroyed ? null : compress(payload)))
      .finally(() => (waitingBytes -= bytes))
      .then((compressed) => {
        if (compressed) void reply.header('content-encoding', best)
        done(null, compressed ?? payload)
      }, done)
  })
}

const isCompressible = (reply: FastifyReply, payload: unknown): boolean =>
  (typeof payload === 'string' || Buffer.isBuffer(payload)) &&
  COMPRESSIBLE.test(String(reply.getHeader('content-type'))) &&
  !reply.hasHeader('content-encoding')

/** Node has it since 22.15 and 23.8; its types here are those of the oldest Node that we run on. */
function zstd(): { readonly zstd?: Compress } {
  const { zstdCompress, constants } = zlib as typeof zlib & Partial<NewerZlib>
  if (!zstdCompress) return {}
  const compress = promisify(zstdCompress)
  const level = (constants as NewerZlib['constants']).ZSTD_c_compressionLevel
  return { zstd: (text) => compress(text, { params: { [level]: 1 } }) }
}

interface NewerZlib {
  readonly zstdCompress: (
    text: zlib.InputType,
    options: { readonly params: Readonly<Record<number, number>> },
    done: (error: Error | null, compressed: Buffer) => void,
  ) => void
  readonly constants: { readonly ZSTD_c_compressionLevel: number }
}
