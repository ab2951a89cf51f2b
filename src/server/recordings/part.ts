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

/** Asks the provider for a recording, or for the part a Range header names. */
export type OpenRecording = (range: string | null) => Promise<FileReply | null>

export interface PartOptions {
  /** Most bytes a provider may send for it. */
  readonly maximumBytes: number
  /** What ends the reading; after it nothing is resumed. */
  readonly signal: AbortSignal
}

/** A recording or a part of it, ready to be passed on. */
export interface RecordingPart {
  /** 206: `bounds` are given; 416: they are not in it. */
  readonly status: 200 | 206 | 416
  /** Bytes of the whole; null when the provider does not say. */
  readonly length: number | null
  /** What `chunks` give; null with 416, and where the length is not known. */
  readonly bounds: Bounds | null
  readonly type: AudioType
  /** Exactly as many bytes as `bounds` say; throws ProviderError where they break off. */
  readonly chunks: AsyncIterable<Buffer>
  /** Gives up what has not been read. */
  close(): void
}

/**
 * Opens a recording or a part of it; null when the provider has none. A provider that only gives the whole has the part cut out of it here.
 * A stream that breaks off is taken up again once, by a request for the rest.
 */
export async function openPart(
  open: OpenRecording,
  asked: RangeRequest | null,
  options: PartOptions,
): Promise<RecordingPart | null> {
  const answer = await locate(open, asked, options.maximumBytes)
  if (answer === null || 'status' in answer) return answer
  return {
    status: asked && answer.bounds ? 206 : 200,
    length: answer.length,
    bounds: answer.bounds,
    type: audioType(answer.beginning, answer.declaredType),
    chunks: answer.bounds ? resumed(open, answer, answer.bounds, options) : upTo(answer.stream, options.maximumBytes),
    close: answer.stream.close,
  }
}

/** Where in a provider's answer the bytes are that were asked for. */
interface Located {
  readonly stream: ByteStream
  readonly length: number | null
  readonly bounds: Bounds | null
  /** Bytes that come before them. */
  readonly skip: number
  /** The recording's first bytes, when they came. */
  readonly beginning: Buffer | null
  readonly declaredType: string | undefined
}

type Unsatisfiable = RecordingPart & { readonly status: 416 }

async function locate(
  open: OpenRecording,
  asked: RangeRequest | null,
  maximumBytes: number,
): Promise<Located | Unsatisfiable | null> {
  const reply = await open(asked && printRange(asked))
  if (!reply) return null
  const { headers, stream } = reply
  if (!stream) {
    if (asked === null) throw badRange('refused the whole of a recording as if it were a part')
    return unsatisfiable(parseUnsatisfied(headers['content-range']))
  }
  try {
    const found = reply.status === 206 ? inPart(reply, stream, asked) : inWhole(reply, stream, asked)
    const coming =
      reply.status === 206 && found?.bounds ? lengthOf(found.bounds) : parseLength(headers['content-length'])
    if (coming !== null && coming > maximumBytes) throw tooLarge(maximumBytes)
    if (found) return found
    stream.close()
    return unsatisfiable(parseLength(headers['content-length']))
  } catch (error) {
    stream.close()
    throw error
  }
}

function inPart({ headers }: FileReply, stream: ByteStream, asked: RangeRequest | null): Located {
  const told = parseContentRange(headers['content-range'])
  if (!told || !asked || !isWithin(told.bounds, asked, told.length)) {
    throw badRange('answered with a part of a recording that was not asked for')
  }
  const beginning = told.bounds.first === 0 ? stream.beginning : null
  return { ...told, stream, skip: 0, beginning, declaredType: headers['content-type'] }
}

/** A server may give less than was asked for, RFC 9110 §15.3.7, but not something else. */
function isWithin({ first, last }: Bounds, asked: RangeRequest, length: number | null): boolean {
  if (asked.first !== null) return first === asked.first && (asked.last === null || last <= asked.last)
  return last - first < (asked.last ?? 0) && (length === null || last === length - 1)
}

/** Null when what was asked for is not in it. */
function inWhole({ headers }: FileReply, stream: ByteStream, asked: RangeRequest | null): Located | null {
  const length = parseLength(headers['content-length'])
  const bounds = length === null ? null : boundsIn(asked ?? { first: 0, last: null }, length)
  if (length !== null && bounds === null) return null
  const found = { stream, length, bounds, skip: bounds?.first ?? 0, beginning: stream.beginning }
  return { ...found, declaredType: headers['content-type'] }
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
  { maximumBytes, signal }: PartOptions,
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

/** The rest of the same recording, as far as can be told. */
function isSame({ bounds, length, stream }: Located, rest: Bounds, { length: before }: Located): boolean {
  const same = length === before && bounds?.first === rest.first && bounds.last === rest.last
  if (!same) stream.close()
  return same
}

/** The located bytes, no more of them than `wanted`. */
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
