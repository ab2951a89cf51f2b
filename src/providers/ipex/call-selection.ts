import type { Query } from '../../http/rest.js'
import { nationalDigits, toE164 } from '../../model/values/phone-number.js'
import type { CallFilter } from '../provider.js'

/**
 * How `src` and `dst` are compared: only `equal` is documented; some operators say that others
 * work.
 */
export type NumberMatch = 'equal' | 'endsWith' | 'contains'

/** Requests that together return a row of every call that can match one list of the filter. */
export interface Selection {
  readonly field: 'numbers' | 'callerNumbers' | 'calleeNumbers'
  readonly queries: readonly Query[]
}

/** More requests than this cost more than reading the log. */
const MAX_QUERIES = 16

/**
 * The numbers of a filter as queries, each number in every spelling the log may use. Of several
 * lists the one with the fewest requests; the reader checks the others. Null when no list can be
 * sent.
 *
 * Direction, extension and disposition are not sent: the provider has them per row, we have them
 * per call, so the results differ.
 */
export function selectionOf(filter: CallFilter, country: string, match: NumberMatch): Selection | null {
  const sides = { numbers: ['src', 'dst'], callerNumbers: ['src'], calleeNumbers: ['dst'] } as const
  const selections = (['callerNumbers', 'calleeNumbers', 'numbers'] as const).flatMap((field): Selection[] => {
    const numbers = filter[field]
    if (!numbers) return []
    const spelled = numbers.flatMap((number) => spellings(number, country, match))
    return [
      { field, queries: sides[field].flatMap((side) => spelled.map((spelling) => queryFor(side, spelling, match))) },
    ]
  })
  return (
    selections
      .filter(({ queries }) => queries.length <= MAX_QUERIES)
      .sort((a, b) => a.queries.length - b.queries.length)[0] ?? null
  )
}

/** Every spelling that we would read as this number. */
function spellings(e164: string, country: string, match: NumberMatch): string[] {
  const digits = e164.slice(1)
  const national = nationalDigits(e164, country)
  if (match !== 'equal') return [national ?? digits]
  const written = [e164, digits, `00${digits}`, ...(national === null ? [] : [national, `0${national}`])]
  return written.filter((spelling) => toE164(spelling, country) === e164)
}

const queryFor = (side: 'src' | 'dst', number: string, match: NumberMatch): Query =>
  match === 'equal' ? { [side]: number } : { [side]: number, [`${side}Filter`]: match }
