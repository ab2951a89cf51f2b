import type { ProviderResource } from '../model/node.js'

/** `leftOut` of an object, from counts by field; nothing where none was left out. */
export function leavingOut(counts: Readonly<Record<string, number>>): Pick<ProviderResource, 'leftOut'> {
  let leftOut: Record<string, number> | null = null
  for (const name in counts) if (counts[name]! > 0) (leftOut ??= {})[name] = counts[name]!
  return leftOut === null ? {} : { leftOut }
}
