import { ProviderError } from '../../errors.js'

/** An answer without the one key it must have: told by that key, never by what stood there instead. */
export const wrongShape = (key: string) =>
  new ProviderError('PROVIDER_BAD_RESPONSE', `Bulutfon answered "${key}" in a shape that cannot be read`, {
    reason: 'WRONG_SHAPE',
  })
