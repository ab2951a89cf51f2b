import { baseUrl } from '../base-url.js'
import { defineProvider } from '../provider.js'
import { bulutfonFlow, bulutfonLinkAuth } from './auth.js'
import { bulutfonCapabilities, bulutfonCosts } from './capabilities.js'
import { bulutfonWebhook } from './live.js'
import { bulutfonSettings } from './settings.js'
import { bulutfonSource } from './source.js'

/** Bulutfon, a hosted PBX from Turkey: API version 1. */
export const bulutfon = defineProvider({
  slug: 'bulutfon',
  name: 'Bulutfon',
  flows: ['OAUTH2_AUTHORIZATION_CODE', 'STATIC_TOKEN', 'PASSWORD_PER_CALL'],
  capabilities: bulutfonCapabilities,
  costs: bulutfonCosts,
  defaults: { country: 'TR', timeZone: 'Europe/Istanbul' },
  settings: bulutfonSettings,
  connect: (settings, account) => {
    const { urls, options } = settings
    const api = baseUrl(urls.api)
    return {
      flow: bulutfonFlow(settings, account),
      origins: [new URL(api).origin, new URL(urls.token).origin],
      source: bulutfonSource(api, account, options.pageSize),
    }
  },
  linkAuth: bulutfonLinkAuth,
  webhook: bulutfonWebhook,
  emulator: async () => (await import('./emulator/emulator.js')).startBulutfonEmulator,
})
