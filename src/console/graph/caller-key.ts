import { useSyncExternalStore } from 'react'

import { browserStorage } from '../parts/browser-storage.js'

/** Where a key is kept for as long as its tab is open, on demand alone. */
const KEPT_AS = 'dialgraph:key'

const storage = browserStorage('sessionStorage')
/** Whether the browser lets a page keep anything. */
export const canKeepCallerKey = storage !== null

let key = storage?.getItem(KEPT_AS) ?? null
let isOver = false
const listeners = new Set<() => void>()

/** The key that requests are sent with; null: none is needed, or none was given yet. */
export const callerKey = (): string | null => key

/** Uses another key from now on. `keep`: in this tab's session storage; otherwise in memory alone. */
export function setCallerKey(next: string | null, keep: boolean): void {
  key = next
  isOver = false
  if (next !== null && keep) storage?.setItem(KEPT_AS, next)
  else storage?.removeItem(KEPT_AS)
  listeners.forEach((listener) => listener())
}

/** The server takes the key no more: whoever holds what it gave lets go of it, once. */
export function callerKeyIsOver(): void {
  if (isOver) return
  isOver = true
  listeners.forEach((listener) => listener())
}

/** Hears of every other key, and of its end; gives what ends that. */
export function onCallerKey(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

/** Whether there is a key, for a component. */
export const useHasCallerKey = (): boolean => useSyncExternalStore(onCallerKey, () => key !== null)
