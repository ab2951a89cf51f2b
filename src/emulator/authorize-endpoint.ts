import type { AuthorizationCodes, Consent } from './authorization-codes.js'
import { codePage, consentPage, refusalPage } from './consent-page.js'
import { bodyFields, type EmulatedResponse, type Route } from './serve.js'

/** An application that may ask for consent. */
export interface RegisteredClient {
  readonly id: string
  readonly secret: string
  readonly name: string
  /**
   * Registered redirect URIs, compared exactly. Absent: any loopback address, and the out-of-band
   * one.
   */
  readonly redirectUris?: readonly string[]
}

export interface AuthorizeSettings {
  readonly provider: string
  readonly clients: readonly RegisteredClient[]
  readonly codes: AuthorizationCodes
  readonly defaultScope: string
  /** Who can be signed in at the provider. */
  readonly people: readonly { readonly account: string; readonly name: string }[]
}

/** The redirect URI of applications without one: the code is shown to the person instead. */
export const OUT_OF_BAND = 'urn:ietf:wg:oauth:2.0:oob'

/**
 * `GET` and `POST /oauth/authorize` (RFC 6749 §4.1.1–2) as Doorkeeper serves them: consent page,
 * decision, redirect.
 */
export function authorizeRoutes(settings: AuthorizeSettings): Route[] {
  return [
    {
      method: 'GET',
      pattern: /\/oauth\/authorize\/?/,
      handle(request) {
        const parameters = Object.fromEntries(request.query)
        const client = clientOf(settings, parameters)
        if (typeof client === 'string') return refused(settings, client)
        if (parameters['response_type'] !== 'code') return back(parameters, { error: 'unsupported_response_type' })
        return showConsent(settings, client, parameters)
      },
    },
    {
      method: 'POST',
      pattern: /\/oauth\/authorize\/?/,
      handle(request) {
        const parameters = bodyFields(request) ?? {}
        const client = clientOf(settings, parameters)
        if (typeof client === 'string') return refused(settings, client)
        if (parameters['decision'] !== 'approve') {
          return back(parameters, { error: 'access_denied', error_description: 'The resource owner refused.' })
        }
        const account = settings.people.find((person) => person.account === parameters['account']) ?? settings.people[0]
        return account ? approve(settings, parameters, account.account) : refused(settings, 'Nobody is signed in.')
      },
    },
    {
      method: 'GET',
      pattern: /\/oauth\/authorize\/([^/]+)/,
      handle: ({ params }) => html(codePage(settings.provider, params[0] ?? '')),
    },
  ]
}

type RequestParameters = Readonly<Record<string, string>>

function clientOf(
  { clients }: AuthorizeSettings,
  { client_id, redirect_uri = '' }: RequestParameters,
): RegisteredClient | string {
  const client = clients.find(({ id }) => id === client_id)
  if (!client) return 'The application is not known.'
  const isRegistered = client.redirectUris ? client.redirectUris.includes(redirect_uri) : isOnThisMachine(redirect_uri)
  return isRegistered ? client : 'The redirect address is not one of the application.'
}

function isOnThisMachine(address: string): boolean {
  if (address === OUT_OF_BAND) return true
  if (!URL.canParse(address)) return false
  const { protocol, hash, hostname } = new URL(address)
  const isWeb = protocol === 'http:' || protocol === 'https:'
  return isWeb && hash === '' && ['127.0.0.1', 'localhost', '[::1]'].includes(hostname)
}

function showConsent(
  settings: AuthorizeSettings,
  client: RegisteredClient,
  parameters: RequestParameters,
): EmulatedResponse {
  const scope = parameters['scope'] || settings.defaultScope
  const kept = ['client_id', 'redirect_uri', 'response_type', 'state', 'code_challenge', 'code_challenge_method']
  const fields = Object.fromEntries(
    kept.flatMap((name) => (parameters[name] === undefined ? [] : [[name, parameters[name]]])),
  )
  return html(
    consentPage({
      provider: settings.provider,
      application: client.name,
      scopes: scope.split(' ').filter(Boolean),
      people: settings.people,
      action: '/oauth/authorize',
      fields: { ...fields, scope },
    }),
  )
}

function approve(settings: AuthorizeSettings, parameters: RequestParameters, account: string): EmulatedResponse {
  const challenge = challengeOf(parameters)
  if (challenge === 'unsupported') return back(parameters, { error: 'invalid_request' })
  const code = settings.codes.issue({
    account,
    clientId: parameters['client_id'] ?? '',
    redirectUri: parameters['redirect_uri'] ?? '',
    scope: parameters['scope'] || settings.defaultScope,
    challenge,
  })
  if (parameters['redirect_uri'] === OUT_OF_BAND) return redirect(`/oauth/authorize/${code}`)
  return back(parameters, { code })
}

function challengeOf(parameters: RequestParameters): Consent['challenge'] | 'unsupported' {
  const value = parameters['code_challenge']
  if (!value) return null
  const method = parameters['code_challenge_method'] || 'plain'
  return method === 'S256' || method === 'plain' ? { value, method } : 'unsupported'
}

/** Redirects to the application with its `state`; without a redirect URI the outcome is a page. */
function back(parameters: RequestParameters, outcome: RequestParameters): EmulatedResponse {
  const address = parameters['redirect_uri'] ?? ''
  if (address === OUT_OF_BAND) return html(refusalPage('OAuth', outcome['error_description'] ?? outcome['error'] ?? ''))
  const url = new URL(address)
  for (const [name, value] of Object.entries(outcome)) url.searchParams.set(name, value)
  if (parameters['state'] !== undefined) url.searchParams.set('state', parameters['state'])
  return redirect(url.href)
}

const redirect = (location: string): EmulatedResponse => ({
  status: 302,
  headers: { location, 'cache-control': 'no-store' },
})

/** Status 200 for refusals too, as Doorkeeper does up to version 4. */
const html = (body: string): EmulatedResponse => ({
  status: 200,
  headers: { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' },
  body,
})

const refused = ({ provider }: AuthorizeSettings, reason: string): EmulatedResponse =>
  html(refusalPage(provider, reason))
