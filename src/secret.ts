import { hash, timingSafeEqual } from 'node:crypto'
import { inspect } from 'node:util'

/**
 * A text that must never be shown: printed, logged or serialised it is `[secret]`; only `reveal()`
 * returns it.
 */
export class Secret {
  readonly #text: string

  constructor(text: string) {
    this.#text = text
  }

  reveal(): string {
    return this.#text
  }

  /**
   * 16 hex characters of a digest: tells secrets apart in a log or a store without showing them.
   */
  fingerprint(): string {
    return hash('sha256', this.#text).slice(0, 16)
  }

  /** Takes the same time wherever the texts differ. */
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
