import { attached } from '../attached.js'

/**
 * What is made of a value, made once for as long as that value is in use: an answer from the cache is the same object in every operation
 * it is given to, so that its thousand records need not be mapped again. `make` must be pure, and nobody may change what it made.
 */
export function oncePer<Value extends object, Made>(make: (value: Value) => Made): (value: Value) => Made {
  const made = attached<Value, { readonly made: Made }>()
  return (value) => {
    const known = made.get(value)
    if (known) return known.made
    const now = make(value)
    made.set(value, { made: now })
    return now
  }
}
