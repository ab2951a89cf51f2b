import { ProviderError } from '../../errors.js'
import type { Reply } from '../../http/rest.js'
import { list } from '../../model/wire-value.js'

/** The bare arrays that the IPBX API answers its lists with. */
export function bareArray(path: string, { body }: Reply): readonly unknown[] {
  const items = list(body)
  if (!items) throw wrongShape(path, 'a list')
  return items
}

export const wrongShape = (path: string, expected: string): ProviderError =>
  new ProviderError('PROVIDER_BAD_RESPONSE', `GET ${path} answered something else than ${expected}`, {
    reason: 'WRONG_SHAPE',
  })
