import { baseUrl } from '../base-url.js'
import { defineProvider } from '../provider.js'
import { railsApiV1Flow, railsApiV1LinkAuth } from './auth.js'
import { railsApiV1Capabilities } from './capabilities.js'
import { railsApiV1Settings } from './settings.js'
import { railsApiV1Source } from './source.js'

/**
 * An API made from the public Rails template with Doorkeeper tokens: user profiles and nothing
 * else.
 */
export const railsApiV1 = defineProvider({
  slug: 'rails-api-v1',
  name: 'Rails API v1',
  flows: ['OAUTH2_PASSWORD', 'OAUTH2_AUTHORIZATION_CODE'],
  capabilities: railsApiV1Capabilities,
  // The API names neither; required by the contract, not used.
  defaults: { country: 'TR', timeZone: 'UTC' },
  settings: railsApiV1Settings,
  connect: (settings, account) => {
    const url = baseUrl(settings.urls.api)
    return {
      flow: railsApiV1Flow(settings, url),
      origins: [new URL(url).origin],
      source: (rest) => railsApiV1Source(rest, url, account),
    }
  },
  linkAuth: railsApiV1LinkAuth,
  emulator: async () => (await import('./emulator/emulator.js')).startRailsApiV1Emulator,
})
