import { baseUrl } from '../base-url.js'
import { defineProvider } from '../provider.js'
import { configuredLogin, ipexFlow, ipexLinkAuth } from './auth.js'
import { ipexCapabilities, ipexCosts } from './capabilities.js'
import { ipexWebhook } from './live.js'
import { ipexSettings } from './settings.js'
import { ipexSource } from './source.js'

/** IPEX, a hosted PBX from the Czech Republic: the IPBX API and VOIPEX's login server. */
export const ipex = defineProvider({
  slug: 'ipex',
  name: 'IPEX',
  flows: ['OAUTH2_PASSWORD', 'TOKEN_EXCHANGE', 'JWT_LOGIN'],
  capabilities: ipexCapabilities,
  costs: ipexCosts,
  defaults: { country: 'CZ', timeZone: 'Europe/Prague' },
  settings: ipexSettings,
  connect: ({ urls, auth, options }, account) => {
    const [api, login, rest] = [baseUrl(urls.api), baseUrl(urls.auth), baseUrl(urls.rest)]
    return {
      flow: ipexFlow(auth, { auth: login, rest }, account.timeZone),
      origins: [api, login, rest].map((url) => new URL(url).origin),
      source: ipexSource({ urls: { api, rest }, options, login: configuredLogin(auth) }, account),
    }
  },
  linkAuth: ipexLinkAuth,
  webhook: ipexWebhook,
  emulator: async () => (await import('./emulator/emulator.js')).startIpexEmulator,
})
