import type { FastifyInstance } from 'fastify'

import { whenClosed } from './when-closed.js'

/** Characters; the bytes of a shorter answer come from Node's own pool, or cost little. */
const LARGE = 64 * 1024
/** Bytes of one place. A text that does not fit is sent as it is. */
const PLACE = 1024 * 1024
/** Places that are kept for the next answers. */
const MOST_KEPT = 8

/**
 * Encodes large answers into memory that answers before them were encoded into: a string is copied
 * three times on its way to the socket, each time into memory that nobody has touched yet. Must come
 * after whatever compresses answers, and before what counts their bytes.
 */
export function encodeLargeAnswers(app: FastifyInstance): void {
  const encoder = new TextEncoder()
  const free: Buffer[] = []
  const giveBack = (place: Buffer) => {
    if (free.length < MOST_KEPT) free.push(place)
  }
  app.addHook('onSend', (_request, reply, payload, done) => {
    if (typeof payload !== 'string' || payload.length < LARGE || payload.length > PLACE) return done(null, payload)
    const place = free.pop() ?? Buffer.allocUnsafeSlow(PLACE)
    const { read, written } = encoder.encodeInto(payload, place)
    if (read < payload.length) {
      giveBack(place)
      return done(null, payload)
    }
    // By then the system has all of it, or the connection is no more.
    whenClosed(reply, () => giveBack(place))
    done(null, place.subarray(0, written))
  })
}
