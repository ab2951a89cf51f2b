import { hash } from 'node:crypto'

import { LRUCache } from 'lru-cache'

import type { Clock } from '../../clock.js'
import type { Reply } from '../rest.js'

/** What a cache has done since the start, and what it holds now. */
export interface CacheFigures {
  /** Answered from the cache, fresh. */
  readonly hits: number
  /** Not in the cache, or too old: the provider was asked. */
  readonly misses: number
  /** Asked again with a validator, and nothing had changed. */
  readonly revalidated: number
  /** Answered with something too old, because the provider could not answer. */
  readonly stale: number
  /** Waited for a request that another operation had sent. */
  readonly shared: number
  /** Pushed out by newer answers. */
  readonly evictions: number
  readonly entries: number
  /** Estimated. */
  readonly bytes: number
}

/** An answer and when it was received, on both clocks: the older of the two ages counts. */
export interface KeptReply {
  readonly reply: Reply
  /** How long it is fresh. */
  readonly seconds: number
  /** Characters of its text. */
  readonly size: number
  readonly wall: number
  readonly monotonic: number
}

/** Too large to be kept, and so to be shared: remembered, because its size is only known once it is here. */
export const OVERSIZED = Symbol('too large to be kept')

type Entry = KeptReply | typeof OVERSIZED

/** One answer takes at most this part of all. */
const LARGEST_PART = 1 / 16
/** A JSON value takes about as many bytes as its text, what is made of it as many again, and a key its own. */
const BYTES_PER_CHARACTER = 2
const BYTES_PER_ENTRY = 512

/**
 * The answers of all accounts of this process, bounded in bytes together: the one that was used least recently goes first. Each account's
 * client has a part of its own, under a number nobody else has, and nobody can name an entry of another part.
 */
export class ReplyCache {
  readonly clock: Clock
  /** Longest time an answer may be given beyond its own, ms. */
  readonly staleMs: number
  readonly counts = { hits: 0, misses: 0, revalidated: 0, stale: 0, shared: 0, evictions: 0 }
  readonly #entries: LRUCache<string, Entry> | null
  readonly #largest: number
  #parts = 0

  /** `bytes` 0: nothing is kept, and nothing is shared. */
  constructor({ bytes, staleMs, clock }: { readonly bytes: number; readonly staleMs: number; readonly clock: Clock }) {
    this.clock = clock
    this.staleMs = staleMs
    this.#largest = Math.floor(bytes * LARGEST_PART)
    this.#entries =
      bytes > 0
        ? new LRUCache<string, Entry>({
            maxSize: bytes,
            dispose: (_entry, _key, reason) => {
              if (reason === 'evict') this.counts.evictions += 1
            },
          })
        : null
  }

  figures(): CacheFigures {
    return { ...this.counts, entries: this.#entries?.size ?? 0, bytes: this.#entries?.calculatedSize ?? 0 }
  }

  /** A part nobody else can reach into; null when nothing is kept. */
  part(): CachePart | null {
    const entries = this.#entries
    if (!entries) return null
    const owner = `${++this.#parts}:`
    return {
      cache: this,
      find: (key) => entries.get(owner + key),
      keep: (key, kept) => {
        const bytes = kept.size * BYTES_PER_CHARACTER + BYTES_PER_ENTRY + key.length
        if (bytes > this.#largest) entries.set(owner + key, OVERSIZED, { size: BYTES_PER_ENTRY + key.length })
        else entries.set(owner + key, kept, { size: bytes })
      },
      drop: (key) => void entries.delete(owner + key),
      clear: () => {
        for (const key of [...entries.keys()]) if (key.startsWith(owner)) entries.delete(key)
      },
    }
  }
}

/** One client's own answers. */
export interface CachePart {
  readonly cache: ReplyCache
  find(key: string): Entry | undefined
  keep(key: string, kept: KeptReply): void
  drop(key: string): void
  clear(): void
}

/**
 * What tells one read of a client from another. Different reads have different keys, whatever stands in them: each part is quoted.
 * A body may carry a credential, so only its digest is part of a key.
 */
export const readKey = (method: string, anonymous: boolean, url: string, body: string | undefined): string =>
  JSON.stringify([method, anonymous, url, body === undefined ? null : hash('sha256', body, 'base64')])

/** By whichever clock it is older: one of them may have been set back, the other may have slept. */
export const ageMs = ({ wall, monotonic }: KeptReply, clock: Clock): number =>
  Math.max(0, clock.now() - wall, clock.monotonic() - monotonic)
