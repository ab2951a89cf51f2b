import type { CallLeg } from '../../src/model/call-record.js'

/** The legs with their ids replaced by their places: `2.1` is the first below the second. */
export function byPlace(legs: readonly CallLeg[]): CallLeg[] {
  const places = new Map<string, string>()
  const below = new Map<string | null, number>()
  for (const { id, parentId } of legs) {
    const place = (below.get(parentId) ?? 0) + 1
    below.set(parentId, place)
    places.set(id, parentId === null ? String(place) : `${places.get(parentId)}.${place}`)
  }
  return legs.map((leg) => ({
    ...leg,
    id: places.get(leg.id)!,
    parentId: leg.parentId === null ? null : places.get(leg.parentId)!,
  }))
}
