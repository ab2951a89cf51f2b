import { DidStatus, received, resource, text, toE164, type Did } from '../../../provider.js'
import type { WireRoute } from '../questions.js'
import { destinationOf, type Home } from './destination.js'
import { payloadOf } from './payload.js'

/**
 * An inbound route; null without its id. A pattern and the route for any number have no number, and
 * the same number with a condition for the caller is a row of its own.
 */
export function toDid(account: Home, value: unknown, fetchedAt: string): Did | null {
  const wire: WireRoute | null = received(value)
  const id = text(wire?.id)
  if (wire === null || id === null) return null
  const written = text(wire.extension) ?? ''
  return {
    ...resource('Did', account, id, payloadOf(value), fetchedAt),
    number: toE164(written, account.country),
    rawNumber: written,
    status: DidStatus.ACTIVE,
    nativeStatus: null,
    destinationRef: destinationOf(wire.destinationConnection),
    hours: null,
  }
}
