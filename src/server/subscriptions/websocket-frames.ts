import { MessageType } from 'graphql-ws'

import type { Framing, Payload } from './payload.js'

/** Messages of one payload, with a hole in each where its subscription's id belongs. */
interface Frames {
  readonly bytes: Buffer
  readonly holes: readonly number[]
}

const BEFORE_ID = Buffer.from('{"id":')
const AFTER_ID = Buffer.from(`,"type":"${MessageType.Next}","payload":`)
const TAIL = Buffer.from('}')

/** A whole text message, RFC 6455 §5.2. */
const WHOLE_TEXT = 0x81

/** By the length of the id, which is bounded. */
const framings = new Map<number, Framing<Frames>>()

/**
 * The `next` messages of a payload as the frames they are sent in. They are made once for all ids of
 * a length: what differs is the id alone, as JSON.
 */
export function nextFrames(id: Buffer, payload: Payload): Buffer {
  let framing = framings.get(id.length)
  if (!framing) framings.set(id.length, (framing = (texts) => framesOf(texts, id.length)))
  const { bytes, holes } = payload.frame(framing)
  const copy = Buffer.allocUnsafe(bytes.length)
  copy.set(bytes)
  for (const hole of holes) copy.set(id, hole)
  return copy
}

function framesOf(texts: readonly string[], idLength: number): Frames {
  const parts: Buffer[] = []
  const holes: number[] = []
  const hole = Buffer.alloc(idLength)
  let length = 0
  const add = (...added: readonly Buffer[]) => {
    for (const part of added) length += part.length
    parts.push(...added)
  }
  for (const text of texts) {
    const result = Buffer.from(text)
    const rest = [AFTER_ID, result, TAIL]
    add(headOf(rest.reduce((sum, part) => sum + part.length, BEFORE_ID.length + idLength)), BEFORE_ID)
    holes.push(length)
    add(hole, ...rest)
  }
  return { bytes: Buffer.concat(parts, length), holes }
}

function headOf(length: number): Buffer {
  if (length < 126) return Buffer.from([WHOLE_TEXT, length])
  const head = Buffer.alloc(length < 65_536 ? 4 : 10)
  head[0] = WHOLE_TEXT
  head[1] = head.length === 4 ? 126 : 127
  if (head.length === 4) head.writeUInt16BE(length, 2)
  else head.writeBigUInt64BE(BigInt(length), 2)
  return head
}
