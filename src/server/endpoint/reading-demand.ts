import type { IncomingHttpHeaders } from 'node:http'

import type { ReadingOperation } from '../../http/account/reading.js'

/**
 * What a request's headers demand of its reads: how fresh they must be, and whether to explain
 * them.
 */
export function readingDemand(headers: IncomingHttpHeaders): Partial<Pick<ReadingOperation, 'demand' | 'journal'>> {
  const demand = freshnessDemand(headers['cache-control'])
  const journal = headers['x-dialgraph-explain'] === '1' && { reads: [], tokenRequests: [], pending: [] }
  return { ...(demand && { demand }), ...(journal && { journal }) }
}

/**
 * `Cache-Control` of a request, RFC 9111 §5.2.1: `no-cache`, `max-age`, `no-store`, `max-stale`,
 * and `stale-if-error` of RFC 5861 §4; null when it demands nothing. A demand for fresh data
 * excludes stale data unless the header also allows it.
 */
export function freshnessDemand(header: string | undefined): ReadingOperation['demand'] | null {
  if (header === undefined) return null
  const directives = directivesOf(header)
  const seconds = (name: string) => (directives.has(name) ? wholeNumber(directives.get(name) ?? null) : null)
  const noStore = directives.has('no-store')
  const maxAge = directives.has('no-cache') || noStore ? 0 : seconds('max-age')
  const anyStale = directives.has('max-stale') && directives.get('max-stale') === null
  const stale = anyStale ? Infinity : (seconds('stale-if-error') ?? seconds('max-stale'))
  if (maxAge === null && stale === null) return null
  return {
    maxAgeMs: maxAge === null ? Infinity : maxAge * 1000,
    staleMs: (stale ?? (maxAge === null ? Infinity : 0)) * 1000,
    keep: !noStore,
  }
}

/** Directives by name; null for one without a value. */
function directivesOf(header: string): ReadonlyMap<string, string | null> {
  const parts = header.split(',').flatMap((part) => {
    const [, name, value] = /^\s*([\w-]+)\s*(?:=\s*"?([^"]*?)"?\s*)?$/.exec(part) ?? []
    return name === undefined ? [] : [[name.toLowerCase(), value ?? null] as const]
  })
  return new Map(parts)
}

/** 0 for anything else than seconds: the client cares about freshness. */
const wholeNumber = (text: string | null) => (text !== null && /^\d{1,10}$/.test(text) ? Number(text) : 0)
