/** The arguments of configuration lists. */
export interface PageArguments {
  readonly first?: number | null
  readonly after?: string | null
  readonly last?: number | null
  readonly before?: string | null
}

/** A slice of a list; without `first` it is all of it. */
export function slice<T>(all: readonly T[], { first, after, last }: PageArguments) {
  const offset = after ? Number(/:(\d+)$/.exec(Buffer.from(after, 'base64').toString())?.[1] ?? -1) + 1 : 0
  const rest = all.slice(offset)
  const shown = first == null ? rest : rest.slice(0, Math.max(0, first))
  const rows = last == null ? shown : shown.slice(-last)
  // Only told as far as it was asked from that side.
  const pageInfo = {
    hasNextPage: first != null && rest.length > first,
    hasPreviousPage: last != null && rows.length < shown.length,
  }
  return { rows, offset, pageInfo: { ...pageInfo, startCursor: null, endCursor: null } }
}
