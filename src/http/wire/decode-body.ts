import { promisify } from 'node:util'
import { brotliDecompress, gunzip, inflate } from 'node:zlib'

import { ProviderError } from '../../errors.js'
import type { HttpLimits } from '../limits.js'

export type RawHeaders = Readonly<Record<string, string | string[] | undefined>>

export type BodyLimits = Pick<HttpLimits, 'responseBytes' | 'compressionRatio'>

/** Below this many decoded bytes the ratio does not count: a small body may be all zeros. */
const RATIO_COUNTS_FROM_BYTES = 1024 * 1024

type Decode = (body: Buffer, options: { readonly maxOutputLength: number }) => Promise<Buffer>

const DECODERS: Readonly<Record<string, Decode>> = {
  gzip: promisify<Buffer, object, Buffer>(gunzip),
  'x-gzip': promisify<Buffer, object, Buffer>(gunzip),
  br: promisify<Buffer, object, Buffer>(brotliDecompress),
  deflate: promisify<Buffer, object, Buffer>(inflate),
}

/** The content coding of a body, RFC 9110 §8.4; empty for none. */
export function encodingOf({ 'content-encoding': encoding }: RawHeaders): string {
  const name = String(encoding ?? '')
    .trim()
    .toLowerCase()
  return name === 'identity' ? '' : name
}

export const isDecodable = (encoding: string): boolean => encoding === '' || encoding in DECODERS

/**
 * The text of a body, decoded no further than the limits allow. `request` is for errors.
 *
 * @throws ProviderError `PROVIDER_BAD_RESPONSE`, `TOO_LARGE`; zlib's error for a broken body.
 */
export async function decodeBody(body: Buffer, encoding: string, request: string, limits: BodyLimits): Promise<string> {
  const decode = DECODERS[encoding]
  if (!decode) return body.toString('utf8')
  const unpacked = Math.max(RATIO_COUNTS_FROM_BYTES, body.length * limits.compressionRatio)
  try {
    return (await decode(body, { maxOutputLength: Math.min(limits.responseBytes, unpacked) })).toString('utf8')
  } catch (error) {
    throw (error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE' ? tooLarge(request, limits) : error
  }
}

export const tooLarge = (request: string, { responseBytes }: BodyLimits): ProviderError =>
  new ProviderError(
    'PROVIDER_BAD_RESPONSE',
    `${request} answered more than ${responseBytes} bytes, or more than it may unpack to`,
    { reason: 'TOO_LARGE' },
  )

export const unknownEncoding = (request: string): ProviderError =>
  new ProviderError('PROVIDER_BAD_RESPONSE', `${request} answered in an encoding we did not ask for`, {
    reason: 'ENCODING',
  })
