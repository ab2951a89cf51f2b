import { ProviderError } from '../../errors.js'
import { describeRequest } from '../describe-request.js'
import type { HttpRequest } from '../http.js'
import type { HttpLimits } from '../limits.js'

export type BodyLimits = Pick<HttpLimits, 'responseBytes' | 'compressionRatio'>

/** `PROVIDER_BAD_RESPONSE`, `TOO_LARGE`. */
export const tooLarge = (request: HttpRequest, { responseBytes }: BodyLimits): ProviderError =>
  new ProviderError(
    'PROVIDER_BAD_RESPONSE',
    `${describeRequest(request)} answered more than ${responseBytes} bytes, or more than it may unpack to`,
    { reason: 'TOO_LARGE' },
  )
