import { ProviderError } from '../errors.js'

/**
 * A response that cannot be used. `message` names the request and what was wrong with the response,
 * never what the response held; `reason` is a stable upper-case word.
 */
export const badResponse = (message: string, reason: string): ProviderError =>
  new ProviderError('PROVIDER_BAD_RESPONSE', message, { reason })
