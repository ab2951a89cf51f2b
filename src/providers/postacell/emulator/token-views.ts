import type { EmulatedRequest } from '../../../emulator/serve.js'
import type { Customer, Customers } from './customers.js'
import type { PostacellKnobs } from './knobs.js'
import { Refusal } from './refusal.js'
import { readBody, textField } from './request-body.js'
import type { ViewContext, View } from './rest-framework.js'
import { TokenRefused, type SimpleJwt } from './simple-jwt.js'
import type { Texts } from './texts.js'

const challenge = { 'www-authenticate': 'Bearer realm="api"' }

/**
 * `POST /api/token` and `POST /api/token/refresh`; unlike resources these always use 401 with a
 * challenge.
 */
export const tokenViews = (customers: Customers, tokens: SimpleJwt): View[] => [
  {
    pattern: /\/api\/token\//,
    name: 'Token Obtain Pair',
    description: 'Takes a user name (or e-mail) and a password, answers an access and a refresh token.',
    needsLogin: false,
    methods: {
      async POST({ request, texts }) {
        const { login, field, password } = credentials(await readBody(request, texts), texts)
        const customer = customers.byLogin(login, field)
        if (!customer?.active || customer.password !== password) {
          throw new Refusal(401, { detail: texts.noAccount }, challenge)
        }
        return tokens.login(customer)
      },
    },
  },
  {
    pattern: /\/api\/token\/refresh\//,
    name: 'Token Refresh',
    description: 'Takes a refresh token, answers a new access token.',
    needsLogin: false,
    methods: {
      async POST({ request, texts }: ViewContext) {
        const token = textField((await readBody(request, texts))['refresh'], texts)
        if ('fault' in token) throw new Refusal(400, { refresh: [token.fault] })
        try {
          return await tokens.refresh(token.text)
        } catch (error) {
          if (!(error instanceof TokenRefused)) throw error
          throw new Refusal(401, { detail: texts[error.fault], code: 'token_not_valid' }, challenge)
        }
      },
    },
  },
]

/** Field `email` when there is no `username`; `username` may hold an e-mail, too. */
function credentials(body: Readonly<Record<string, unknown>>, texts: Texts) {
  const field = body['username'] === undefined && body['email'] !== undefined ? 'email' : 'username'
  const login = textField(body[field], texts)
  const password = textField(body['password'], texts)
  if ('fault' in login || 'fault' in password) {
    throw new Refusal(400, {
      ...('fault' in login ? { [field]: [login.fault] } : {}),
      ...('fault' in password ? { password: [password.fault] } : {}),
    })
  }
  return { field, login: login.text, password: password.text } as const
}

/**
 * Authenticates by the Authorization header.
 *
 * @throws Refusal with the knob's status
 */
export function authenticator(knobs: PostacellKnobs, customers: Customers, tokens: SimpleJwt) {
  // A server whose first authentication class has no challenge responds 403 without the header.
  const refuse = (body: Record<string, unknown>) =>
    new Refusal(knobs.authFailureStatus, body, knobs.authFailureStatus === 401 ? challenge : {})

  return async (request: EmulatedRequest, texts: Texts): Promise<Customer> => {
    const [scheme, token, ...rest] = words(request)
    if (scheme !== 'Bearer') throw refuse({ detail: texts.notProvided })
    if (token === undefined || rest.length > 0) {
      throw refuse({ detail: texts.badHeader, code: 'bad_authorization_header' })
    }
    const customer = customers.byId(await userIdOf(token, texts))
    if (!customer) throw refuse({ detail: texts.userNotFound, code: 'user_not_found' })
    if (!customer.active) throw refuse({ detail: texts.userInactive, code: 'user_inactive' })
    if (knobs.checkRevokeToken && tokens.isOfOlderPassword(token, customer))
      throw refuse({ detail: texts.passwordChanged, code: 'password_changed' })
    return customer
  }

  async function userIdOf(token: string, texts: Texts): Promise<number> {
    try {
      return await tokens.userIdOf(token, 'access')
    } catch (error) {
      if (!(error instanceof TokenRefused)) throw error
      const message = { token_class: 'AccessToken', token_type: 'access', message: texts[error.fault] }
      throw refuse({ detail: texts.tokenNotValid, code: 'token_not_valid', messages: [message] })
    }
  }
}

/** The access token of a request in the form the API accepts, or null. */
export function bearerOf(request: EmulatedRequest): string | null {
  const [scheme, token, ...rest] = words(request)
  return scheme === 'Bearer' && token !== undefined && rest.length === 0 ? token : null
}

const words = (request: EmulatedRequest): string[] =>
  (request.headers['authorization'] ?? '').split(/\s+/).filter(Boolean)
