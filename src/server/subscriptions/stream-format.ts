import { asChunk } from './http-chunk.js'
import type { Framing } from './payload.js'

/** How results stand in the body of a response that goes on. */
export interface StreamFormat {
  readonly contentType: string
  /** Sent at once, with the head. */
  readonly opening: string
  readonly next: Framing<Buffer>
  /** The same, as a chunk of a response over HTTP/1.1. */
  readonly nextChunk: Framing<Buffer>
  readonly heartbeat: string
  /** Nothing follows, and the client should not come back. */
  readonly completion: string
}

const nextEvents: Framing<Buffer> = (texts) =>
  Buffer.from(texts.map((text) => `event: next\ndata: ${text}\n\n`).join(''))

/**
 * Server-sent events as graphql-sse has them, in distinct connections: any event but `next` and
 * `complete` is fatal to its client, hence comments as heartbeats. There are no ids: a client goes
 * on by the cursor that is in its events, so `Last-Event-ID` is not read.
 */
export const eventStream: StreamFormat = {
  contentType: 'text/event-stream; charset=utf-8',
  opening: ':\n\n',
  next: nextEvents,
  nextChunk: asChunk(nextEvents),
  heartbeat: ':\n\n',
  // EventSource leaves out events without data.
  completion: 'event: complete\ndata: \n\n',
}

const PART = '\r\ncontent-type: application/json\r\n\r\n'
const BOUNDARY = '\r\n--graphql'

const nextParts: Framing<Buffer> = (texts) =>
  Buffer.from(texts.map((text) => `${PART}{"payload":${text}}${BOUNDARY}`).join(''))

/**
 * Apollo's multipart subscription protocol. A client takes a part only once it sees the boundary
 * after it, so each part is sent with that. The content type has no parameters: Apollo iOS compares
 * it as a whole.
 */
export const multipartStream: StreamFormat = {
  contentType: 'multipart/mixed;boundary="graphql";subscriptionSpec=1.0',
  opening: `${BOUNDARY}${PART}{}${BOUNDARY}`,
  next: nextParts,
  nextChunk: asChunk(nextParts),
  heartbeat: `${PART}{}${BOUNDARY}`,
  completion: '--\r\n',
}
