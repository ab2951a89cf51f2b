import type { EmulatedResponse, EmulatedRequest } from '../../../emulator/serve.js'
import { textOf, type RequestParameters } from './framework.js'
import { challenge, noStore } from './oauth-answer.js'
import type { AccessTokens, TokenRow } from './access-tokens.js'

/** The access token a request carries: in the header, whatever the case of `Bearer`, else in a parameter. */
export function bearerOf(request: EmulatedRequest, parameters: RequestParameters): string | null {
  const [, token] = /^bearer\s+(\S+)$/i.exec(request.headers['authorization'] ?? '') ?? []
  return token ?? textOf(parameters, 'access_token') ?? textOf(parameters, 'bearer_token')
}

/**
 * The live row a request presents, or the 401 for it. Its body is empty and typed as HTML, whatever was asked for; the
 * reason stands in the challenge alone. Presenting counts as a use even when it ends in a 401.
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
