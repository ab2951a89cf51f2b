import { createHash } from 'node:crypto'
import { inspect } from 'node:util'

/** A value that must never be shown: printing, logging or serialising it yields `[secret]`; only `reveal()` yields the text. */
export class Secret {
  readonly #text: string

  constructor(text: string) {
    this.#text = text
  }

  reveal(): string {
    return this.#text
  }

  /** Same text gives the same 16 hex characters, so two secrets can be told apart in a log or a store without being shown. */
  fingerprint(): string {
    return createHash('sha256').update(this.#text).digest('hex').slice(0, 16)
  }

  equals(other: Secret | null | undefined): boolean {
    return other != null && other.#text === this.#text
  }

  toString(): string {
    return '[secret]'
  }

  toJSON(): string {
    return '[secret]'
  }

  [inspect.custom](): string {
    return '[secret]'
  }
}
