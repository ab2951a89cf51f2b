import { json, type EmulatedResponse } from '../../../emulator/serve.js'
import type { Dialect, OAuthErrorName } from './dialect.js'

/** A refused request to `/oauth/…`; `missing` names a missing parameter. */
export class OAuthRefusal extends Error {
  constructor(
    readonly error: OAuthErrorName,
    readonly missing: string | null = null,
  ) {
    super(`refused with ${error}`)
    this.name = 'OAuthRefusal'
  }
}

const descriptions: Readonly<Record<OAuthErrorName, string>> = {
  invalid_request: 'A parameter of the request is missing, not supported or malformed.',
  invalid_client: 'The client is unknown or did not prove who it is.',
  invalid_grant: 'The grant is wrong, used up, revoked, or belongs to another client or redirect address.',
  invalid_scope: 'A requested scope is not known here.',
  invalid_token: 'The access token is invalid',
  unauthorized_client: 'This client may not do that.',
  unsupported_grant_type: 'This grant type is not offered here.',
}

export const noStore = { 'cache-control': 'no-store', pragma: 'no-cache' }

/** The error in the body and, as in Doorkeeper even at the token endpoint, in a challenge. */
export function oauthError(
  dialect: Dialect,
  { error, missing }: Pick<OAuthRefusal, 'error' | 'missing'>,
  { state = null, status = dialect.statusOf(error) }: { state?: string | null; status?: number } = {},
): EmulatedResponse {
  const description =
    missing !== null && dialect.namesMissingParameter ? `Missing required parameter: ${missing}.` : descriptions[error]
  const body = { error, error_description: description, ...(state === null ? {} : { state }) }
  return json(body, status, { ...noStore, 'www-authenticate': challenge(error, description) })
}

export const challenge = (error: string, description: string): string =>
  `Bearer realm="Doorkeeper", error="${error}", error_description="${description}"`
