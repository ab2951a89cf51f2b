import { useEffect, useState } from 'react'

interface Pages {
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor?: string | null }
  readonly edges: readonly unknown[]
}

/** How it goes with the pages after the first. */
export interface LaterPages {
  /** What went wrong with them; what came of them is in the list nevertheless. */
  readonly errors: readonly unknown[]
  /** Nobody asks for the next one: it failed. */
  readonly isStopped: boolean
  /** There are more than are fetched by themselves. */
  readonly isCut: boolean
  /** Asks again for the one that failed, and goes on behind it. */
  goOn(): void
  /** What went wrong is no more: the list is read anew. */
  forget(): void
}

/** As many items as are fetched by themselves; a search is over what is here. */
const MOST_ITEMS = 2_000

/** Asks for page after page of a list, so that a search finds everything. */
export function useAllPages(
  pages: Pages | null | undefined,
  fetchAfter: (cursor: string) => Promise<{ readonly error?: unknown }>,
): LaterPages {
  const [failures, setFailures] = useState<readonly { readonly after: string; readonly error: unknown }[]>([])
  const { hasNextPage = false, endCursor = null } = pages?.pageInfo ?? {}
  const isCut = hasNextPage && (pages?.edges.length ?? 0) >= MOST_ITEMS
  const next = hasNextPage && !isCut ? endCursor : null
  const fetchPage = async (after: string) => {
    setFailures((before) => before.filter((one) => one.after !== after))
    const { error } = await fetchAfter(after).catch((error: unknown) => ({ error }))
    if (error !== undefined) setFailures((before) => [...before, { after, error }])
  }
  useEffect(() => {
    if (next !== null) void fetchPage(next)
    // The function is another one each time; what it depends on is the cursor.
  }, [next])
  return {
    errors: failures.map(({ error }) => error),
    isStopped: failures.some(({ after }) => after === next),
    isCut,
    goOn: () => void (next !== null && fetchPage(next)),
    forget: () => setFailures([]),
  }
}
