import type { Source } from './log-entries.js'

/** What one account did not give to the pages that are here. */
export interface MissingPart {
  readonly account: Source['account']
  /** Why; null: it takes more requests than are sent at once. */
  readonly code: string | null
  /** The times that are missing, newest first. None: what was left out can never be read. */
  readonly gaps: readonly Gap[]
}

/** A stretch of time without calls of an account; null: it has no end on that side. */
export interface Gap {
  readonly from: string | null
  readonly until: string | null
  readonly cursors: readonly string[]
}

/** What is missing, account by account. */
export function missingParts(sources: readonly Source[]): readonly MissingPart[] {
  const parts = new Map<string, MissingPart>()
  for (const { state, account, errorCode, gap } of sources) {
    if ((state !== 'FAILED' && state !== 'PARTIAL') || (!gap && !errorCode)) continue
    const before = parts.get(account.id)?.gaps ?? []
    parts.set(account.id, {
      account,
      code: errorCode ?? null,
      gaps: gap
        ? joined(before, { from: gap.from ?? null, until: gap.until ?? null, cursors: [gap.retryCursor] })
        : before,
    })
  }
  return [...parts.values()]
}

/** One gap where the later page goes on at the moment at which the earlier one ended. */
function joined(gaps: readonly Gap[], next: Gap): readonly Gap[] {
  const last = gaps.at(-1)
  if (!last || last.from === null || last.from !== next.until) return [...gaps, next]
  return [...gaps.slice(0, -1), { ...last, from: next.from, cursors: [...last.cursors, ...next.cursors] }]
}

/** The accounts that a page tells this of, each once. */
export const accountsThatAre = (state: Source['state'], sources: readonly Source[]): readonly Source['account'][] => [
  ...new Map(
    sources.flatMap((source) => (source.state === state ? [[source.account.id, source.account]] : [])),
  ).values(),
]
