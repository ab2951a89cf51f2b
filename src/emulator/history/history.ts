import type { Office, StoryCall } from '../story.js'

/**
 * What may become of a provider's call log after it was read: calls that are written late, change,
 * or are deleted. Each emulator with a call log has one; nothing happens in it by itself.
 */
export interface CallHistory {
  /** What of a call its provider writes at all. */
  readonly shows: { readonly price: boolean; readonly furtherRows: boolean }
  /** The office whose calls they are. */
  readonly office: Office
  /** The calls that the API lists now, from the emulator's own books; earliest first. */
  calls(): readonly KeptCall[]
  /** Writes a call that has ended, and returns its id; it is listed from now on, whenever it began. */
  add(call: Omit<StoryCall, 'id'>): string
  /** @throws RangeError when there is no such call */
  change(id: string, change: CallChange): void
  /**
   * Writes a further row of a call: after the talk a survey, or a colleague to whom it was
   * transferred.
   *
   * @throws RangeError when there is no such call, the row would end in the future, or the provider
   * has one row a call
   */
  extend(id: string, by: FurtherRow): void
  /** Deletes calls; unknown ids are passed over. */
  remove(ids: Iterable<string>): void
  /** Called after each page of the list of calls was served; null: nothing is. */
  afterPage(act: (() => void) | null): void
}

/** A call in the books: plain data. */
export interface KeptCall {
  /** The provider's id of the call. */
  readonly id: string
  /** The provider's ids of its rows, in their order. */
  readonly rows: readonly string[]
  readonly story: StoryCall
}

/** What may be corrected in a call that has ended. */
export type CallChange = Partial<
  Pick<StoryCall, 'price' | 'recording' | 'answeredAt' | 'endedAt' | 'outcome' | 'hungUpBy' | 'steps'>
>

/** A row that belongs to a call written before. */
export interface FurtherRow {
  readonly kind: 'survey' | 'transfer'
  readonly seconds: number
}
