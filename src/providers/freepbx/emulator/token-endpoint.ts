import { bodyFields, json, type EmulatedRequest, type EmulatedResponse } from '../../../emulator/serve.js'
import type { IssuedToken } from '../../../emulator/token-book.js'
import { USER, type Application, type Applications } from './applications.js'
import { isSeventeen, type FreepbxKnobs } from './knobs.js'
import { covers, isScope } from './scopes.js'
import { ACCESS_SECONDS, USER_ID, type Tokens } from './tokens.js'

export interface TokenEndpointParts {
  readonly knobs: FreepbxKnobs
  readonly applications: Applications
  readonly tokens: Tokens
  /** Modules that are missing now. */
  readonly missing: () => readonly string[]
  /** The user's password, which may have been changed. */
  readonly password: () => string
}

/** `POST /token`; the errors are those of the wire contract's table, as each protocol spells them. */
export function tokenEndpoint(parts: TokenEndpointParts) {
  const { knobs, applications, tokens } = parts
  const refuse = refusals(isSeventeen(knobs))
  return (request: EmulatedRequest): EmulatedResponse => {
    const isJson = (request.headers['content-type'] ?? '').startsWith('application/json')
    const fields = isJson && isSeventeen(knobs) ? {} : (bodyFields(request) ?? {})
    const grant = fields['grant_type'] ?? ''
    if (!['client_credentials', 'password', 'refresh_token'].includes(grant)) return refuse.grantType()
    const basic = basicOf(request)
    const id = basic?.id ?? fields['client_id']
    const application = Object.values(applications).find((one) => one.id === id)
    const isAllowed =
      application && (application.grant === grant || (grant === 'refresh_token' && application.grant === 'password'))
    if (!application || !isAllowed || application.secret !== (basic?.secret ?? fields['client_secret']))
      return refuse.client(basic !== null)
    const wanted = scopesIn(fields['scope'])
    const wrong = wanted?.find((scope) => !isScope(scope, parts.missing()) || !isAllowedScope(scope, knobs))
    if (wrong !== undefined) return refuse.scope(wrong)
    if (grant === 'refresh_token') {
      const next = tokens.refresh(fields['refresh_token'] ?? '', application, wanted)
      return typeof next === 'string' ? refuse.refreshToken(next) : granted(next, true)
    }
    if (grant === 'password' && (fields['username'] !== USER.username || fields['password'] !== parts.password()))
      return refuse.user()
    return granted(issue(application, wanted), grant === 'password')
  }

  function issue(application: Application, wanted: readonly string[] | null): IssuedToken {
    const scopes = wanted ?? knobs.allowedScopes ?? ['gql', 'rest']
    return tokens.issue(application, scopes, application.grant === 'password' ? USER_ID : '')
  }
}

/** Neither the scope nor, but for a user, a refresh token. */
const granted = ({ accessToken, refreshToken }: IssuedToken, withRefreshToken: boolean): EmulatedResponse =>
  json(
    {
      token_type: 'Bearer',
      expires_in: ACCESS_SECONDS,
      access_token: accessToken,
      ...(withRefreshToken && { refresh_token: refreshToken }),
    },
    200,
    { 'content-type': 'application/json; charset=UTF-8' },
  )

const scopesIn = (scope: string | undefined): readonly string[] | null =>
  scope === undefined || scope.trim() === '' ? null : scope.trim().split(/ +/)

const isAllowedScope = (scope: string, { allowedScopes }: FreepbxKnobs): boolean =>
  allowedScopes === null || covers(allowedScopes, scope)

function basicOf({ headers }: EmulatedRequest): { readonly id: string; readonly secret: string } | null {
  const [, encoded] = /^Basic (\S+)$/.exec(headers['authorization'] ?? '') ?? []
  if (encoded === undefined) return null
  const [id = '', secret = ''] = Buffer.from(encoded, 'base64').toString().split(':')
  return { id, secret }
}

function refusals(seventeen: boolean) {
  const error = (status: number, code: string, message: string, hint?: string, headers = {}): EmulatedResponse =>
    json(
      {
        error: code,
        ...(seventeen && { error_description: message }),
        ...(hint !== undefined && seventeen && { hint }),
        message,
        ...(hint !== undefined && !seventeen && { hint }),
      },
      status,
      { 'content-type': 'application/json', ...headers },
    )
  return {
    client: (byBasic: boolean) =>
      error(
        ...([401, 'invalid_client', 'Client authentication failed', undefined] as const),
        byBasic || !seventeen ? { 'www-authenticate': 'Basic realm="OAuth"' } : {},
      ),
    scope: (scope: string) =>
      error(
        400,
        'invalid_scope',
        'The requested scope is invalid, unknown, or malformed',
        `Check the \`${scope}\` scope`,
      ),
    user: () =>
      seventeen
        ? error(400, 'invalid_grant', 'The user credentials were incorrect.')
        : error(401, 'invalid_credentials', 'The user credentials were incorrect.'),
    refreshToken: (hint: string) => error(401, 'invalid_request', 'The refresh token is invalid.', hint),
    grantType: () =>
      error(
        400,
        'unsupported_grant_type',
        'The authorization grant type is not supported by the authorization server.',
        seventeen ? 'Check that all required parameters have been provided' : 'Check the `grant_type` parameter',
      ),
  }
}
