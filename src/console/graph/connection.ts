import { useSyncExternalStore } from 'react'

/** How it stands between the page and the server. `idle`: nothing is watched, so nothing is known. */
export type Connection = 'idle' | 'connecting' | 'connected' | 'lost'

let connection: Connection = 'idle'
const listeners = new Set<() => void>()

/** Tells everybody who shows it. */
export function setConnection(next: Connection): void {
  if (next === connection) return
  connection = next
  listeners.forEach((listener) => listener())
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

/** The state of the connection, for a component. */
export const useConnection = (): Connection => useSyncExternalStore(subscribe, () => connection)
