/** The whole object of each that is shown in part: a provider needs it to read its detail. */
const WHOLE = new WeakMap<object, object>()

/** Remembers what `part` is a part of. */
export function partOf<T extends object>(whole: T, part: T): T {
  if (part !== whole) WHOLE.set(part, whole)
  return part
}

/** The whole of what is shown in part; itself where it is shown whole. */
export const wholeOf = <T extends object>(shown: T): T => (WHOLE.get(shown) as T | undefined) ?? shown
