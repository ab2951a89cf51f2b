import { hash, timingSafeEqual } from 'node:crypto'
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
    return digest(this.#text).toString('hex').slice(0, 16)
  }

  /** Takes as long for texts that differ at once as for those that differ at the end. */
  equals(other: Secret | null | undefined): boolean {
    return other != null && timingSafeEqual(digest(this.#text), digest(other.#text))
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

const digest = (text: string): Buffer => hash('sha256', text, 'buffer')
