type Wanted = ReadonlyMap<string, Wanted | null>

/**
 * A JSON value with nothing but the members at these dotted paths: `user.name` keeps `{user: {name}}`, and a path goes through
 * every item of a list. A path that leads nowhere keeps nothing.
 */
export function narrow(value: unknown, paths: readonly string[]): unknown {
  return keep(value, wantedBy(paths.map((path) => path.split('.'))))
}

/** Null: everything below is wanted. */
function wantedBy(paths: readonly (readonly string[])[]): Wanted {
  const names = new Set(paths.map(([name]) => name!))
  const wanted = new Map<string, Wanted | null>()
  for (const name of names) {
    const rests = paths.filter((path) => path[0] === name).map((path) => path.slice(1))
    wanted.set(name, rests.some((rest) => rest.length === 0) ? null : wantedBy(rests))
  }
  return wanted
}

function keep(value: unknown, wanted: Wanted | null): unknown {
  if (wanted === null) return value
  if (Array.isArray(value)) return value.map((item) => keep(item, wanted))
  if (typeof value !== 'object' || value === null) return null
  const kept = [...wanted].filter(([name]) => Object.hasOwn(value, name))
  return Object.fromEntries(kept.map(([name, below]) => [name, keep((value as Record<string, unknown>)[name], below)]))
}
