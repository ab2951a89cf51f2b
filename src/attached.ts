/** A class that extends this adds its private fields to the given object, in place of a new one. */
class Extended {
  constructor(host: object) {
    return host
  }
}

/** Values that belong to objects of others, and go when these do. */
interface Attached<Host extends object, Value> {
  get(host: Host): Value | undefined
  set(host: Host, value: Value): void
}

/**
 * A WeakMap in effect. The value is kept on the object itself, in a private field that nobody sees
 * and no copy takes along: the values of a WeakMap outlive V8's collections of young objects.
 *
 * Make one for each kind of value, not one for each account: each gives the objects it is used on
 * another hidden class, and code that meets many of those is slow.
 */
function attached<Host extends object, Value>(): Attached<Host, Value> {
  return class Slot extends Extended {
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

/** Tells whether an object is seen for the first time. */
export function firstSight(): (host: object) => boolean {
  const seen = attached<object, true>()
  return (host) => {
    if (seen.get(host)) return false
    seen.set(host, true)
    return true
  }
}

/**
 * Derives something from a value once, for as long as the value is in use: a cached reply is the
 * same object in every operation, so that its records are mapped once. `derive` must be pure, nobody
 * may change what it returns, and a value must always come with the same `rest`.
 */
export function oncePer<Value extends object, Derived, Rest extends readonly unknown[]>(
  derive: (value: Value, ...rest: Rest) => Derived,
): (value: Value, ...rest: Rest) => Derived {
  const slots = attached<Value, { readonly derived: Derived }>()
  return (value, ...rest) => {
    const slot = slots.get(value)
    if (slot) return slot.derived
    const derived = derive(value, ...rest)
    slots.set(value, { derived })
    return derived
  }
}
