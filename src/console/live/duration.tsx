import { createContext, useContext } from 'react'

import { useSecond } from '../parts/now.js'
import { useFormats } from '../words/formats.js'

/** When time stopped, ms, as nothing is heard any more; null: it goes on. */
export const StoppedAt = createContext<number | null>(null)

interface Props {
  /** ISO. */
  readonly since: string
  /** ISO; null: it goes on. */
  readonly until?: string | null
}

/** How long something has taken, counted up each second. */
export function Duration({ since, until = null }: Props) {
  const { duration } = useFormats()
  const now = useSecond()
  const stoppedAt = useContext(StoppedAt)
  const end = until === null ? (stoppedAt ?? now) : Date.parse(until)
  // Clocks that differ do not make it negative.
  const seconds = Math.max(0, Math.floor((end - Date.parse(since)) / 1_000))
  return <span className="live-time">{duration(seconds)}</span>
}
