import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

import { describe, expect, test } from '@jest/globals'

import { providers } from '../../../src/providers/index.js'
import { checkConfig } from '../../../src/server/config/config.js'
import { configJsonSchema } from '../../../src/server/config/schema.js'

const FILE = fileURLToPath(new URL('../../../schema/config.schema.json', import.meta.url))
const printed = `${JSON.stringify(configJsonSchema(providers), null, 2)}\n`

interface Shape {
  readonly properties?: Readonly<Record<string, Shape & { readonly const?: string; readonly description?: string }>>
  readonly items?: { readonly oneOf: readonly Shape[] }
  readonly oneOf?: readonly Shape[]
  readonly additionalProperties?: boolean
}

describe('schema/config.schema.json', () => {
  test('is what the code says; `npm run schema` prints it anew', () => {
    if (process.env['UPDATE_SCHEMA']) writeFileSync(FILE, printed)
    expect(readFileSync(FILE, 'utf8')).toBe(printed)
  })

  const schema = JSON.parse(printed) as Shape
  const accounts = schema.properties!['accounts']!.items!.oneOf

  test('offers every provider, and every key of an account that is closed to others', () => {
    expect(accounts.map(({ properties }) => properties!['provider']!.const)).toEqual(providers.map(({ slug }) => slug))
    for (const { properties, additionalProperties } of accounts) {
      expect(additionalProperties).toBe(false)
      expect(Object.keys(properties!)).toEqual(
        expect.arrayContaining(['id', 'provider', 'label', 'workspace', 'country', 'timeZone', 'urls', 'auth']),
      )
    }
  })

  test('offers the flows of every provider', () => {
    const flows = Object.fromEntries(
      accounts.map(({ properties }) => [
        properties!['provider']!.const,
        properties!['auth']!.oneOf!.map((flow) => flow.properties!['flow']!.const),
      ]),
    )
    expect(flows).toEqual({
      bulutfon: ['authorization_code', 'static_token', 'password'],
      freepbx: ['client_credentials', 'password'],
      ipex: ['password', 'sso', 'b2b'],
      postacell: ['jwt_login'],
      'rails-api-v1': ['password', 'authorization_code'],
    })
  })

  test('says in a sentence what each key of the server, the store and the limits is for', () => {
    const described = (shape: Shape | undefined, path: string): string[] =>
      Object.entries(shape?.properties ?? {})
        .filter(([, { description }]) => !description)
        .map(([key]) => `${path}.${key}`)
    expect(['server', 'store', 'limits'].flatMap((section) => described(schema.properties![section], section))).toEqual(
      [],
    )
  })
})

test.each(providers.map((provider) => [provider.slug, provider] as const))(
  'an account at %s needs no address that has a public default',
  (slug, provider) => {
    const auth = {
      bulutfon: { flow: 'static_token', token: 't' },
      ipex: { flow: 'password', username: 'u', password: 'p' },
      postacell: { flow: 'jwt_login', username: 'u', password: 'p' },
      'rails-api-v1': { flow: 'password', username: 'u', password: 'p', clientId: 'c', clientSecret: 's' },
      freepbx: { flow: 'client_credentials', clientId: 'c', clientSecret: 's' },
    }[slug]
    // Where everybody runs their own.
    const own: Readonly<Record<string, object>> = {
      'rails-api-v1': { urls: { api: 'https://rails.example' } },
      freepbx: { urls: { base: 'https://pbx.example/admin/api/api' } },
    }
    const urls = own[slug] ?? {}
    const { accounts } = checkConfig({ accounts: [{ id: 'a', provider: slug, auth, ...urls }] }, [provider], {
      environment: {},
    })
    expect(accounts[0]!.provider).toBe(provider)
  },
)
