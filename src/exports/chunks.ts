import { pipeline, Readable } from 'node:stream'
import { promisify } from 'node:util'
import * as zlib from 'node:zlib'

const { Z_SYNC_FLUSH } = zlib.constants
const deflate = promisify<zlib.InputType, zlib.ZlibOptions, Buffer>(zlib.deflateRaw)
const inflate = promisify<zlib.InputType, zlib.ZlibOptions, Buffer>(zlib.inflateRaw)

/** Bytes of a file that are deflated and stored together, about. */
export const CHUNK_BYTES = 1024 * 1024

/** The fastest: a file is made no slower than its calls are read. */
const LEVEL = 1

/**
 * Deflates a part of a file. It ends on a byte and is no last block, RFC 1951 §3.2.3: parts that
 * follow one another are one deflated file, once `LAST_BLOCK` follows them.
 */
export const packChunk = (bytes: Buffer): Promise<Buffer> => deflate(bytes, { level: LEVEL, finishFlush: Z_SYNC_FLUSH })

/** The part of a file that was deflated. */
export const unpackChunk = (packed: Buffer): Promise<Buffer> => inflate(packed, { finishFlush: Z_SYNC_FLUSH })

/** Parts that follow one another, unpacked. @throws what the parts throw, or for what was not packed so */
export const unpackChunks = (packed: AsyncIterable<Buffer>): AsyncIterable<Buffer> =>
  pipeline(
    Readable.from(packed, { highWaterMark: 1 }),
    zlib.createInflateRaw({ finishFlush: Z_SYNC_FLUSH, chunkSize: PIECE_BYTES }),
    () => {
      // Whoever reads is told.
    },
  )

/** Unpacked at once, of a part. */
const PIECE_BYTES = 64 * 1024

/** An empty block that is the last one. */
export const LAST_BLOCK = Buffer.from([0x03, 0x00])

/** CRC-32 of bytes that follow others with this one; the types here are older than it. */
export const crc32 = (zlib as unknown as { crc32(data: Buffer, value?: number): number }).crc32
