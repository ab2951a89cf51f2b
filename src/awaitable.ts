/**
 * A value that may be available synchronously, as most edges are: using it then costs no turn of
 * the event loop.
 */
export type Awaitable<T> = T | Promise<T>

/** Calls `next` synchronously when the value is available, else when it arrives. */
export function andThen<T, U>(value: Awaitable<T>, next: (value: T) => Awaitable<U>): Awaitable<U> {
  return value instanceof Promise ? value.then(next) : next(value)
}

/** As `Promise.all`, but synchronous when none of the values is a promise. */
export function allOf<const Values extends readonly unknown[]>(
  values: Values,
): Awaitable<{ readonly [At in keyof Values]: Awaited<Values[At]> }> {
  return values.some((value) => value instanceof Promise)
    ? Promise.all(values)
    : (values as { readonly [At in keyof Values]: Awaited<Values[At]> })
}
