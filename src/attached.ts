/** Values that belong to objects of somebody else's, and go when these do. */
export interface Attached<Host extends object, Value> {
  get(host: Host): Value | undefined
  set(host: Host, value: Value): void
}

/**
 * As a WeakMap, for what belongs to one request or one answer: kept on the object itself, out of sight. A weak map's values outlive V8's
 * collections of young objects, so that whatever hangs on them, which is all of an operation, would have to grow old before it is collected.
 */
export function attached<Host extends object, Value>(): Attached<Host, Value> {
  const slot = Symbol('attached')
  return {
    get: (host) => (host as Readonly<Record<symbol, Value>>)[slot],
    // Not enumerable: whoever copies the object has another one.
    set: (host, value) => void Object.defineProperty(host, slot, { value, writable: true, configurable: true }),
  }
}
