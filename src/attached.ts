/** Values that belong to objects of somebody else's, and go when these do. */
export interface Attached<Host extends object, Value> {
  get(host: Host): Value | undefined
  set(host: Host, value: Value): void
}

/** A class made from this one gives its private field to the object it is given, in place of a new one. */
class Given {
  constructor(host: object) {
    return host
  }
}

/**
 * As a WeakMap, for what belongs to one request or one answer: kept on the object itself, in a private field, where nobody sees it and
 * whoever copies the object does not copy it. A weak map's values outlive V8's collections of young objects, so that whatever hangs on
 * them, which is all of an operation, would have to grow old before it is collected.
 *
 * Make one for each kind of value, not one for each account: every one gives the objects it is used on another hidden class, and code that
 * meets many of those is slow code.
 */
export function attached<Host extends object, Value>(): Attached<Host, Value> {
  return class Slot extends Given {
    #value: Value

    constructor(host: Host, value: Value) {
      super(host)
      this.#value = value
    }

    static get(host: Host): Value | undefined {
      return #value in host ? host.#value : undefined
    }

    static set(host: Host, value: Value): void {
      if (#value in host) host.#value = value
      else new Slot(host, value)
    }
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
