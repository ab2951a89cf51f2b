import type { Query, Rest } from '../../http/rest.js'
import { pathSegment } from '../../http/path-segment.js'
import type { Recordings } from '../provider.js'

/** A recording is named by its file, as in the rows of its call. */
export const ipexRecordings = (rest: Rest, url: string, always: Query): Recordings => ({
  async open(nativeName, { range }) {
    const filename = pathSegment(nativeName)
    return filename === null ? null : rest.file(`${url}/recordings/${filename}`, always, { range })
  },
})
