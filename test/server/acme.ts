import { z } from 'zod'

import { defineProvider, type Provider } from '../../src/providers/provider.js'

/** A provider that exists for the configuration's tests alone: two ways to log in, one address without a default. */
export const acme: Provider = defineProvider({
  slug: 'acme',
  name: 'Acme',
  flows: ['STATIC_TOKEN', 'OAUTH2_PASSWORD'],
  capabilities: [],
  defaults: { country: 'TR', timeZone: 'Europe/Istanbul' },
  settings: z.object({
    urls: z.strictObject({
      api: z.url(),
      gateway: z.url().default('http://gateway.acme.example/v1'),
    }),
    auth: z.discriminatedUnion('flow', [
      z.strictObject({ flow: z.literal('static_token'), token: z.string().min(1) }),
      z.strictObject({
        flow: z.literal('password'),
        username: z.string().min(1),
        password: z.string().min(1),
        gateway: z.boolean().optional(),
      }),
    ]),
    options: z
      .strictObject({ pageSize: z.number().int().max(500).default(100), strict: z.boolean().default(false) })
      .prefault({}),
  }),
  connect: ({ urls, auth }) => ({
    flow: {
      kind: 'STATIC_TOKEN',
      fingerprint: 'acme',
      apply: (request) => request,
      isExpired: () => false,
    },
    origins: [urls.api, ...('gateway' in auth && auth.gateway ? [urls.gateway] : [])].map((url) => new URL(url).origin),
    source: () => ({ profile: () => Promise.reject(new Error('not asked in these tests')) }),
  }),
  emulator: () => Promise.reject(new Error('acme has no emulator')),
})
