import { useFormats } from '../words/formats.js'
import { useWords } from '../words/use-words.js'
import type { ConsoleFiguresFragment } from './generated/graphql.js'
import { words } from './words.js'

/** What is told of calls. */
export type Figures = ConsoleFiguresFragment

/** The same, in the order in which it is told. */
export const FIGURES = ['calls', 'answered', 'missed', 'median', 'ninetieth', 'serviceLevel'] as const
export type FigureName = (typeof FIGURES)[number]

/** Writes a figure as the reader's language does; a figure of no call is a dash. */
export function useFigures(): (name: FigureName, figures: Figures) => string {
  const said = useWords(words)
  const { number, percent } = useFormats()
  return (name, figures) => {
    const value = figures[name] ?? null
    if (value === null) return said.none
    if (name === 'serviceLevel') return percent(value)
    return isWait(name) ? said.seconds(number(value)) : number(value)
  }
}

/** Says what a figure was before, and how it has changed: by a sign, and in words. Null where there is nothing to say. */
export function useComparisons(): (name: FigureName, during: Figures, before: Figures) => string | null {
  const said = useWords(words)
  const { percent, signed } = useFormats()
  return (name, during, before) => {
    const [now, then] = [during[name] ?? null, before[name] ?? null]
    if (now === null || then === null) return null
    const change = name === 'serviceLevel' ? Math.round(now * 100) - Math.round(then * 100) : now - then
    if (change === 0) return said.same
    const isMore = change > 0
    if (name === 'serviceLevel') return said.points(signed(change), isMore)
    if (isWait(name)) return said.waited(said.seconds(signed(change)), isMore)
    return said.counted(signed(change), then === 0 ? null : percent(Math.abs(change) / then), isMore)
  }
}

const isWait = (name: FigureName): boolean => name === 'median' || name === 'ninetieth'
