/** What a Range header asks for, RFC 9110 §14.1.2: from `first` to `last`, both included; without `first` the `last` bytes of it. */
export interface RangeRequest {
  readonly first: number | null
  readonly last: number | null
}

/** Both included, counted in the whole. */
export interface Bounds {
  readonly first: number
  readonly last: number
}

/** More digits than any file needs, and few enough to count with. */
const POSITION = '\\d{1,15}'

/** Null for a header that asks for no bytes, or not in a way anybody understands: it is as if it were not there. */
export function parseRange(header: string | undefined): RangeRequest | 'several' | null {
  if (/^bytes=.*,/i.test(header ?? '')) return 'several'
  const [, first = '', last = ''] = new RegExp(`^bytes=(${POSITION})?-(${POSITION})?$`, 'i').exec(header ?? '') ?? []
  if ((first === '' && last === '') || (first !== '' && last !== '' && Number(last) < Number(first))) return null
  return { first: first === '' ? null : Number(first), last: last === '' ? null : Number(last) }
}

export const printRange = ({ first, last }: RangeRequest): string => `bytes=${first ?? ''}-${last ?? ''}`

/** Where the asked-for part lies in a whole of this length; null when nothing of it is there. */
export function boundsIn({ first, last }: RangeRequest, length: number): Bounds | null {
  const from = first ?? Math.max(0, length - (last ?? 0))
  const to = first === null || last === null ? length - 1 : Math.min(last, length - 1)
  return from <= to ? { first: from, last: to } : null
}

/** `bytes 0-9/100` of a 206; the length is null where it is a star. Null when it is not readable. */
export function parseContentRange(header: string | undefined): { bounds: Bounds; length: number | null } | null {
  const [, first, last, length] =
    new RegExp(`^bytes (${POSITION})-(${POSITION})/(${POSITION}|\\*)$`, 'i').exec(header ?? '') ?? []
  if (first === undefined || last === undefined) return null
  const bounds = { first: Number(first), last: Number(last) }
  const known = length === '*' ? null : Number(length)
  return bounds.first <= bounds.last && (known === null || bounds.last < known) ? { bounds, length: known } : null
}

/** `bytes *\/100` of a 416. */
export function parseUnsatisfied(header: string | undefined): number | null {
  const length = new RegExp(`^bytes \\*/(${POSITION})$`, 'i').exec(header ?? '')?.[1]
  return length === undefined ? null : Number(length)
}

/** Bytes of a body, as its head announces them. */
export const parseLength = (header: string | undefined): number | null =>
  new RegExp(`^${POSITION}$`).test(header ?? '') ? Number(header) : null

export const lengthOf = ({ first, last }: Bounds): number => last - first + 1
