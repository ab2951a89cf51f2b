/** A value that may be at hand already: most edges are, and then answering costs no turn of the event loop. */
export type Awaitable<T> = T | Promise<T>

/** Goes on at once when the value is at hand, else when it arrives. */
export function andThen<T, U>(value: Awaitable<T>, next: (value: T) => Awaitable<U>): Awaitable<U> {
  return value instanceof Promise ? value.then(next) : next(value)
}

/** All of them, without waiting when none has to be waited for. */
export function allOf<const Values extends readonly unknown[]>(
  values: Values,
): Awaitable<{ readonly [At in keyof Values]: Awaited<Values[At]> }> {
  return values.some((value) => value instanceof Promise)
    ? Promise.all(values)
    : (values as { readonly [At in keyof Values]: Awaited<Values[At]> })
}
