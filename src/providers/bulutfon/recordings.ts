import { createHash } from 'node:crypto'

import type { Flow } from '../../auth/flow.js'
import { withParameters } from '../../auth/flows/carry.js'
import type { Rest } from '../../http/rest.js'
import { pathSegment } from '../../http/path-segment.js'
import type { Recordings } from '../provider.js'

/** A recording is called by its call's uuid. Of its two addresses, the one to listen to: the other differs in its disposition only. */
export const bulutfonRecordings = (rest: Rest, url: string): Recordings => ({
  async open(nativeName, { range }) {
    const uuid = pathSegment(nativeName)
    return uuid === null ? null : rest.file(`${url}/call-records/${uuid}/stream`, {}, { range })
  },
})

/**
 * Lets a recording be asked for by `sha1(token + uuid)`, which opens that recording and nothing else, in place of the token itself.
 *
 * Done for the master token: it does not run out, so what is in one address too many would be lost for good. Not for OAuth tokens: that
 * their hashes work is documented nowhere, and only the plain token is told when it has run out.
 */
export const hashedForRecordings =
  (apply: Flow['apply']): Flow['apply'] =>
  (request, token) => {
    const uuid = /\/call-records\/([^/]+)\/stream$/.exec(new URL(request.url).pathname)?.[1]
    if (uuid === undefined) return apply(request, token)
    const hash = createHash('sha1').update(token.reveal() + decodeURIComponent(uuid))
    return withParameters(request, { access_token: hash.digest('hex') })
  }
