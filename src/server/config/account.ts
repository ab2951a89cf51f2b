import type { AccountFacts, Provider } from '../../providers/provider.js'
import type { ArchiveSettings } from '../../archive/archived-account.js'
import { archiveSettings, type ParsedArchive, type StatedArchive } from './archive.js'
import { liveSettings, statedLive, type LiveSettings, type ParsedLive, type StatedLive } from './live.js'

/** The keys that accounts of every provider have; the others are the provider's own. */
export interface ParsedAccount {
  readonly id: string
  readonly provider: string
  readonly label?: string
  readonly workspace: string
  readonly country?: string
  readonly timeZone?: string
  readonly allowInsecure: boolean
  readonly urls?: Readonly<Record<string, unknown>>
  readonly auth?: Readonly<Record<string, unknown>>
  readonly live?: ParsedLive
  readonly archive?: ParsedArchive | false
}

/** What accounts have that do not state it themselves; linked ones, too. */
export interface AccountDefaults {
  readonly live: StatedLive
  /** Null: an account has an archive only where it states one. */
  readonly archive: StatedArchive | null
}

/**
 * One account of the configuration, validated; `settings` is `urls`, `auth` and `options`, parsed
 * by the provider's schema.
 */
export interface AccountConfig {
  readonly facts: AccountFacts
  readonly provider: Provider
  readonly label: string
  readonly workspace: string
  /** Whether unencrypted and private addresses are allowed. */
  readonly allowInsecure: boolean
  readonly live: LiveSettings
  /** Null: its calls are not archived. */
  readonly archive: ArchiveSettings | null
  readonly settings: unknown
}

/** Where `accountDefaults` says nothing. */
export const NO_DEFAULTS: AccountDefaults = { live: {}, archive: null }

/** Fills in the defaults, those of the provider among them. */
export function accountConfig(
  account: ParsedAccount,
  providers: readonly Provider[],
  defaults: AccountDefaults = NO_DEFAULTS,
): AccountConfig {
  const { id, provider: slug, label, workspace, country, timeZone, allowInsecure, live, archive, ...settings } = account
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
    live: liveSettings(provider, statedLive(live), defaults.live),
    archive: archiveSettings(provider, archive, defaults.archive),
    settings,
  }
}
