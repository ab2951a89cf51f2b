/** An address that a URL would spell the same: no name or segment in it could mean anything else. */
const PLAIN = /^https?:\/\/[a-z0-9.:-]+(?:\/(?!\.|%2)[\w~!$&()*+,;=:@%.-]*)+(?:\?[\w~!$&()*+,;=:@%./?-]+)?$/i

/** Where the path of an absolute address begins, at the earliest. */
const AFTER_SCHEME = 'https://'.length

/**
 * Path and query of an absolute address, as they are sent. Parsing it costs as much as sending it, so
 * that is left out where nothing would become of it.
 */
export function targetOf(address: string): string {
  if (PLAIN.test(address)) return address.slice(address.indexOf('/', AFTER_SCHEME))
  const { pathname, search } = new URL(address)
  return pathname + search
}

/** The path alone. */
export function pathOf(address: string): string {
  const target = targetOf(address)
  const query = target.indexOf('?')
  return query < 0 ? target : target.slice(0, query)
}

/** Whether an address is of one of these origins. */
export const isOfOrigin = (address: string, origins: readonly string[]): boolean =>
  origins.some((origin) => address.startsWith(origin) && address[origin.length] === '/') ||
  origins.includes(new URL(address).origin)

/** What belongs to each origin, found without parsing an address of an origin that is known. */
export class ByOrigin<Value> {
  readonly #values = new Map<string, Value>()

  constructor(private readonly make: (url: URL) => Value) {}

  of(address: string): Value {
    const end = address.indexOf('/', AFTER_SCHEME)
    const known = end < 0 ? undefined : this.#values.get(address.slice(0, end))
    if (known !== undefined) return known
    const url = new URL(address)
    const made = this.#values.get(url.origin) ?? this.make(url)
    this.#values.set(url.origin, made)
    return made
  }
}
