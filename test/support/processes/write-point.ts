/** Where a test may make a write stand still, until its process is killed; not part of the product. */
export const WRITE_POINTS = [
  'before the claim',
  'after the claim',
  'before it begins',
  'before it is sent',
  'before it is done',
  'before its answer',
  'before its record',
  'before its stored answer',
  'after its stored answer',
] as const
export type WritePoint = (typeof WRITE_POINTS)[number]

/** Points at which the provider holds it, and not the process. */
export const isAtProvider = (point: WritePoint): boolean =>
  point === 'before it is done' || point === 'before its answer'
