import { useEffect } from 'react'

interface Pages {
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor?: string | null }
  readonly edges: readonly unknown[]
}

/** As many items as are fetched by themselves; a search is over what is here. */
const MOST_ITEMS = 2_000

/** Asks for page after page of a list, so that a search finds everything. */
export function useAllPages(pages: Pages | null | undefined, fetchAfter: (cursor: string) => void): void {
  const { hasNextPage = false, endCursor } = pages?.pageInfo ?? {}
  const isEnough = (pages?.edges.length ?? 0) >= MOST_ITEMS
  useEffect(() => {
    if (hasNextPage && endCursor != null && !isEnough) fetchAfter(endCursor)
    // The function is another one each time; what it depends on is the cursor.
  }, [hasNextPage, endCursor, isEnough])
}
