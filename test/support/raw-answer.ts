import { request, type IncomingHttpHeaders, type OutgoingHttpHeaders } from 'node:http'
import zlib from 'node:zlib'

/** An answer as it came over the wire: `fetch` would have decompressed it. */
export interface RawAnswer {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly bytes: Buffer
  /** Its content, decompressed. */
  readonly text: string
}

export interface RawRequest {
  readonly method?: string
  readonly headers?: OutgoingHttpHeaders
  readonly body?: string
}

/** Sends no header but those it is given. */
export function rawAnswer(url: string, { method = 'GET', headers = {}, body }: RawRequest = {}): Promise<RawAnswer> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { method, headers, agent: false }, (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('error', reject)
      response.on('end', () => {
        const bytes = Buffer.concat(chunks)
        const { statusCode = 0, headers: received } = response
        const text = bytes.length > 0 ? plain(bytes, received['content-encoding']) : ''
        resolve({ status: statusCode, headers: received, bytes, text })
      })
    })
    sent.on('error', reject).end(body)
  })
}

const { zstdCompressSync, zstdDecompressSync } = zlib as {
  readonly zstdCompressSync?: unknown
  readonly zstdDecompressSync?: (bytes: Uint8Array) => Buffer
}
/** Whether this Node has zstd: from 22.15 on. */
export const hasZstd = zstdCompressSync !== undefined

const DECOMPRESSORS: Readonly<Record<string, ((bytes: Uint8Array) => Buffer) | undefined>> = {
  br: zlib.brotliDecompressSync,
  gzip: zlib.gunzipSync,
  zstd: zstdDecompressSync,
}

/** Text of bytes in a content coding. @throws Error for a coding this Node does not have. */
export function plain(bytes: Uint8Array, encoding = 'identity'): string {
  if (encoding === 'identity') return Buffer.from(bytes).toString()
  const decompress = DECOMPRESSORS[encoding]
  if (!decompress) throw new Error(`This Node cannot decompress ${encoding}`)
  return decompress(bytes).toString()
}
