import { createHash } from 'node:crypto'

import type { Flow } from '../../auth/flow.js'
import { withParameters } from '../../auth/flows/carry.js'
import type { Rest } from '../../http/rest.js'
import { pathSegment } from '../../http/path-segment.js'
import type { Recordings } from '../provider.js'

/**
 * A recording is named by the uuid of its call. Uses `/stream`; the download URL differs in its
 * disposition only.
 */
export const bulutfonRecordings = (rest: Rest, url: string): Recordings => ({
  async open(nativeName, { range }) {
    const uuid = pathSegment(nativeName)
    return uuid === null ? null : rest.file(`${url}/call-records/${uuid}/stream`, {}, { range })
  },
})

/**
 * Requests a recording with `sha1(token + uuid)`, which opens only that recording, in place of the
 * token.
 *
 * For the master token, which does not expire: a leaked URL would expose it for good. Not for OAuth
 * tokens: hashes of those are not documented, and only the plain token gets the response that says
 * it has expired.
 */
export const hashedForRecordings =
  (apply: Flow['apply']): Flow['apply'] =>
  (request, token) => {
    const uuid = /\/call-records\/([^/]+)\/stream$/.exec(new URL(request.url).pathname)?.[1]
    if (uuid === undefined) return apply(request, token)
    const hash = createHash('sha1').update(token.reveal() + decodeURIComponent(uuid))
    return withParameters(request, { access_token: hash.digest('hex') })
  }
