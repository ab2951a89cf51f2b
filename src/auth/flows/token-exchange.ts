import { ProviderError } from '../../errors.js'
import { GrantRefused, type Flow } from '../flow.js'
import { boomRefusal } from './boom.js'
import { bearer } from './carry.js'
import { fingerprint } from './fingerprint.js'
import { postLogin } from './json-login.js'
import { refreshTokenGrant } from './refresh-token.js'
import { readGrant, type TokenEndpoint } from './token-endpoint.js'

export interface TokenExchangeSettings {
  /** URL of the exchange. */
  readonly url: string
  /** The login that impersonates. */
  readonly actor: Flow
  /** Whom it impersonates: an e-mail address or a login. */
  readonly subject: string
  /** Where a refresh token is redeemed, should the exchange return one. */
  readonly endpoint: TokenEndpoint
  readonly isExpired: Flow['isExpired']
}

/** Seconds. Undocumented, so short: too short costs a request, too long a refusal. */
const ASSUMED_LIFETIME = 300

/**
 * One login impersonates another person: IPEX' `/token-exchange`, which is not RFC 8693 but a JSON
 * body `{email}` under the actor's token. The response is undocumented and read as a token
 * endpoint's; without a refresh token the manager exchanges again.
 */
export function tokenExchange({ url, actor, subject, endpoint, isExpired }: TokenExchangeSettings): Flow {
  return {
    kind: 'TOKEN_EXCHANGE',
    fingerprint: fingerprint('token_exchange', url, subject, actor.fingerprint),
    impersonation: { actor, subject },
    async acquire(send, actorToken) {
      if (!actorToken) throw new GrantRefused('actor', 'There is no login to act with')
      const { request, response } = await postLogin(send, {
        url,
        body: { email: subject },
        headers: { authorization: `Bearer ${actorToken.reveal()}` },
        refusal: boomRefusal({ 400: 'denied', 401: 'actor', 403: 'denied', 404: 'denied' }),
      })
      return readGrant(response, request, { ...endpoint, documentedLifetime: ASSUMED_LIFETIME })
    },
    // Why a refresh was refused does not matter: exchanging again does not need it.
    refresh: (send, refreshToken) =>
      refreshTokenGrant(endpoint)(send, refreshToken).catch((error: unknown) => {
        const refused =
          error instanceof GrantRefused || (error instanceof ProviderError && error.code === 'PROVIDER_MISCONFIGURED')
        throw refused ? new GrantRefused('invalid_grant', error.message) : error
      }),
    apply: bearer,
    isExpired,
  }
}
