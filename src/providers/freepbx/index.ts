import { baseUrl, defineProvider } from '../../provider.js'
import { freepbxFlow, freepbxLinkAuth } from './auth.js'
import { capabilitiesWithUpdate, freepbxCapabilities, freepbxCosts } from './capabilities.js'
import { freepbxSettings, type Addresses, type FreepbxSettings } from './settings.js'
import { freepbxSource } from './source.js'

/** FreePBX, an open PBX on Asterisk that companies run themselves: its module `api`, releases 15 to 17. */
export const freepbx = defineProvider({
  slug: 'freepbx',
  name: 'FreePBX',
  flows: ['OAUTH2_CLIENT_CREDENTIALS', 'OAUTH2_PASSWORD'],
  capabilities: freepbxCapabilities,
  costs: freepbxCosts,
  defaults: { country: 'US', timeZone: 'UTC' },
  settings: freepbxSettings,
  connect: ({ urls, auth, options }, account) => {
    const addresses = addressesOf(urls)
    return {
      flow: freepbxFlow(auth, addresses.token),
      ...(options.allowDestructiveUpdate && { capabilities: capabilitiesWithUpdate }),
      origins: [...new Set(Object.values(addresses).map((url) => new URL(url).origin))],
      source: freepbxSource(addresses, options, account),
    }
  },
  linkAuth: freepbxLinkAuth,
  emulator: async () => (await import('./emulator/emulator.js')).startFreepbxEmulator,
})

function addressesOf({ base, token, gql, rest }: FreepbxSettings['urls']): Addresses {
  const below = (path: string) => `${baseUrl(base ?? '')}/${path}`
  return { token: token ?? below('token'), gql: gql ?? below('gql'), rest: baseUrl(rest ?? below('rest')) }
}
