import { z } from 'zod'

import type { ArchiveSettings } from '../../archive/archived-account.js'
import { hasCallLog } from '../../live/live-account.js'
import type { Provider } from '../../providers/provider.js'
import { duration, millisecondsOf } from './duration.js'
import { keyPath, type Problem } from './problem.js'

/** `archive` of an account, or of `accountDefaults`, as far as it is stated. */
export type StatedArchive = Partial<ArchiveSettings>

const DAY_MS = 86_400_000

/** Without `retention`, which is `since` where nobody states it. */
const DEFAULTS = { sinceMs: 90 * DAY_MS, everySeconds: 60, recheckMs: 2 * DAY_MS, sealed: false } as const

/** Without defaults: what an account does not state is taken from `accountDefaults`. */
export const archiveSchema = z
  .strictObject({
    since: duration('How far back calls are fetched, as P90D. Default P90D.'),
    everySeconds: z
      .number()
      .int()
      .min(10)
      .max(3_600)
      .optional()
      .describe('Pause between two looks at the newest calls, in seconds: one request each. Default 60.'),
    recheck: duration(
      'Younger calls are read again each hour, since price, recording and status come late. Default P2D, or `since` where that is shorter.',
    ),
    retention: duration('Calls that are older are removed. Default: `since`.'),
    sealed: z
      .boolean()
      .optional()
      .describe('Whether numbers, names and raw values are encrypted in the database. Default false.'),
  })
  .describe('The calls of the account are kept here, and kept true.')

/** The same, or `false` for an account that is to have none where `accountDefaults` has one. */
export const accountArchiveSchema = z.union(
  [z.literal(false), archiveSchema],
  'must be a mapping of keys such as {}, or false',
)

export type ParsedArchive = z.output<typeof archiveSchema>

export function statedArchive({ since, recheck, retention, ...others }: ParsedArchive): StatedArchive {
  return {
    ...others,
    ...(since !== undefined && { sinceMs: millisecondsOf(since)! }),
    ...(recheck !== undefined && { recheckMs: millisecondsOf(recheck)! }),
    ...(retention !== undefined && { retentionMs: millisecondsOf(retention)! }),
  }
}

/**
 * What the account states, then what `accountDefaults` states; null where neither says a word, where
 * the account says `false`, and where its provider has no call log.
 */
export function archiveSettings(
  provider: Provider,
  stated: ParsedArchive | false | undefined,
  defaults: StatedArchive | null,
): ArchiveSettings | null {
  if (stated === false || (stated === undefined && defaults === null) || !hasCallLog({ provider })) return null
  return effective(statedArchive(stated ?? {}), defaults)
}

function effective(stated: StatedArchive, defaults: StatedArchive | null): ArchiveSettings {
  const settings = { ...DEFAULTS, ...defaults, ...stated }
  const { sinceMs, retentionMs = sinceMs } = settings
  const isRecheckStated = (stated.recheckMs ?? defaults?.recheckMs) !== undefined
  const recheckMs = isRecheckStated ? settings.recheckMs : Math.min(settings.recheckMs, sinceMs)
  return { ...settings, recheckMs, retentionMs }
}

/** An account whose `archive` is checked. */
interface ArchivingAccount {
  readonly provider: string
  readonly archive?: ParsedArchive | false
}

/** What cannot be had, or contradicts itself; of an account together with what it takes from the defaults. */
export function archiveProblems(
  accounts: readonly ArchivingAccount[],
  defaults: ParsedArchive | undefined,
  providers: readonly Provider[],
): Problem[] {
  const common = defaults ? statedArchive(defaults) : null
  const ofDefaults = common ? contradictions(effective({}, common), ['accountDefaults', 'archive']) : []
  return [
    ...ofDefaults,
    ...accounts.flatMap(({ provider: slug, archive }, index) => {
      if (!archive) return []
      const provider = providers.find((one) => one.slug === slug)!
      const at = ['accounts', index, 'archive']
      if (!hasCallLog({ provider })) return [{ key: keyPath(at), message: `${provider.name} has no call log` }]
      // The contradiction may be one of the defaults alone, which is told there.
      return contradictions(effective(statedArchive(archive), common), at).filter(
        ({ message }) => !ofDefaults.some((one) => one.message === message),
      )
    }),
  ]
}

/** Accounts for which `accountDefaults.archive` can do nothing. */
export const archiveWarnings = (
  accounts: readonly ArchivingAccount[],
  defaults: ParsedArchive | undefined,
  providers: readonly Provider[],
): string[] =>
  accounts.flatMap(({ provider: slug, archive }, index) => {
    const provider = providers.find((one) => one.slug === slug)!
    return defaults && archive === undefined && !hasCallLog({ provider })
      ? [`accounts[${index}]: ${provider.name} has no call log, so \`accountDefaults.archive\` gives it no archive`]
      : []
  })

function contradictions(
  { sinceMs, recheckMs, retentionMs }: ArchiveSettings,
  at: readonly (string | number)[],
): readonly Problem[] {
  return [
    ...(recheckMs > sinceMs ? [{ key: keyPath([...at, 'recheck']), message: 'must not be longer than `since`' }] : []),
    ...(retentionMs < sinceMs
      ? [{ key: keyPath([...at, 'retention']), message: 'must not be shorter than `since`' }]
      : []),
  ]
}
