/**
 * What is made of a value, made once for as long as that value is in use: an answer from the cache is the same object in every operation
 * it is given to, so that its thousand records need not be mapped again. `make` must be pure, and nobody may change what it made.
 */
export function oncePer<Value extends object, Made>(make: (value: Value) => Made): (value: Value) => Made {
  const made = new WeakMap<Value, { readonly made: Made }>()
  return (value) => {
    const known = made.get(value) ?? { made: make(value) }
    made.set(value, known)
    return known.made
  }
}
