import type { AccountFacts, Provider } from '../../providers/provider.js'

/** The parsed shape all accounts share; the rest is the provider's. */
export interface ParsedAccount {
  readonly id: string
  readonly provider: string
  readonly label?: string
  readonly workspace: string
  readonly country?: string
  readonly timeZone?: string
  readonly allowInsecure: boolean
  readonly urls?: Readonly<Record<string, unknown>>
}

/** One account of the configuration, checked; `settings` is what its provider's own schema made of `urls`, `auth` and `options`. */
export interface AccountConfig {
  readonly facts: AccountFacts
  readonly provider: Provider
  readonly label: string
  readonly workspace: string
  /** Whether the operator trusts its addresses though they are unencrypted, or private. */
  readonly allowInsecure: boolean
  readonly settings: unknown
}

/** With the provider's defaults where the account says nothing. */
export function accountConfig(account: ParsedAccount, providers: readonly Provider[]): AccountConfig {
  const { id, provider: slug, label, workspace, country, timeZone, allowInsecure, ...settings } = account
  const provider = providers.find((one) => one.slug === slug)!
  return {
    facts: {
      key: id,
      country: country ?? provider.defaults.country,
      timeZone: timeZone ?? provider.defaults.timeZone,
    },
    provider,
    label: label ?? id,
    workspace,
    allowInsecure,
    settings,
  }
}
