import { codeIn, codes } from '../words/codes.js'
import { useFormats } from '../words/formats.js'
import { useWords } from '../words/use-words.js'
import type { ConsoleCountedFragment } from './generated/graphql.js'
import type { Answer } from './use-answer.js'
import { words } from './words.js'

/** How an account contributed to figures. */
export type Source = ConsoleCountedFragment

interface Lacking {
  /** Accounts that are not in the figures with all their calls. */
  readonly now: readonly Source[]
  /** Those that lack something of the period before alone. */
  readonly before: readonly Source[]
  /** Accounts that are in no figure, as nothing of them is kept. */
  readonly notCounted: readonly Source[]
}

/** What is not in the figures. `before`: null where that period could not be read at all. */
export function lackingIn(during: readonly Source[], before: readonly Source[] | null): Lacking {
  const now = during.filter(isLacking)
  const known = new Set(now.map(({ account }) => account.id))
  return {
    now,
    before: before?.filter((source) => isLacking(source) && !known.has(source.account.id)) ?? [],
    notCounted: during.filter(({ state }) => state === 'UNSUPPORTED'),
  }
}

const isLacking = ({ state }: Source): boolean => state === 'PARTIAL' || state === 'STALE' || state === 'FAILED'

/** Says what an account lacks, why, and how far its archive is. */
export function useLackingText(): (source: Source) => string {
  const said = useWords(words)
  const meaning = useWords(codes)
  const { percent } = useFormats()
  return ({ account: { archive }, state, errorCode }) => {
    const progress = archive?.progress ?? 1
    const filled = progress < 1 ? ` ${said.filled(percent(progress))}` : ''
    const why = state === 'FAILED' && errorCode ? ` ${codeIn(meaning, errorCode)}` : ''
    return `${said.states[state as keyof typeof said.states]}${filled}.${why}`
  }
}

/** What a file must say of its figures, as it is read without the page: a line for each thing that is missing. */
export function useFileNotes({ during, before, chosen: { timeZone } }: Answer): readonly string[] {
  const said = useWords(words)
  const { list, moment } = useFormats()
  const text = useLackingText()
  const lacking = lackingIn(during.sources, before?.sources ?? null)
  const line = (source: Source) => {
    const { label, archive } = source.account
    const lastRead = archive?.lastSyncedAt ? ` ${said.lastRead(moment(archive.lastSyncedAt, timeZone))}` : ''
    return `${label}: ${text(source)}${lastRead}`
  }
  return [
    ...(lacking.now.length > 0 ? [said.partial, ...lacking.now.map(line)] : []),
    ...(before ? [] : [said.failedBefore]),
    ...(lacking.before.length > 0 ? [said.partialBefore, ...lacking.before.map(line)] : []),
    ...(lacking.notCounted.length > 0 ? [said.notCounted(list(lacking.notCounted.map(labelOf)))] : []),
    ...(during.truncated ? [said.truncated] : []),
  ]
}

/** What the account of a source is called. */
export const labelOf = ({ account }: Source): string => account.label
