import { useSyncExternalStore } from 'react'

const query = matchMedia('(max-width: 64rem)')

function subscribe(listener: () => void): () => void {
  query.addEventListener('change', listener)
  return () => query.removeEventListener('change', listener)
}

/** Whether there is no room for two things beside each other. */
export const useIsNarrow = (): boolean => useSyncExternalStore(subscribe, () => query.matches)
