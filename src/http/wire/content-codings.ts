import { promisify } from 'node:util'
import { brotliDecompress, gunzip, inflate, inflateRaw } from 'node:zlib'

import { ProviderError } from '../../errors.js'
import { describeRequest } from '../describe-request.js'
import type { HttpRequest } from '../http.js'
import { tooLarge, type BodyLimits } from './body-limits.js'
import { isUtf8Text } from './is-text.js'

/** Headers as they came: one that came several times is a list. */
export type RawHeaders = Readonly<Record<string, string | string[] | undefined>>

/** Below this many decoded bytes the ratio does not count: a small body may be all zeros. */
const RATIO_COUNTS_FROM_BYTES = 1024 * 1024

/** Nobody packs more often in good faith; a longer list makes one small body cost much work. */
const MOST_CODINGS = 5

type Decode = (body: Buffer, options: { readonly maxOutputLength: number }) => Promise<Buffer>

const decodeGzip = promisify<Buffer, object, Buffer>(gunzip)
const decodeZlib = promisify<Buffer, object, Buffer>(inflate)
const decodeRaw = promisify<Buffer, object, Buffer>(inflateRaw)

const DECODERS: ReadonlyMap<string, Decode> = new Map<string, Decode>([
  ['gzip', decodeGzip],
  ['x-gzip', decodeGzip],
  ['br', promisify<Buffer, object, Buffer>(brotliDecompress)],
  ['deflate', decodeDeflate],
  ['x-deflate', decodeDeflate],
])

/**
 * The content codings of a body that can be undone, the one applied last first. A body that begins
 * as gzip does is gzip, labelled or not: no text begins so.
 */
export function codingsOf(headers: RawHeaders, body: Buffer): readonly string[] {
  const labels = labelsOf(headers)
  return labels.length === 0 && isGzip(body) ? UNLABELLED : labels
}

/**
 * The same as the label says (RFC 9110 §8.4). Any other name is no coding: servers write `none`,
 * `utf-8` or `aws-chunked` there.
 */
export function labelsOf({ 'content-encoding': header }: RawHeaders): readonly string[] {
  return header === undefined ? NONE : listed(String(header))
}

const NONE: readonly string[] = []
const UNLABELLED: readonly string[] = ['gzip']

const listed = (header: string): readonly string[] =>
  header
    .toLowerCase()
    .split(',')
    .map((name) => name.trim())
    .filter((name) => DECODERS.has(name))
    .reverse()

const isGzip = (body: Buffer): boolean => body[0] === 0x1f && body[1] === 0x8b

/**
 * A body without its codings. One that is plain text is taken as it is: its label is wrong.
 *
 * @throws ProviderError `PROVIDER_BAD_RESPONSE`: `TOO_LARGE`, or `ENCODING` where it is neither
 * what its label says nor text.
 */
export async function unpack(
  packed: Buffer,
  codings: readonly string[],
  request: HttpRequest,
  limits: BodyLimits,
): Promise<Buffer> {
  if (codings.length > MOST_CODINGS) throw undecodable(request, `it is packed ${codings.length} times`)
  const unpackedBytes = Math.max(RATIO_COUNTS_FROM_BYTES, packed.length * limits.compressionRatio)
  const options = { maxOutputLength: Math.min(limits.responseBytes, unpackedBytes) }
  let body = packed
  for (const coding of codings) {
    try {
      body = await DECODERS.get(coding)!(body, options)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') throw tooLarge(request, limits)
      if (!isUtf8Text(body)) throw undecodable(request, `it is labelled ${coding} and cannot be unpacked`)
    }
  }
  return body
}

/**
 * RFC 9110 §8.4.1.2 means zlib's wrapping; some servers send the bare stream. A text must not be
 * taken for one, which has no mark of its own.
 */
async function decodeDeflate(body: Buffer, options: { readonly maxOutputLength: number }): Promise<Buffer> {
  try {
    return await decodeZlib(body, options)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE' || isUtf8Text(body)) throw error
    return decodeRaw(body, options)
  }
}

const undecodable = (request: HttpRequest, why: string): ProviderError =>
  new ProviderError(
    'PROVIDER_BAD_RESPONSE',
    `${describeRequest(request)} answered, and its body cannot be read: ${why}`,
    {
      reason: 'ENCODING',
    },
  )
