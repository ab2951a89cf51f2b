import { hash } from 'node:crypto'

import { LRUCache } from 'lru-cache'

import type { Clock } from '../../clock.js'
import type { Reply } from '../rest.js'

/** What a cache has done since the start, and what it holds now. */
export interface CacheFigures {
  /** Answered from the cache while fresh. */
  readonly hits: number
  /** Absent or too old: a request was needed. */
  readonly misses: number
  /** Asked again with a validator, and nothing had changed. */
  readonly revalidated: number
  /** Answered with something too old, because the provider could not answer. */
  readonly stale: number
  /** Waited for a request that another operation had sent. */
  readonly shared: number
  /** Evicted for newer ones. */
  readonly evictions: number
  readonly entries: number
  /** Estimated. */
  readonly bytes: number
}

/** A reply and when it was received, by both clocks. */
export interface KeptReply {
  readonly reply: Reply
  /** What it is about, in the words of `Freshness.noun`. */
  readonly noun: string
  /** How long it is fresh. */
  readonly seconds: number
  /** Characters of its text. */
  readonly size: number
  readonly wall: number
  readonly monotonic: number
}

/**
 * Stands for a reply too large to be kept, and so to be shared. It is remembered, because the size
 * is known only once the reply is here.
 */
export const OVERSIZED = Symbol('too large to be kept')

type Entry = KeptReply | typeof OVERSIZED

/** The share of all bytes that one reply may take. */
const LARGEST_SHARE = 1 / 16
/** Estimated: parsed JSON takes as many bytes as its text, what is mapped from it as many. */
const BYTES_PER_CHARACTER = 2
const BYTES_PER_ENTRY = 512

/**
 * The replies kept for all accounts of this process, bounded in bytes together: the least recently
 * used goes first. Each account's client has a partition under a number of its own, and can name no
 * entry of another.
 */
export class ReplyCache {
  readonly clock: Clock
  /** How long past its lifetime a reply may be given, ms. */
  readonly staleMs: number
  readonly counts = { hits: 0, misses: 0, revalidated: 0, stale: 0, shared: 0, evictions: 0 }
  readonly #entries: LRUCache<string, Entry> | null
  readonly #largest: number
  #partitions = 0

  /** `bytes` 0: nothing is kept, and nothing is shared. */
  constructor({ bytes, staleMs, clock }: { readonly bytes: number; readonly staleMs: number; readonly clock: Clock }) {
    this.clock = clock
    this.staleMs = staleMs
    this.#largest = Math.floor(bytes * LARGEST_SHARE)
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

  /** A new partition; null when nothing is kept. */
  partition(): CachePartition | null {
    const entries = this.#entries
    if (!entries) return null
    const owner = `${++this.#partitions}:`
    return {
      cache: this,
      find: (key) => entries.get(owner + key),
      keep: (key, kept) => {
        const bytes = kept.size * BYTES_PER_CHARACTER + BYTES_PER_ENTRY + key.length
        if (bytes > this.#largest) entries.set(owner + key, OVERSIZED, { size: BYTES_PER_ENTRY + key.length })
        else entries.set(owner + key, kept, { size: bytes })
      },
      drop: (key) => void entries.delete(owner + key),
      clear: (nouns) => {
        for (const [key, entry] of [...entries.entries()])
          if (key.startsWith(owner) && (!nouns || entry === OVERSIZED || nouns.has(entry.noun))) entries.delete(key)
      },
    }
  }
}

/** The replies kept for one account's client. */
export interface CachePartition {
  readonly cache: ReplyCache
  find(key: string): Entry | undefined
  keep(key: string, kept: KeptReply): void
  drop(key: string): void
  /** Of these nouns, or all. */
  clear(nouns?: ReadonlySet<string>): void
}

/**
 * The key of a read within its account: different reads never share one. What has a body begins with a bracket, and its
 * fields are quoted; else the address comes last, and what precedes it are words without a space. A body may carry a credential: only its SHA-256 digest is part of a key.
 */
export const readKey = (method: string, anonymous: boolean, url: string, body: string | undefined): string =>
  body === undefined
    ? `${method} ${anonymous} ${url}`
    : JSON.stringify([method, anonymous, url, hash('sha256', body, 'base64')])

/** By whichever clock it is older: one may have been set back, the other may have slept. */
export const ageMs = ({ wall, monotonic }: KeptReply, clock: Clock): number =>
  Math.max(0, clock.now() - wall, clock.monotonic() - monotonic)
