import type { ReactNode } from 'react'

/** How good or bad a state is. */
export type Tone = 'good' | 'warning' | 'bad' | 'neutral' | 'busy'

/** A state in a word or two; its colour only repeats what the word says. */
export const Badge = ({ tone, children }: { readonly tone: Tone; readonly children: ReactNode }) => (
  <span className={`badge badge-${tone}`}>{children}</span>
)
