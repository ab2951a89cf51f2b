import type { ProviderResource } from '../model/node.js'

/** `leftOut` of an object, from counts by field; nothing where none was left out. */
export function leavingOut(counts: Readonly<Record<string, number>>): Pick<ProviderResource, 'leftOut'> {
  const leftOut = Object.fromEntries(Object.entries(counts).filter(([, count]) => count > 0))
  return Object.keys(leftOut).length > 0 ? { leftOut } : {}
}
