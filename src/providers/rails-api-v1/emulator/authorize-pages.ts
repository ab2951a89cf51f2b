import type { EmulatedResponse, EmulatedRequest, Route } from '../../../emulator/serve.js'
import type { Application } from './applications.js'
import type { AccessGrants } from './access-grants.js'
import type { User } from './directory.js'
import type { Doorkeeper } from './doorkeeper.js'
import { escapeHtml, html, page, route, textOf, type RequestParameters } from './framework.js'
import { scopesOf } from './knobs.js'
import { redirect, type SignIn } from './sign-in.js'
import { requestedScopes } from './token-endpoint.js'

/** Shows the code on a page instead of redirecting. */
const outOfBand = 'urn:ietf:wg:oauth:2.0:oob'

/** A validated authorization request. */
interface PreAuthorization {
  readonly application: Application
  readonly redirectUri: string
  readonly scopes: readonly string[]
  readonly state: string | null
}

/** `/oauth/authorize`: consent of the signed-in person. PKCE parameters are ignored. */
export function authorizePages(
  { knobs, dialect, applications, tokens }: Doorkeeper,
  codes: AccessGrants,
  signIn: SignIn,
): Route[] {
  const show = personal('GET', (asked, user) =>
    hasConsented(asked, user) ? approve(asked, user) : html(consent(asked)),
  )
  const decide = personal('POST', (asked, user, parameters) =>
    textOf(parameters, '_method') === 'delete' ? refuse(asked) : approve(asked, user),
  )
  const withdraw = personal('DELETE', refuse)
  const native = route('GET', /\/oauth\/authorize\/native/, (request) =>
    html(
      page(
        'Authorization code',
        `<h1>Authorization code</h1><code>${escapeHtml(request.query.get('code') ?? '')}</code>`,
      ),
    ),
  )
  return [show, decide, withdraw, native]

  function personal(
    method: string,
    handle: (asked: PreAuthorization, user: User, parameters: RequestParameters) => EmulatedResponse,
  ): Route {
    return route(method, /\/oauth\/authorize/, (request: EmulatedRequest, parameters) => {
      const person = signIn.userOf(request)
      if ('redirect' in person) return person.redirect
      const asked = check(parameters)
      // Refused on a page with status 200: an unverified redirect URI must not be used.
      if (typeof asked === 'string')
        return html(page('An error has occurred', `<h1>An error has occurred</h1><p>${asked}</p>`))
      return handle(asked, person.user, parameters)
    })
  }

  /** The validated request, or the error. */
  function check(parameters: RequestParameters): PreAuthorization | string {
    const application = Object.values(applications).find(({ uid }) => uid === textOf(parameters, 'client_id'))
    if (!application) return 'Unknown client.'
    const redirectUri = textOf(parameters, 'redirect_uri')
    if (redirectUri === null || !isRegistered(redirectUri))
      return 'The redirect address is malformed or not registered.'
    if (textOf(parameters, 'response_type') !== 'code') return 'This response type is not offered here.'
    const scopes = requestedScopes(parameters) ?? scopesOf(knobs)
    if (scopes.length === 0 && dialect.authorizeNeedsScope) return 'Missing required parameter: scope.'
    if (!scopes.every((scope) => scopesOf(knobs).includes(scope))) return 'A requested scope is not known here.'
    return { application, redirectUri, scopes, state: textOf(parameters, 'state') }
  }

  function isRegistered(uri: string): boolean {
    if (knobs.redirectUris) return knobs.redirectUris.includes(uri)
    if (uri === outOfBand) return true
    if (!URL.canParse(uri)) return false
    const { protocol, hostname, hash } = new URL(uri)
    const isLoopback = ['127.0.0.1', 'localhost', '[::1]'].includes(hostname)
    return hash === '' && (protocol === 'https:' || (protocol === 'http:' && isLoopback))
  }

  /** An unrevoked token with the same scopes counts as consent, even an expired one. */
  function hasConsented({ application, scopes }: PreAuthorization, user: User): boolean {
    return tokens
      .rows()
      .some(
        (row) =>
          !row.revoked &&
          row.ownerId === user.id &&
          row.application.uid === application.uid &&
          [...row.scopes].sort().join(' ') === [...scopes].sort().join(' '),
      )
  }

  function approve({ application, redirectUri, scopes, state }: PreAuthorization, user: User): EmulatedResponse {
    const code = codes.issue({ application, ownerId: user.id, redirectUri, scopes })
    if (redirectUri === outOfBand)
      return redirect(`/oauth/authorize/native?${new URLSearchParams({ code }).toString()}`)
    return redirect(withQuery(redirectUri, { code, ...(state === null ? {} : { state }) }))
  }

  function refuse({ redirectUri, state }: PreAuthorization): EmulatedResponse {
    const error = { error: 'access_denied', error_description: 'The resource owner said no.' }
    if (redirectUri === outOfBand) return html(page('An error has occurred', `<h1>${error.error_description}</h1>`))
    return redirect(withQuery(redirectUri, { ...error, ...(state === null ? {} : { state }) }))
  }
}

/** Appends parameters; the rest of the URI stays unchanged. */
const withQuery = (uri: string, parameters: Record<string, string>): string =>
  `${uri}${uri.includes('?') ? '&' : '?'}${new URLSearchParams(parameters).toString()}`

function consent({ application, redirectUri, scopes, state }: PreAuthorization): string {
  const hidden = Object.entries({
    client_id: application.uid,
    redirect_uri: redirectUri,
    state: state ?? '',
    response_type: 'code',
    scope: scopes.join(' '),
  })
    .map(([name, value]) => `<input type="hidden" name="${name}" value="${escapeHtml(value)}">`)
    .join('')
  return page(
    'Authorization required',
    `<h1>Authorize <strong>${escapeHtml(application.name)}</strong> to use your account?</h1>
<form action="/oauth/authorize" method="post">${hidden}<input type="submit" value="Authorize"></form>
<form action="/oauth/authorize" method="post"><input type="hidden" name="_method" value="delete">${hidden}<input type="submit" value="Deny"></form>`,
  )
}
