import type { EndSignal } from '../../ending.js'
import { ProviderError } from '../../errors.js'
import type { ByteStream } from '../../http/http.js'
import type { FileReply } from '../../http/rest.js'
import { audioType, type AudioType } from './audio-type.js'
import {
  boundsIn,
  lengthOf,
  parseContentRange,
  parseLength,
  parseUnsatisfied,
  printRange,
  type Bounds,
  type RangeRequest,
} from './byte-range.js'

/** Requests a recording, or the range of a Range header, from the provider. */
export type OpenRecording = (range: string | null) => Promise<FileReply | null>

export interface RecordingPartOptions {
  /** Largest response of the provider. */
  readonly maximumBytes: number
  /** Aborts reading; an aborted download is not resumed. */
  readonly signal: EndSignal
}

/** A recording or a range of it, ready to be sent to the client. */
export interface RecordingPart {
  /** 206: the range in `bounds`; 416: the range lies outside the recording. */
  readonly status: 200 | 206 | 416
  /** Length of the whole recording; null when the provider does not say. */
  readonly length: number | null
  /** The range that `chunks` yield; null with 416, and when the length is unknown. */
  readonly bounds: Bounds | null
  readonly type: AudioType
  /** Exactly the bytes of `bounds`; throws ProviderError when the download breaks off. */
  readonly chunks: AsyncIterable<Buffer>
  /** Cancels the download. */
  close(): void
}

/**
 * Opens a recording or a range of it; null when the provider has none. The range is cut out here
 * when the provider sends the whole. A download that breaks off is resumed once, with a range
 * request for the rest.
 */
export async function openRecordingPart(
  open: OpenRecording,
  requested: RangeRequest | null,
  options: RecordingPartOptions,
): Promise<RecordingPart | null> {
  const answer = await locate(open, requested, options.maximumBytes)
  if (answer === null || 'status' in answer) return answer
  return {
    status: requested && answer.bounds ? 206 : 200,
    length: answer.length,
    bounds: answer.bounds,
    type: audioType(answer.beginning, answer.declaredType),
    chunks: answer.bounds ? resumed(open, answer, answer.bounds, options) : upTo(answer.stream, options.maximumBytes),
    close: answer.stream.close,
  }
}

/** Where the requested bytes lie in the provider's response. */
interface Located {
  readonly stream: ByteStream
  readonly length: number | null
  readonly bounds: Bounds | null
  /** Bytes before them, to be skipped. */
  readonly skip: number
  /** The recording's first bytes, when they are part of the response. */
  readonly beginning: Buffer | null
  readonly declaredType: string | undefined
}

type Unsatisfiable = RecordingPart & { readonly status: 416 }

async function locate(
  open: OpenRecording,
  requested: RangeRequest | null,
  maximumBytes: number,
): Promise<Located | Unsatisfiable | null> {
  const reply = await open(requested && printRange(requested))
  if (!reply) return null
  const { headers, stream } = reply
  if (!stream) {
    if (requested === null) throw badRange('refused the whole of a recording as if it were a part')
    return unsatisfiable(parseUnsatisfied(headers['content-range']))
  }
  try {
    const located = reply.status === 206 ? inPart(reply, stream, requested) : inWhole(reply, stream, requested)
    const size =
      reply.status === 206 && located?.bounds ? lengthOf(located.bounds) : parseLength(headers['content-length'])
    if (size !== null && size > maximumBytes) throw tooLarge(maximumBytes)
    if (located) return located
    stream.close()
    return unsatisfiable(parseLength(headers['content-length']))
  } catch (error) {
    stream.close()
    throw error
  }
}

function inPart({ headers }: FileReply, stream: ByteStream, requested: RangeRequest | null): Located {
  const range = parseContentRange(headers['content-range'])
  if (!range || !requested || !isWithin(range.bounds, requested, range.length)) {
    throw badRange('answered with a part of a recording that was not asked for')
  }
  const beginning = range.bounds.first === 0 ? stream.beginning : null
  return { ...range, stream, skip: 0, beginning, declaredType: headers['content-type'] }
}

/** A server may send a shorter range than requested, RFC 9110 §15.3.7, but no other one. */
function isWithin({ first, last }: Bounds, requested: RangeRequest, length: number | null): boolean {
  if (requested.first !== null) return first === requested.first && (requested.last === null || last <= requested.last)
  return last - first < (requested.last ?? 0) && (length === null || last === length - 1)
}

/** Null when the requested range lies outside the recording. */
function inWhole({ headers }: FileReply, stream: ByteStream, requested: RangeRequest | null): Located | null {
  const length = parseLength(headers['content-length'])
  const bounds = length === null ? null : boundsIn(requested ?? { first: 0, last: null }, length)
  if (length !== null && bounds === null) return null
  const located = { stream, length, bounds, skip: bounds?.first ?? 0, beginning: stream.beginning }
  return { ...located, declaredType: headers['content-type'] }
}

const unsatisfiable = (length: number | null): Unsatisfiable => ({
  status: 416,
  length,
  bounds: null,
  type: audioType(null, undefined),
  chunks: (async function* () {})(),
  close: () => {},
})

async function* resumed(
  open: OpenRecording,
  first: Located,
  bounds: Bounds,
  { maximumBytes, signal }: RecordingPartOptions,
): AsyncIterable<Buffer> {
  let sent = 0
  let current = first
  for (let attempt = 1; ; attempt += 1) {
    try {
      for await (const chunk of window(current, lengthOf(bounds) - sent)) {
        sent += chunk.length
        yield chunk
      }
      if (sent === lengthOf(bounds)) return
      throw brokenOff()
    } catch (error) {
      if (attempt > 1 || signal.aborted || first.length === null) throw error
      const rest = { first: bounds.first + sent, last: bounds.last }
      const next = await locate(open, rest, maximumBytes)
      if (next === null || 'status' in next || !isSame(next, rest, first)) throw error
      current = next
    }
  }
}

/**
 * Whether a resumed download continues the same recording: same length, and exactly the missing
 * range.
 */
function isSame({ bounds, length, stream }: Located, rest: Bounds, { length: before }: Located): boolean {
  const same = length === before && bounds?.first === rest.first && bounds.last === rest.last
  if (!same) stream.close()
  return same
}

/** The located bytes, at most `wanted` of them. */
async function* window({ stream, skip }: Located, wanted: number): AsyncIterable<Buffer> {
  let before = skip
  let left = wanted
  for await (const chunk of stream.chunks) {
    const bytes = chunk.subarray(Math.min(before, chunk.length)).subarray(0, left)
    before -= Math.min(before, chunk.length)
    left -= bytes.length
    if (bytes.length > 0) yield bytes
    if (left === 0) return
  }
}

async function* upTo({ chunks }: ByteStream, maximumBytes: number): AsyncIterable<Buffer> {
  let sent = 0
  for await (const chunk of chunks) {
    sent += chunk.length
    if (sent > maximumBytes) throw tooLarge(maximumBytes)
    yield chunk
  }
}

const badRange = (what: string) =>
  new ProviderError('PROVIDER_BAD_RESPONSE', `The provider ${what}`, { reason: 'RANGE' })
const tooLarge = (maximumBytes: number) =>
  new ProviderError('PROVIDER_BAD_RESPONSE', `The recording is larger than ${maximumBytes} bytes`, {
    reason: 'TOO_LARGE',
  })
const brokenOff = () =>
  new ProviderError('PROVIDER_BAD_RESPONSE', 'The recording ended before it was complete', { reason: 'TRUNCATED' })
