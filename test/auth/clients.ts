import { afterEach } from '@jest/globals'

import { AppError } from '../../src/errors.js'
import { guest, tokenHouse, type Guest, type GuestOptions, type TokenHouse } from './token-server.js'

/** The house of the test that runs; whoever joins it leaves with it. */
export let house: TokenHouse
const guests: Guest[] = []

afterEach(async () => {
  for (const visitor of guests.splice(0)) await visitor.close()
  await house.close()
})

export async function open(lifetime?: unknown): Promise<TokenHouse> {
  return (house = await tokenHouse(lifetime))
}

export function join(kind: Parameters<typeof guest>[1], options: GuestOptions = {}): Guest {
  const visitor = guest(house, kind, options)
  guests.push(visitor)
  return visitor
}

/** The error it must end with. */
export async function failure(promise: Promise<unknown>): Promise<AppError> {
  const error = await promise.then(
    () => null,
    (thrown: unknown) => thrown,
  )
  if (!(error instanceof AppError)) throw new Error(`expected an AppError, got ${String(error)}`)
  return error
}

/** Time passes for the house, and for those. */
export function pass(seconds: number, ...those: readonly Guest[]): void {
  for (const clock of new Set(those.map(({ clock }) => clock))) clock.advance(seconds * 1000)
  house.clock.advance(seconds * 1000)
}

export const times = <T>(count: number, make: () => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: count }, make))

export const outcomes = ({ events }: Guest): string[] => events.map(({ outcome }) => outcome)

export function gate(): { readonly passed: Promise<void>; readonly open: () => void } {
  let open!: () => void
  const passed = new Promise<void>((resolve) => (open = resolve))
  return { passed, open }
}

export async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setImmediate(resolve))
}
