import { baseUrl } from '../base-url.js'
import { defineProvider } from '../provider.js'
import { postacellFlow, postacellLinkAuth } from './auth.js'
import { postacellCapabilities, postacellCosts } from './capabilities.js'
import { postacellSettings } from './settings.js'
import { postacellSource } from './source.js'

/** Postacell, bulk messaging from Turkey: contact lists, and no telephony. */
export const postacell = defineProvider({
  slug: 'postacell',
  name: 'Postacell',
  flows: ['JWT_LOGIN'],
  capabilities: postacellCapabilities,
  costs: postacellCosts,
  defaults: { country: 'TR', timeZone: 'Europe/Istanbul' },
  settings: postacellSettings,
  connect: (settings, account) => {
    const [api, gateway] = [baseUrl(settings.urls.api), baseUrl(settings.urls.gateway)]
    const used = settings.auth.gatewayCredential ? [api, gateway] : [api]
    return {
      flow: postacellFlow(settings, api),
      origins: used.map((url) => new URL(url).origin),
      source: (rest) => postacellSource(rest, { api, gateway }, settings, account),
    }
  },
  linkAuth: postacellLinkAuth,
  emulator: async () => (await import('./emulator/emulator.js')).startPostacellEmulator,
})
