import type { CallRecord } from '../model/call-record.js'
import { quarterOf, TALLY_DIMENSIONS, type MadeTallies, type Tally, type TallyDimension } from '../store/tally-store.js'
import { addendsOf, callClass, wordsOf, type CallClass } from './call-class.js'
import { participantsOf, participantsText } from './participants.js'
import { Sum, type StoredSum } from './sum.js'

/** Waits are whole seconds at every provider; other ones are counted in ms. */
const SECOND_MS = 1_000

/** Says that participants are told apart by whose call it is, which an earlier version did not. */
const SHAPE = 2

/** A tally as it is stored: sums by class and participants, each by its place in a list. */
type StoredTally = readonly [
  unit: number,
  words: readonly string[],
  participants: readonly string[],
  sums: readonly (readonly [words: number, participants: number, sum: StoredSum])[],
  shape: typeof SHAPE,
]

/** One sum of a tally. */
export interface TallySum {
  readonly of: CallClass
  /** See `participantsText`; of no dimension it is empty. */
  readonly participants: string
  readonly sum: StoredSum
  readonly unit: number
}

/** Null of a tally that a process of an earlier version has made. @throws SyntaxError for what is no tally */
export function sumsOf({ tally }: Tally): readonly TallySum[] | null {
  const [unit, words, participants, sums, shape] = JSON.parse(tally) as StoredTally
  if (shape !== SHAPE) return null
  const classes = words.map(callClass)
  return sums.map(([word, who, sum]) => ({ of: classes[word]!, participants: participants[who]!, sum, unit }))
}

/** Adds calls up to the tallies of the quarters they began in. */
export class Tallying {
  /** By quarter, then by dimension, then by class and participants. */
  readonly #quarters = new Map<number, ReadonlyMap<TallyDimension, Map<string, Sum>>>()

  add(call: CallRecord): void {
    const words = wordsOf(call)
    const addends = addendsOf(call, callClass(words))
    const dimensions = this.#dimensionsOf(quarterOf(Date.parse(call.startedAt)))
    for (const [dimension, sums] of dimensions) {
      const who = dimension === 'NONE' ? '' : participantsText(participantsOf(call, dimension))
      const key = `${words}\n${who}`
      let sum = sums.get(key)
      if (!sum) sums.set(key, (sum = new Sum()))
      sum.addCall(addends)
    }
  }

  tallies(): MadeTallies['tallies'] {
    return [...this.#quarters].flatMap(([from, dimensions]) =>
      [...dimensions].map(([dimension, sums]) => ({ from, dimension, tally: JSON.stringify(storedTally(sums)) })),
    )
  }

  #dimensionsOf(quarter: number): ReadonlyMap<TallyDimension, Map<string, Sum>> {
    let known = this.#quarters.get(quarter)
    if (!known) this.#quarters.set(quarter, (known = new Map(TALLY_DIMENSIONS.map((one) => [one, new Map()]))))
    return known
  }
}

function storedTally(sums: ReadonlyMap<string, Sum>): StoredTally {
  const [words, participants] = [new Map<string, number>(), new Map<string, number>()]
  const placeOf = (text: string, list: Map<string, number>) => {
    if (!list.has(text)) list.set(text, list.size)
    return list.get(text)!
  }
  const waits = [...sums.values()].flatMap((sum) => sum.waits?.counts() ?? [])
  const isWhole = waits.every(([wait]) => wait % SECOND_MS === 0)
  const unit = isWhole ? SECOND_MS : 1
  const stored = [...sums].map(([key, sum]) => {
    const end = key.indexOf('\n')
    return [placeOf(key.slice(0, end), words), placeOf(key.slice(end + 1), participants), sum.stored(unit)] as const
  })
  return [unit, [...words.keys()], [...participants.keys()], stored, SHAPE]
}
