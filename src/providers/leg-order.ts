import type { CallLeg } from '../model/call-record.js'
import { compareText } from '../model/values/compare-text.js'

/** Numbers legs in order of time; legs of the same moment keep their order, a parent before its children. */
export const inOrderOfTime = (legs: readonly Omit<CallLeg, 'sequence'>[]): CallLeg[] =>
  [...legs].sort((a, b) => compareText(a.startedAt, b.startedAt)).map((leg, sequence) => ({ ...leg, sequence }))
