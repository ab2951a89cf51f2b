import { InvalidInput } from '../errors.js'

/** Items of a page for which no size is asked. */
export const DEFAULT_PAGE_SIZE = 25
/** Members of a group in a page for which no size is asked. */
export const DEFAULT_MEMBER_PAGE_SIZE = 50
/** Calls in a page of what another page lacks: a gap is no larger than that page, as a rule. */
export const DEFAULT_GAP_PAGE_SIZE = 100

/** The operator's limit on pages, as a context has it. */
export interface PageSizeLimit {
  readonly limits: { readonly pageSize: number }
}

/**
 * How many items a page shall have. A limit below the default lowers the default.
 *
 * @throws InvalidInput for a size outside the limits.
 */
export function pageSize(
  { first }: { readonly first?: number | null },
  { limits }: PageSizeLimit,
  defaultSize = DEFAULT_PAGE_SIZE,
): number {
  const size = first ?? defaultSize
  if (size >= 1 && size <= limits.pageSize) return size
  if (size === defaultSize) return limits.pageSize
  throw new InvalidInput(`\`first\` must be from 1 to ${limits.pageSize}, but it is ${size}.`)
}
