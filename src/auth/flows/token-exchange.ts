import { ProviderError } from '../../errors.js'
import { GrantRefused, type Flow } from '../flow.js'
import { bearer } from './carry.js'
import { fingerprint } from './fingerprint.js'
import { postLogin } from './json-login.js'
import { refreshTokenGrant } from './refresh-token.js'
import { readGrant, type TokenEndpoint } from './token-endpoint.js'

export interface TokenExchangeSettings {
  /** Where one login becomes another. */
  readonly url: string
  /** The login that acts. */
  readonly actor: Flow
  /** Who it acts for: an e-mail address or a login. */
  readonly subject: string
  /** Where a refresh token is used, should the exchange give one. */
  readonly endpoint: TokenEndpoint
  readonly isExpired: Flow['isExpired']
}

/** Undocumented, so short: too short costs a request, too long a refusal. */
const ASSUMED_LIFETIME = 300

/**
 * One login acts for another person: IPEX' `/token-exchange`, which is not RFC 8693 but a JSON body `{email}` under the
 * actor's token. The answer is undocumented and read like any token answer; without a refresh token the manager
 * exchanges anew.
 */
export function tokenExchange({ url, actor, subject, endpoint, isExpired }: TokenExchangeSettings): Flow {
  return {
    kind: 'TOKEN_EXCHANGE',
    fingerprint: fingerprint('token_exchange', url, subject, actor.fingerprint),
    impersonation: { actor, subject },
    async acquire(exchange, actorToken) {
      if (!actorToken) throw new GrantRefused('actor', 'There is no login to act with')
      const { request, response } = await postLogin(exchange, {
        url,
        body: { email: subject },
        headers: { authorization: `Bearer ${actorToken.reveal()}` },
        refusals: { 400: 'denied', 401: 'actor', 403: 'denied', 404: 'denied' },
      })
      return readGrant(response, request, { ...endpoint, documentedLifetime: ASSUMED_LIFETIME })
    },
    // Whatever the endpoint has against refreshing an exchanged login, exchanging again needs none of it.
    refresh: (exchange, refreshToken) =>
      refreshTokenGrant(endpoint)(exchange, refreshToken).catch((error: unknown) => {
        const refused =
          error instanceof GrantRefused || (error instanceof ProviderError && error.code === 'PROVIDER_MISCONFIGURED')
        throw refused ? new GrantRefused('invalid_grant', error.message) : error
      }),
    apply: bearer,
    isExpired,
  }
}
