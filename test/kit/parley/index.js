// @ts-check
import { baseUrl, defineProvider, password, Secret } from 'dialgraph/provider'

import { capabilities, costs } from './capabilities.js'
import { webhook } from './live.js'
import { settings } from './settings.js'
import { parleySource } from './source.js'

/** Seconds, as its documentation has it. */
const DOCUMENTED_LIFETIME = 900

/** Parley: a switchboard that nobody has. */
export const parley = defineProvider({
  slug: 'parley',
  name: 'Parley',
  flows: ['OAUTH2_PASSWORD'],
  capabilities,
  costs,
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
        isExpired: ({ status }) => status === 401,
      }),
      origins: [new URL(api).origin],
      source: (rest) => parleySource(rest, api, account),
    }
  },
  linkAuth: ({ flow, credentials: { username, email, password: secret, clientId, clientSecret } }) =>
    flow === 'OAUTH2_PASSWORD'
      ? { flow: 'password', username: username ?? email, password: secret, clientId, clientSecret }
      : null,
  webhook,
  emulator: async () => (await import('./emulator.js')).startParleyEmulator,
})
