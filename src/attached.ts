/** Values that belong to objects of somebody else's, and go when these do. */
export interface Attached<Host extends object, Value> {
  get(host: Host): Value | undefined
  set(host: Host, value: Value): void
}

/**
 * As a WeakMap, for what belongs to one request or one answer: kept on the object itself, out of sight. A weak map's values outlive V8's
 * collections of young objects, so that whatever hangs on them, which is all of an operation, would have to grow old before it is collected.
 *
 * Make one for each kind of value, not one for each account: every one gives the objects it is used on another hidden class, and code that
 * meets many of those is slow code.
 */
export function attached<Host extends object, Value>(): Attached<Host, Value> {
  const slot = Symbol('attached')
  return {
    get: (host) => (host as Readonly<Record<symbol, Value>>)[slot],
    // Not enumerable: whoever copies the object has another one.
    set: (host, value) => void Object.defineProperty(host, slot, { value, writable: true, configurable: true }),
  }
}

/**
 * What is made of a value, made once for as long as that value is in use: an answer from the cache is the same object in every operation
 * it is given to, so that its thousand records need not be mapped again. `make` must be pure, and nobody may change what it made; a value
 * always comes with the same `rest`.
 */
export function oncePer<Value extends object, Made, Rest extends readonly unknown[]>(
  make: (value: Value, ...rest: Rest) => Made,
): (value: Value, ...rest: Rest) => Made {
  const made = attached<Value, { readonly made: Made }>()
  return (value, ...rest) => {
    const known = made.get(value)
    if (known) return known.made
    const now = make(value, ...rest)
    made.set(value, { made: now })
    return now
  }
}
