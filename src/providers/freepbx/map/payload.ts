import { withoutFields } from '../../../provider.js'

/** Keys of secrets, of this release or a later one. */
const SECRET = /pass|secret|pin|pwd|vm$/i

/** A record as it came, without what may be a secret: it is shown as `raw`. */
export const payloadOf = (value: unknown): unknown => withoutFields(value, SECRET)
