import { memoryStore } from '../../../src/store/memory.js'
import { joinLogin, movedClock } from './joined-login.js'
import { startEmulator, type EmulatedLogin } from './scenarios.js'

export interface LostAnswer {
  /** Result of the query whose refresh response was lost. */
  readonly outcome: string
  readonly tokenRequests: number
  /** Token requests of twenty further queries. */
  readonly later: number
  /** Result of a query a day later. */
  readonly nextDay: string
}

/** The provider redeems the refresh token and its response is lost: once, or at the retry, too. */
export async function loseAnswer(login: EmulatedLogin, times: number): Promise<LostAnswer> {
  const emulator = await startEmulator(login)
  const clock = movedClock()
  const joined = joinLogin(emulator.accounts[login.account]!, memoryStore(clock.monotonic), clock)
  const pass = (seconds: number) => {
    clock.advance(seconds)
    emulator.clock.advance(seconds * 1_000)
  }
  const path = new RegExp(`${login.tokenPath}$`)
  try {
    const linked = await joined.query()
    if (linked !== 'ok') throw new Error(`the first query came to ${linked}`)
    pass(login.lifetime + 1)
    emulator.journal.clear()
    emulator.faults.next({ path, reset: 'afterProcessing', times })
    const outcome = await joined.query()
    const tokenRequests = emulator.journal.tokenRequests.length
    for (let more = 0; more < 20; more++) await joined.query()
    const later = emulator.journal.tokenRequests.length - tokenRequests
    pass(86_400)
    return { outcome, tokenRequests, later, nextDay: await joined.query() }
  } finally {
    await joined.close()
    await emulator.close()
  }
}
