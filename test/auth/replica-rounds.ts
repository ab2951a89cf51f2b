import { memoryStore } from '../../src/store/memory.js'
import { loginClient, startTokenServer, type LoginClient } from './token-server.js'

/** What the rounds came to. */
export interface ReplicaRounds {
  readonly rounds: number
  /** Token requests of each round. */
  readonly refreshes: readonly number[]
  /** Codes of the queries that failed. */
  readonly failed: readonly string[]
  readonly queries: number
}

/**
 * Two replicas with one store, round after round: each holds one of the latest tokens or none, all
 * of which the provider has revoked, and both are asked at once.
 */
export async function replicaRounds(rounds: number, random: () => number): Promise<ReplicaRounds> {
  const server = await startTokenServer()
  const store = memoryStore()
  const refreshes: number[] = []
  const failed: string[] = []
  const opened: LoginClient[] = []
  let queries = 0
  const replicas: [LoginClient, LoginClient] = [open(), open()]
  try {
    await Promise.all(replicas.map((replica) => replica.get()))
    for (let round = 0; round < rounds; round += 1) {
      // One of them moves on alone, and so holds a newer token than the other; or both start anew.
      for (let step = Math.floor(random() * 3); step > 0; step -= 1) {
        server.revokeAccess()
        await replicas[Math.floor(random() * 2)]!.get()
      }
      if (random() < 0.2) replicas[Math.floor(random() * 2)] = await restarted()
      server.revokeAccess()
      const before = server.journal.tokenRequests.length
      const asked = Array.from({ length: 2 + Math.floor(random() * 6) }, (_, at) => replicas[at % 2]!.get())
      for (const outcome of await Promise.allSettled(asked))
        if (outcome.status === 'rejected') failed.push(String((outcome.reason as { code?: unknown }).code))
      queries += asked.length
      refreshes.push(server.journal.tokenRequests.length - before)
    }
    return { rounds, refreshes, failed, queries }
  } finally {
    for (const client of opened) await client.close()
    await server.close()
  }

  function open(): LoginClient {
    const client = loginClient(server, 'password', { store, sleep: (ms) => immediately(ms) })
    opened.push(client)
    return client
  }

  async function restarted(): Promise<LoginClient> {
    const client = open()
    await client.get()
    return client
  }
}

/** Pauses of our side take no time, but give others their turn. */
const immediately = async (milliseconds: number): Promise<void> => {
  for (let turn = 0; turn < Math.min(20, milliseconds); turn += 1) await new Promise((resolve) => setImmediate(resolve))
}

/** A small generator of numbers in [0, 1), the same for the same seed. */
export function generator(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}
