type Members = ReadonlyMap<string, Members | null>

/**
 * A JSON value with only the members at these dotted paths: `user.name` keeps `{user: {name}}`. A
 * path goes through every item of a list, and one that leads nowhere keeps nothing.
 */
export function narrow(value: unknown, paths: readonly string[]): unknown {
  return keep(value, membersAt(paths.map((path) => path.split('.'))))
}

/** Null: keep everything below. */
function membersAt(paths: readonly (readonly string[])[]): Members {
  const names = new Set(paths.map(([name]) => name!))
  const members = new Map<string, Members | null>()
  for (const name of names) {
    const rests = paths.filter((path) => path[0] === name).map((path) => path.slice(1))
    members.set(name, rests.some((rest) => rest.length === 0) ? null : membersAt(rests))
  }
  return members
}

function keep(value: unknown, members: Members | null): unknown {
  if (members === null) return value
  if (Array.isArray(value)) return value.map((item) => keep(item, members))
  if (typeof value !== 'object' || value === null) return null
  const kept = [...members].filter(([name]) => Object.hasOwn(value, name))
  return Object.fromEntries(kept.map(([name, below]) => [name, keep((value as Record<string, unknown>)[name], below)]))
}
