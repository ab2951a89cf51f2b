// @ts-check
import { baseUrl, defineProvider, password, Secret } from 'dialgraph/provider'

import { capabilities } from './capabilities.js'
import { settings } from './settings.js'
import { acmePhonesSource } from './source.js'

/** Seconds. What the documentation says of tokens; every answer has its own. */
const DOCUMENTED_LIFETIME = 3600

/** Acme Phones: a company's phones, over its REST API with OAuth 2. */
export const acmePhones = defineProvider({
  slug: 'acme-phones',
  name: 'Acme Phones',
  flows: ['OAUTH2_PASSWORD'],
  capabilities,
  defaults: { country: 'CZ', timeZone: 'Europe/Prague' },
  settings,
  connect: ({ urls, auth }, account) => {
    const api = baseUrl(urls.api)
    return {
      flow: password({
        endpoint: {
          url: `${api}/oauth/token`,
          client: { client_id: auth.clientId, client_secret: new Secret(auth.clientSecret) },
          documentedLifetime: DOCUMENTED_LIFETIME,
        },
        username: auth.username,
        password: new Secret(auth.password),
        // The provider's own word for a token that has run out, or was revoked.
        isExpired: ({ status }) => status === 401,
      }),
      origins: [new URL(api).origin],
      source: (rest) => acmePhonesSource(rest, api, account),
    }
  },
  linkAuth: ({ flow, credentials: { username, email, password: secret, clientId, clientSecret } }) =>
    flow === 'OAUTH2_PASSWORD'
      ? { flow: 'password', username: username ?? email, password: secret, clientId, clientSecret }
      : null,
  emulator: async () => (await import('./emulator.js')).startAcmePhonesEmulator,
})
