import { ProviderError } from '../../errors.js'
import type { HttpLimits } from '../limits.js'

export type BodyLimits = Pick<HttpLimits, 'responseBytes' | 'compressionRatio'>

/** `PROVIDER_BAD_RESPONSE`, `TOO_LARGE`; `request` names the request. */
export const tooLarge = (request: string, { responseBytes }: BodyLimits): ProviderError =>
  new ProviderError(
    'PROVIDER_BAD_RESPONSE',
    `${request} answered more than ${responseBytes} bytes, or more than it may unpack to`,
    { reason: 'TOO_LARGE' },
  )
