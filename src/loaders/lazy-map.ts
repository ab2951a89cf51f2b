/**
 * A lazy map: builds each value on first access, from the value another map has for the key. A
 * workspace may have thousands of accounts, and most operations concern one of them.
 */
export class LazyMap<Source, Value> implements ReadonlyMap<string, Value> {
  readonly #sources: ReadonlyMap<string, Source>
  readonly #make: (source: Source) => Value
  readonly #made = new Map<string, Value>()
  /** Keys that the source map does not have; they come last. */
  readonly #added: string[] = []

  constructor(sources: ReadonlyMap<string, Source>, make: (source: Source) => Value) {
    this.#sources = sources
    this.#make = make
  }

  get size(): number {
    return this.#sources.size + this.#added.length
  }

  get(key: string): Value | undefined {
    const made = this.#made.get(key)
    if (made !== undefined) return made
    const source = this.#sources.get(key)
    return source === undefined ? undefined : this.#keep(key, this.#make(source))
  }

  has(key: string): boolean {
    return this.#sources.has(key) || this.#made.has(key)
  }

  add(key: string, source: Source): Value {
    if (!this.has(key)) this.#added.push(key)
    return this.#keep(key, this.#make(source))
  }

  keys() {
    return [...this.#sources.keys(), ...this.#added].values()
  }

  values() {
    return [...this.keys()].map((key) => this.get(key)!).values()
  }

  entries() {
    return [...this.keys()].map((key): [string, Value] => [key, this.get(key)!]).values()
  }

  [Symbol.iterator]() {
    return this.entries()
  }

  forEach(callback: (value: Value, key: string, map: ReadonlyMap<string, Value>) => void): void {
    for (const [key, value] of this) callback(value, key, this)
  }

  #keep(key: string, value: Value): Value {
    this.#made.set(key, value)
    return value
  }
}
