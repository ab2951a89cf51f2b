import { useMemo } from 'react'

import { useAddress } from '../../parts/address.js'
import { filtersOf, FILTER_NAMES, type Filters } from './filters.js'

/** The filters as they stand in the address, and how to change them. */
export interface FiltersInAddress {
  readonly filters: Filters
  /** Each change is a step that the browser's button goes back from. */
  change(some: Partial<Filters>): void
  clear(): void
}

const NO_FILTERS = Object.fromEntries(FILTER_NAMES.map((name) => [name, '']))

export function useFilters(): FiltersInAddress {
  const { parameters, change } = useAddress({ isStep: true })
  const text = parameters.toString()
  const filters = useMemo(() => filtersOf(new URLSearchParams(text)), [text])
  return { filters, change: (some) => change({ ...some }), clear: () => change(NO_FILTERS) }
}
