import { z } from 'zod'

import type { LiveSettings as FollowedSettings } from '../../live/live-account.js'
import type { Provider } from '../../providers/provider.js'
import { Secret } from '../../secret.js'
import { keyPath, type Problem } from './problem.js'

/** How the calls of one account are followed while they are under way, and how its deliveries are read. */
export interface LiveSettings extends FollowedSettings {
  /** What a delivery must authenticate with, besides its address; null: with nothing. */
  readonly basic: { readonly username: string; readonly password: Secret } | null
  /** The names that the webhook uses, by the provider's own. */
  readonly keys: Readonly<Record<string, string>>
}

/** `live` of an account, or of `accountDefaults`, as far as it is stated. */
export type StatedLive = Partial<LiveSettings>

const DEFAULTS: LiveSettings = { webhook: false, basic: null, pollSeconds: 3, always: false, keys: {} }

/** RFC 7617 §2: a colon ends the name, and control characters cannot be sent. */
const USERNAME = /^[^:\p{Cc}]+$/u

/** Without defaults: what an account does not state is taken from `accountDefaults`. */
export const liveSchema = z
  .strictObject({
    webhook: z
      .boolean()
      .optional()
      .describe('Whether the provider may deliver its events to this server. Default false.'),
    basic: z
      .strictObject({
        username: z
          .string()
          .regex(USERNAME, 'must not be empty, nor hold a colon or a control character')
          .describe('Name the provider is to send.'),
        password: z.string().min(1).describe('Password the provider is to send.'),
      })
      .optional()
      .describe('What deliveries must authenticate with (HTTP Basic), besides the secret in their address.'),
    pollSeconds: z
      .number()
      .int()
      .min(0)
      .max(3_600)
      .optional()
      .describe(
        'Pause between two looks at the current calls while somebody watches, where the provider lists them. Default 3; 0: none.',
      ),
    always: z.boolean().optional().describe('Look at them also while nobody watches. Default false.'),
    keys: z
      .record(z.string(), z.string().min(1))
      .optional()
      .describe("Names that the webhook was told to use in place of the provider's own, by those: `From: caller`."),
  })
  .describe('How calls are followed while they are under way.')

export type ParsedLive = z.output<typeof liveSchema>

export function statedLive({ basic, ...others }: ParsedLive = {}): StatedLive {
  return { ...others, ...(basic && { basic: { ...basic, password: new Secret(basic.password) } }) }
}

/** What the account states, then what `accountDefaults` states, as far as its provider has it. */
export function liveSettings(provider: Provider, stated: StatedLive, defaults: StatedLive): LiveSettings {
  const { webhook, keys, ...others } = { ...DEFAULTS, ...defaults, ...stated }
  const names = provider.webhook?.keyNames
  const usable = Object.entries(keys).filter(([name]) => names?.includes(name) ?? true)
  return { ...others, webhook: webhook && provider.webhook !== undefined, keys: Object.fromEntries(usable) }
}

/** An account whose `live` is checked. */
interface LiveAccount {
  readonly provider: string
  readonly live?: ParsedLive
}

/** What an account states that its provider cannot do. */
export const liveProblems = (accounts: readonly LiveAccount[], providers: readonly Provider[]): Problem[] =>
  accounts.flatMap(({ provider: slug, live }, index) => {
    const provider = providers.find((one) => one.slug === slug)!
    const at = (...path: string[]) => keyPath(['accounts', index, 'live', ...path])
    const problems: Problem[] = []
    if (live?.webhook && !provider.webhook)
      problems.push({ key: at('webhook'), message: `${provider.name} has no webhooks` })
    const names = provider.webhook?.keyNames
    for (const name of Object.keys(live?.keys ?? {})) {
      if (names && !names.includes(name))
        problems.push({
          key: at('keys', name),
          message:
            names.length === 0
              ? `the names of ${provider.name} cannot be replaced`
              : `${provider.name} has no such name; it has ${names.join(', ')}`,
        })
    }
    const texts = Object.values(live?.keys ?? {})
    if (new Set(texts).size < texts.length)
      problems.push({ key: at('keys'), message: 'must not give two names the same text' })
    return problems
  })

/** What is stated and has no effect. */
export const liveWarnings = (
  accounts: readonly (LiveAccount & { readonly effective: LiveSettings })[],
  defaults: StatedLive,
  hasKeys: boolean,
): string[] => [
  ...accounts.flatMap(({ live, effective }, index) => {
    const unused = (key: string, why: string) => `accounts[${index}].live.${key}: has no effect ${why}`
    return [
      ...(live?.basic && !effective.webhook ? [unused('basic', 'without `webhook: true`')] : []),
      ...(live?.keys && !effective.webhook ? [unused('keys', 'without `webhook: true`')] : []),
      ...(live?.always && effective.pollSeconds === 0 ? [unused('always', 'with `pollSeconds: 0`')] : []),
    ]
  }),
  ...(!hasKeys && (defaults.webhook || accounts.some(({ effective }) => effective.webhook))
    ? [
        'store.encryptionKeys: without a key the addresses of webhooks are random: another at every start, and at every replica',
      ]
    : []),
]
