import type { Rest } from '../../../http/rest.js'
import { pathSegment } from '../../../http/path-segment.js'
import type { Extension } from '../../../model/extension.js'
import { wrongShape } from '../list-response.js'
import { LINES } from '../freshness.js'
import type { ExtensionWrites } from '../../writes.js'
import { changedExtensionBody, newExtensionBody } from './extension-body.js'
import { mistakesInChange, mistakesInNew } from './extension-mistakes.js'
import type { ExtensionReads } from './extension-reads.js'
import { assertSuccess } from './said.js'

type Write<Name extends keyof ExtensionWrites> = NonNullable<ExtensionWrites[Name]>

/** `POST /extensions`. */
export const createExtension = (rest: Rest, url: string, reads: ExtensionReads): Write<'create'> => ({
  affects: LINES,
  mistakes: mistakesInNew,
  async check(ready) {
    const { problems } = newExtensionBody(ready)
    const { items } = await reads.list()
    const { number } = ready.input
    if (!items.some((extension) => extension.number === number)) return problems
    const message = `There is an extension ${number} already. Choose another number, or change that one.`
    return [...problems, { code: 'TAKEN', field: ['number'], message }]
  },
  async send(ready) {
    const { body } = newExtensionBody(ready)
    assertSuccess(await rest.write('POST', `${url}/extensions`, body, LINES), 'Making an extension')
    return {}
  },
  async look(ready) {
    const { body } = newExtensionBody(ready)
    const { items } = await reads.list()
    for (const { number, providerResourceId } of items) {
      if (number === body.number && (await reads.isAsSent(providerResourceId, body))) return {}
    }
    return null
  },
})

/** `PUT /extensions/:id`: what is not sent stays as it is. */
export const updateExtension = (rest: Rest, url: string, reads: ExtensionReads): Write<'update'> => ({
  affects: LINES,
  mistakes: mistakesInChange,
  check: (ready) => Promise.resolve(changedExtensionBody(ready).problems),
  async send(ready) {
    const { body } = changedExtensionBody(ready)
    const path = pathOf(ready.extension)
    assertSuccess(await rest.write('PUT', `${url}${path}`, body, LINES), `Changing extension ${ready.extension.number}`)
    return {}
  },
  async look(ready) {
    const { body } = changedExtensionBody(ready)
    return (await reads.isAsSent(ready.extension.providerResourceId, body)) ? {} : null
  },
})

/** `DELETE /extensions/:id`. */
export const deleteExtension = (rest: Rest, url: string, reads: ExtensionReads): Write<'delete'> => ({
  async send({ extension }) {
    assertSuccess(await rest.write('DELETE', `${url}${pathOf(extension)}`), `Deleting extension ${extension.number}`)
    return {}
  },
  // A row that cannot be read may be it.
  async look({ extension }) {
    const { items, unreadable } = await reads.list()
    const isGone = !items.some(({ providerResourceId }) => providerResourceId === extension.providerResourceId)
    return isGone && !unreadable ? {} : null
  },
})

function pathOf({ providerResourceId }: Extension): string {
  const segment = pathSegment(providerResourceId)
  if (segment === null) throw wrongShape('id')
  return `/extensions/${segment}`
}
