import { authorizeRoutes, type RegisteredClient } from '../../../emulator/authorize-endpoint.js'
import type { AuthorizationCodes } from '../../../emulator/authorization-codes.js'
import type { EmulatorClock } from '../../../emulator/emulator.js'
import { json, type EmulatedResponse, type EmulatedRequest, type Route } from '../../../emulator/serve.js'
import type { IssuedToken, TokenBook } from '../../../emulator/token-book.js'
import type { AccountName, Company } from './companies.js'
import type { BulutfonKnobs } from './knobs.js'
import { notFound } from './refusals.js'

export interface OAuthSettings {
  readonly client: RegisteredClient
  readonly companies: () => Readonly<Record<AccountName, Company>>
  readonly tokens: () => TokenBook
  readonly codes: AuthorizationCodes
  readonly knobs: BulutfonKnobs
  readonly clock: Pick<EmulatorClock, 'now'>
  /** Changes a token response, for servers that omit keys or send nonsense. */
  readonly alter: (answer: Readonly<Record<string, unknown>>) => unknown
}

/** The default scope of php-sdk. */
export const DEFAULT_SCOPE = 'cdr'

/** Authorization page, token endpoint and token information, like Doorkeeper 2 to 4. */
export function oauthRoutes(settings: OAuthSettings): Route[] {
  const people = Object.values(settings.companies()).map(({ account, login, pbx }) => ({
    account,
    name: `${login.email} (${pbx['name']})`,
  }))
  return [
    ...authorizeRoutes({
      provider: 'Bulutfon',
      clients: [settings.client],
      codes: settings.codes,
      defaultScope: DEFAULT_SCOPE,
      people,
    }),
    { method: 'POST', pattern: /\/oauth\/token\/?/, handle: (request) => tokenAnswer(settings, request) },
    {
      method: 'GET',
      pattern: /\/token-info\/([^/]+?)\/?/,
      handle: ({ params }) => tokenInfo(settings, params[0] ?? ''),
    },
  ]
}

function tokenAnswer(settings: OAuthSettings, request: EmulatedRequest): EmulatedResponse {
  const form = formOf(request)
  const grantType = form?.get('grant_type')
  if (!form || !grantType) return refused('invalid_request', 'The request is not a form or a parameter is missing.')
  const { client } = settings
  if (form.get('client_id') !== client.id || form.get('client_secret') !== client.secret) {
    return refused('invalid_client', 'The client is unknown or its secret is wrong.')
  }
  if (grantType === 'authorization_code') return redeemCode(settings, form)
  if (grantType === 'refresh_token') return refresh(settings, form)
  return refused('unsupported_grant_type', 'The server does not know this type of grant.')
}

/** Some clients send a form without a content type; JSON is not accepted. */
function formOf({ headers, body }: EmulatedRequest): URLSearchParams | null {
  const type = headers['content-type'] ?? ''
  return type === '' || type.startsWith('application/x-www-form-urlencoded')
    ? new URLSearchParams(body.toString('utf8'))
    : null
}

function redeemCode({ codes, tokens, client, ...settings }: OAuthSettings, form: URLSearchParams): EmulatedResponse {
  const [code, redirectUri] = [form.get('code'), form.get('redirect_uri')]
  if (!code || !redirectUri) return refused('invalid_request', 'A parameter is missing.')
  const consented = codes.redeem({ code, redirectUri, clientId: client.id, verifier: form.get('code_verifier') })
  if (!consented)
    return refused('invalid_grant', 'The code is unknown, used, too old, or not for this client and address.')
  return granted(settings, tokens().issue(consented))
}

function refresh({ tokens, ...settings }: OAuthSettings, form: URLSearchParams): EmulatedResponse {
  const refreshToken = form.get('refresh_token')
  if (!refreshToken) return refused('invalid_request', 'A parameter is missing.')
  const next = tokens().refresh(refreshToken)
  return next ? granted(settings, next) : refused('invalid_grant', 'The refresh token is unknown or revoked.')
}

function granted({ knobs, alter }: Pick<OAuthSettings, 'knobs' | 'alter'>, token: IssuedToken): EmulatedResponse {
  return json(
    alter({
      access_token: token.accessToken,
      token_type: 'bearer',
      expires_in: knobs.accessTokenSeconds,
      refresh_token: token.refreshToken,
      ...(knobs.era !== 'E1' && { scope: token.scope }),
      created_at: Math.floor(token.issuedAt / 1000),
    }),
    200,
    noStore,
  )
}

/** Doorkeeper of that time uses 401 for every error. */
const refused = (error: string, description: string): EmulatedResponse =>
  json({ error, error_description: description }, 401, {
    ...noStore,
    'www-authenticate': `Bearer realm="Doorkeeper", error="${error}", error_description="${description}"`,
  })

const noStore = { 'cache-control': 'no-store', pragma: 'no-cache' }

/** The token in the path is the only credential. */
function tokenInfo({ tokens, companies, clock }: OAuthSettings, token: string): EmulatedResponse {
  const row = tokens().find({ access: token })
  if (row && !row.accessRevoked) {
    const left = Math.max(0, Math.floor((row.expiresAt - clock.now()) / 1000))
    return json({ token, expired: tokens().isExpired(row), expires_in: left })
  }
  const isMaster = Object.values(companies()).some(({ masterToken }) => masterToken === token)
  return isMaster ? json({ token, expired: false }) : notFound()
}
