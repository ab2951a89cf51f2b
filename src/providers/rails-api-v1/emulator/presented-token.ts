import type { EmulatedResponse, EmulatedRequest } from '../../../emulator/serve.js'
import { textOf, type RequestParameters } from './framework.js'
import { challenge, noStore } from './oauth-answer.js'
import type { AccessTokens, TokenRow } from './access-tokens.js'

/**
 * The access token of a request: from the header with any case of `Bearer`, else from a parameter.
 */
export function bearerOf(request: EmulatedRequest, parameters: RequestParameters): string | null {
  const [, token] = /^bearer\s+(\S+)$/i.exec(request.headers['authorization'] ?? '') ?? []
  return token ?? textOf(parameters, 'access_token') ?? textOf(parameters, 'bearer_token')
}

/**
 * The live row of a request's token, or the 401. Its body is empty with an HTML type; the reason is
 * only in the challenge. Even a 401 counts as a use of the token.
 */
export function presented(
  tokens: AccessTokens,
  request: EmulatedRequest,
  parameters: RequestParameters,
): { readonly row: TokenRow } | { readonly refusal: EmulatedResponse } {
  const token = bearerOf(request, parameters)
  const row = token === null ? null : tokens.present(token)
  if (row && tokens.isLive(row)) return { row }
  const reason = !row ? 'is invalid' : row.revoked ? 'was revoked' : 'expired'
  return {
    refusal: {
      status: 401,
      headers: {
        ...noStore,
        'content-type': 'text/html',
        'www-authenticate': challenge('invalid_token', `The access token ${reason}`),
      },
    },
  }
}
