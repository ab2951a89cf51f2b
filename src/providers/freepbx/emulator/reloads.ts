import type { FreepbxKnobs } from './knobs.js'

/** What was saved and is not in force yet, and the work that brings it there. */
export interface Reloads {
  need(): void
  isNeeded(): boolean
  /** Begins one; its transaction. */
  begin(): string
  /** The word of its state; another text for a transaction nobody knows. */
  state(transaction: string): string
  /** How many were begun. */
  count(): number
  reset(): void
}

/** The work runs in the background: it is done after it was looked at so often. */
export function createReloads({ reload, reloadPolls }: FreepbxKnobs): Reloads {
  const looks = new Map<string, number>()
  let needed = false
  let count = 0
  return {
    need: () => void (needed = true),
    isNeeded: () => needed,
    begin() {
      const transaction = String((count += 1))
      looks.set(transaction, 0)
      return transaction
    },
    state(transaction) {
      const seen = looks.get(transaction)
      if (seen === undefined) return 'Sorry, unable to find the transaction'
      looks.set(transaction, seen + 1)
      if (reload === 'stuck' || seen < reloadPolls) return 'Processing'
      if (reload === 'failed') return 'Failed'
      needed = false
      return 'Executed'
    },
    count: () => count,
    reset() {
      looks.clear()
      needed = false
      count = 0
    },
  }
}
