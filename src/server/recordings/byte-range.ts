/**
 * One byte range of a Range header, RFC 9110 §14.1.2: `first` to `last`, both inclusive; without
 * `first`, the final `last` bytes.
 */
export interface RangeRequest {
  readonly first: number | null
  readonly last: number | null
}

/** Inclusive byte positions within the whole recording. */
export interface Bounds {
  readonly first: number
  readonly last: number
}

/** Enough digits for any file, and below 2^53. */
const POSITION = '\\d{1,15}'

/** Null for a missing or malformed header, which is then ignored (RFC 9110 §14.2). */
export function parseRange(header: string | undefined): RangeRequest | 'several' | null {
  if (/^bytes=.*,/i.test(header ?? '')) return 'several'
  const [, first = '', last = ''] = new RegExp(`^bytes=(${POSITION})?-(${POSITION})?$`, 'i').exec(header ?? '') ?? []
  if ((first === '' && last === '') || (first !== '' && last !== '' && Number(last) < Number(first))) return null
  return { first: first === '' ? null : Number(first), last: last === '' ? null : Number(last) }
}

export const printRange = ({ first, last }: RangeRequest): string => `bytes=${first ?? ''}-${last ?? ''}`

/** The bounds of a requested range in a recording of this length; null when it lies outside. */
export function boundsIn({ first, last }: RangeRequest, length: number): Bounds | null {
  const from = first ?? Math.max(0, length - (last ?? 0))
  const to = first === null || last === null ? length - 1 : Math.min(last, length - 1)
  return from <= to ? { first: from, last: to } : null
}

/** `bytes 0-9/100` of a 206; `length` is null for `*`. Null when the header is malformed. */
export function parseContentRange(header: string | undefined): { bounds: Bounds; length: number | null } | null {
  const [, first, last, length] =
    new RegExp(`^bytes (${POSITION})-(${POSITION})/(${POSITION}|\\*)$`, 'i').exec(header ?? '') ?? []
  if (first === undefined || last === undefined) return null
  const bounds = { first: Number(first), last: Number(last) }
  const total = length === '*' ? null : Number(length)
  return bounds.first <= bounds.last && (total === null || bounds.last < total) ? { bounds, length: total } : null
}

/** The length in `bytes *\/100` of a 416; null when the header is malformed. */
export function parseUnsatisfied(header: string | undefined): number | null {
  const length = new RegExp(`^bytes \\*/(${POSITION})$`, 'i').exec(header ?? '')?.[1]
  return length === undefined ? null : Number(length)
}

/** A Content-Length; null when it is missing or malformed. */
export const parseLength = (header: string | undefined): number | null =>
  new RegExp(`^${POSITION}$`).test(header ?? '') ? Number(header) : null

export const lengthOf = ({ first, last }: Bounds): number => last - first + 1
