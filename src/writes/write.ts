import type { EndSignal } from '../ending.js'
import type { WriteProblem, WriteResult } from '../providers/writes.js'
import type { WriteError } from './write-error.js'

/** A write with everything it needs, to be sent when it is its turn. */
export interface SendableWrite {
  send(): Promise<WriteResult>
  /** Absent: the provider does not let one look whether it was done. */
  look?(): Promise<WriteResult | null>
}

/** What keeps a write from being sent. */
export type Hindrance = { readonly problems: readonly WriteProblem[] } | { readonly errors: readonly WriteError[] }

/** A mutation on an object of a provider, as its caller asks for it. */
export interface Write {
  /** The mutation's name. */
  readonly operation: string
  readonly workspace: string
  /** Key of the account. */
  readonly account: string
  /** Shown in the record of changes: the key's name or the token's subject. */
  readonly actor: string
  /** Whose idempotency keys these are; differs between callers. */
  readonly caller: string
  readonly requestId: string
  readonly idempotencyKey: string | null
  /** All that was said but the idempotency key, as canonical JSON. */
  readonly input: string
  /** Names of the input fields that were said. */
  readonly fields: readonly string[]
  /** What is written to, one write at a time. */
  readonly object: string
  /** Global id of the object; null for one that is to be made. */
  readonly targetId: string | null
  /** Nouns of what was read before and may not be so after it; null: all. */
  readonly affects: readonly string[] | null
  /** Aborted when its caller waits no longer. */
  readonly signal: EndSignal
  /** Reads what the write needs; gives what keeps it from being sent, all of it. */
  prepare(): Promise<SendableWrite | Hindrance>
  /** Looks whether a write was done whose process is gone; null where nobody can tell. */
  lookAgain(): Promise<WriteResult | null>
  /** The written object as it is now, with its global id; null where it cannot be read or there is none. */
  readBack(result: WriteResult): Promise<WrittenObject | null>
  /** What a refusal of its provider says. */
  said(answer: unknown): string | null
}

export interface WrittenObject {
  readonly id: string
}

/** What became of a mutation: part of its answer, and what a repetition is answered with. */
export interface Written {
  readonly isDone: boolean
  readonly errors: readonly WriteError[]
  /** What a call is known by, and such. */
  readonly result: WriteResult | null
  /** As it was right after the write. */
  readonly object: WrittenObject | null
}

export const refused = (...errors: readonly WriteError[]): Written => ({
  isDone: false,
  errors,
  result: null,
  object: null,
})
