import type { ProviderError } from '../../errors.js'
import type { Reply } from '../../http/rest.js'
import { list } from '../../model/values/wire-value.js'
import { badResponse } from '../bad-response.js'

/**
 * The bare array that the IPBX API answers a list with.
 *
 * @throws ProviderError PROVIDER_BAD_RESPONSE when the body is no array
 */
export function bareArray(path: string, { body }: Reply): readonly unknown[] {
  const items = list(body)
  if (!items) throw wrongShape(path, 'a list')
  return items
}

export const wrongShape = (path: string, expected: string): ProviderError =>
  badResponse(`GET ${path} answered something else than ${expected}`, 'WRONG_SHAPE')
