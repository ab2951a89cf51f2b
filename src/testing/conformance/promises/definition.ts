import { isDeepStrictEqual } from 'node:util'

import { isSupportedCountry, type CountryCode } from 'libphonenumber-js/max'
import { z } from 'zod'

import type { FlowKind } from '../../../auth/flow.js'
import { CONTRACT_VERSION } from '../../../providers/provider.js'
import { connected } from '../connected.js'
import { must } from '../outcome.js'
import type { ProviderPromise } from '../promise.js'
import { some, thrownBy } from '../reading.js'
import { secretsOf } from './secrets.js'

/** What a provider says of itself, without a request. */
export const definition: readonly ProviderPromise[] = [
  {
    id: 'provider.contract',
    name: 'it is written for the contract of this server, and its slug can stand in a path',
    keep({ provider }) {
      must(provider.contract === CONTRACT_VERSION, `its contract is ${provider.contract}, and ours ${CONTRACT_VERSION}`)
      must(
        /^[a-z0-9]([a-z0-9-]{0,62}[a-z0-9])?$/.test(provider.slug),
        'its slug is not small letters, digits and hyphens',
      )
      must(provider.name.trim() !== '', 'it has no name')
    },
  },
  {
    id: 'provider.defaults',
    name: 'its default country and time zone exist',
    keep({ provider: { defaults } }) {
      must(isSupportedCountry(defaults.country as CountryCode), `there is no country ${defaults.country}`)
      must(Intl.DateTimeFormat('en', { timeZone: defaults.timeZone }), 'there is no such zone')
    },
  },
  {
    id: 'provider.settings.accepted',
    name: 'its settings take every account of its emulator',
    async keep(bench) {
      const { emulator } = await bench.start()
      for (const [name, entry] of Object.entries(emulator.accounts)) {
        must(entry.provider === bench.provider.slug, `the account ${name} is of ${entry.provider}`)
        const error = await thrownBy((async () => connected(bench.provider, entry))())
        must(error === null, `${name}: ${String((error as Error | null)?.message)}`)
      }
    },
  },
  {
    id: 'provider.settings.unknown',
    name: 'a key that its settings do not know is refused, wherever it stands',
    async keep(bench) {
      const { emulator, facts } = await bench.start()
      const entry = emulator.accounts[facts.account]!
      for (const part of ['urls', 'auth', 'options'] as const) {
        const wrong = { ...entry, [part]: { ...entry[part], conformanceKey: 'x' } }
        const error = await thrownBy((async () => connected(bench.provider, wrong))())
        must(String((error as Error | null)?.message).includes('conformanceKey'), `${part}.conformanceKey is taken`)
      }
    },
  },
  {
    id: 'provider.settings.described',
    name: 'every setting has a sentence for whoever writes the configuration',
    keep({ provider }) {
      const schema = z.toJSONSchema(provider.settings, { io: 'input', unrepresentable: 'any' })
      const bare: string[] = []
      const walk = (value: unknown, path: string): void => {
        if (typeof value !== 'object' || value === null) return
        const { properties, anyOf, oneOf } = value as Record<string, object | undefined>
        for (const [key, entry] of Object.entries(properties ?? {})) {
          const isTold = ['description', 'const', '$ref'].some((one) => one in (entry as object))
          if (!isTold) bare.push(`${path}${key}`)
          walk(entry, `${path}${key}.`)
        }
        for (const one of [...Object.values(anyOf ?? {}), ...Object.values(oneOf ?? {})]) walk(one, path)
      }
      walk(schema, '')
      must(bare.length === 0, `${some(bare)} has none`)
    },
  },
  {
    id: 'provider.flows',
    name: 'it declares the ways its accounts log in, and no other',
    async keep(bench) {
      const { emulator } = await bench.start()
      const kinds = new Set(Object.values(emulator.accounts).map((entry) => connected(bench.provider, entry).flow.kind))
      const undeclared = [...kinds].filter((kind) => !bench.provider.flows.includes(kind))
      must(undeclared.length === 0, `${some(undeclared)} is not declared`)
      const unused = bench.provider.flows.filter((kind) => !kinds.has(kind))
      must(unused.length === 0, `no account of its emulator logs in by ${some(unused)}`)
    },
  },
  {
    id: 'provider.origins',
    name: 'requests may go to the addresses of the account and nowhere else',
    async keep(bench) {
      const { emulator } = await bench.start()
      for (const [name, entry] of Object.entries(emulator.accounts)) {
        const { origins } = connected(bench.provider, entry)
        const allowed = Object.values(entry.urls).map((url) => new URL(url).origin)
        const strange = origins.filter((origin) => !allowed.includes(origin))
        must(origins.length > 0 && strange.length === 0, `${name}: ${some(strange)} is no address of the account`)
      }
    },
  },
  {
    id: 'provider.fingerprint',
    name: 'the fingerprint of a login is the same for the same settings, and no secret',
    async keep(bench) {
      const trial = await bench.start()
      const { emulator, facts } = trial
      const of = (name: string) => connected(bench.provider, emulator.accounts[name]!).flow.fingerprint
      const own = of(facts.account)
      must(own === of(facts.account), 'it changes by itself')
      must(/^[\x21-\x7e]{4,128}$/.test(own), 'it is no short word')
      must(!secretsOf(trial).some((secret) => own.includes(secret)), 'it holds a secret')
    },
  },
  {
    id: 'provider.link',
    name: 'the credentials of each of its flows link an account that its settings take, and no other flow does',
    async keep(bench) {
      const { emulator, facts } = await bench.start()
      const { provider } = bench
      if (!provider.linkAuth) return
      const { urls } = emulator.accounts[facts.account]!
      const texts = { username: 'jan', email: 'jan@example.com', password: 'p4ssword', token: 't0ken' }
      const credentials = { ...texts, clientId: 'client', clientSecret: 'client-s3cret' }
      for (const flow of FLOWS) {
        const auth = provider.linkAuth({ flow, credentials, impersonate: 'eva@example.com' })
        if (!provider.flows.includes(flow)) {
          must(auth === null, `${flow} is not declared, and links an account`)
          continue
        }
        must(auth, `${flow} is declared, and links none`)
        const written = JSON.parse(JSON.stringify(auth)) as object
        const error = await thrownBy(
          (async () => connected(provider, { provider: provider.slug, urls, auth: written }))(),
        )
        must(error === null, `${flow}: ${String((error as Error | null)?.message)}`)
      }
    },
  },
  {
    id: 'provider.emulator',
    name: 'its emulator is the same for the same seed, and forgets requests and faults when it is reset',
    async keep(bench) {
      const [one, two] = [await bench.start({ seed: 7 }), await bench.start({ seed: 7 })]
      const names = ({ emulator }: typeof one) => Object.keys(emulator.accounts)
      must(isDeepStrictEqual(names(one), names(two)), 'its accounts have other names')
      one.emulator.faults.next({ status: 500, times: Infinity })
      await fetch(`${one.emulator.url}/`)
      must(one.emulator.journal.entries.at(-1)?.status === 500, 'a fault is not met')
      one.emulator.reset()
      must(one.emulator.journal.entries.length === 0, 'it remembers requests')
      await fetch(`${one.emulator.url}/`)
      must(one.emulator.journal.entries.at(-1)?.status !== 500, 'it remembers faults')
    },
  },
]

const FLOWS: readonly FlowKind[] = [
  'OAUTH2_AUTHORIZATION_CODE',
  'OAUTH2_PASSWORD',
  'OAUTH2_CLIENT_CREDENTIALS',
  'JWT_LOGIN',
  'PASSWORD_PER_CALL',
  'STATIC_TOKEN',
  'TOKEN_EXCHANGE',
]
