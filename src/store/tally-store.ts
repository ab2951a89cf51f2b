/** Tallies stand for the calls that began within so long, from a multiple of it on; ms. */
export const TALLY_MS = 15 * 60_000

/** They are made for so many at once: a day of UTC; ms. */
export const TALLIED_AT_ONCE_MS = 24 * 3_600_000

/** By what the calls of a tally are told apart, beside what stands in each. */
export const TALLY_DIMENSIONS = ['NONE', 'EXTENSION', 'GROUP', 'DID'] as const
export type TallyDimension = (typeof TALLY_DIMENSIONS)[number]

/** The calls of one account that began in one quarter of an hour, added up. */
export interface Tally {
  /** When it begins, wall-clock ms. */
  readonly from: number
  /** JSON, an array. */
  readonly tally: string
}

/** What there is of tallies in a time, at one moment. */
export interface TallyPart {
  /** Of quarters in which a call began. */
  readonly tallies: readonly Tally[]
  /** Quarters whose calls have changed since they were tallied. */
  readonly changed: readonly number[]
  /** Days that have been tallied; of others nothing can be told. */
  readonly days: readonly number[]
}

/** Tallies that somebody has made. */
export interface MadeTallies {
  /** What the quarters were claimed with. */
  readonly claim: string
  /** All that were claimed. */
  readonly quarters: readonly number[]
  readonly tallies: readonly (Tally & { readonly dimension: TallyDimension })[]
  /** The day that all of them make; null: they are some of a day that was tallied before. */
  readonly day: number | null
  /** Whether numbers and costs are to be unreadable in the database. */
  readonly sealed: boolean
}

/**
 * Sums of what archives hold. Whoever changes calls marks the quarters they began, and begin, in,
 * together with the change: a tally never stands for other calls than there are. They may be missing
 * at any time.
 */
export interface TallyStore {
  /** Of quarters that begin in a time; `dimension` null: only what is changed, and which days there are. */
  tallies(account: string, dimension: TallyDimension | null, from: number, until: number): Promise<TallyPart>
  /** Marks these quarters as changed, by this claim: calls that are read from now on may be tallied. */
  claimTallies(account: string, quarters: readonly number[], claim: string): Promise<void>
  /**
   * Keeps the tallies of those quarters whose calls nobody has changed since they were claimed, and of
   * a day only when that holds for all of it; whether it did for all.
   */
  keepTallies(account: string, made: MadeTallies): Promise<boolean>
}

/** The quarter that a moment is in, wall-clock ms. */
export const quarterOf = (moment: number): number => Math.floor(moment / TALLY_MS) * TALLY_MS
