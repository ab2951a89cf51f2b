import { useMemo } from 'react'
import { useSearchParams } from 'wouter'

import { filtersOf, FILTER_NAMES, type Filters } from './filters.js'

/** The filters as they stand in the address, and how to change them. */
export interface FiltersInAddress {
  readonly filters: Filters
  /** Each change is a step that the browser's button goes back from. */
  change(some: Partial<Filters>): void
  clear(): void
}

export function useFilters(): FiltersInAddress {
  const [parameters, setParameters] = useSearchParams()
  const text = parameters.toString()
  const filters = useMemo(() => filtersOf(new URLSearchParams(text)), [text])
  return {
    filters,
    change: (some) =>
      setParameters((before) => {
        const after = new URLSearchParams(before)
        for (const [name, value] of Object.entries(some)) {
          if (value === '') after.delete(name)
          else after.set(name, value)
        }
        return after
      }),
    clear: () =>
      setParameters((before) => {
        const after = new URLSearchParams(before)
        for (const name of FILTER_NAMES) after.delete(name)
        return after
      }),
  }
}
