import { styleText } from 'node:util'

import Table from 'cli-table3'

import type { AccountState } from './account-states.js'

type Colour = 'green' | 'yellow' | 'red' | 'cyan'

const COLOURS: Readonly<Record<string, Colour>> = {
  ACTIVE: 'green',
  BACKOFF: 'yellow',
  REAUTHORIZATION_REQUIRED: 'red',
  NEW: 'cyan',
}

/**
 * Tab-separated lines for a pipe, with the fields of `--json` in its order; below them the
 * authorization link of each account that needs a person.
 */
export function listAccountStates(states: readonly AccountState[]): string {
  const lines = states.map(({ id, provider, flow, status, expiresAt, lastError }) =>
    [id, provider, flow, status, expiresAt ?? '', lastError ?? ''].join('\t'),
  )
  const links = states.flatMap(({ id, authorizeUrl }) => (authorizeUrl ? [`${id}: open ${authorizeUrl}`] : []))
  return [...lines, ...links].join('\n')
}

/** A table for a terminal; below it, what to do for each account that needs a person. */
export function tabulateAccountStates(states: readonly AccountState[], now: number): string {
  if (states.length === 0) return 'There are no accounts.'
  const table = new Table({
    head: ['account', 'provider', 'login', 'status', 'token', 'last error'],
    style: { head: ['bold'], border: ['gray'], compact: true },
  })
  for (const state of states) {
    const { id, provider, flow, status } = state
    table.push([id, provider, flow, coloured(status), tokenOf(state, now), errorOf(state, now)])
  }
  const needs = states.flatMap((state) => {
    const need = needOf(state)
    return need ? [`${state.id}: ${need}`] : []
  })
  return [table.toString(), ...needs].join('\n')
}

const coloured = (status: string) => {
  const colour = COLOURS[status]
  return colour ? styleText(colour, status) : status
}

/** An expired access token is renewed on its next use: nothing to act on. */
function tokenOf({ status, expiresAt }: AccountState, now: number): string {
  if (status === 'NEW') return 'none yet'
  if (status === 'REAUTHORIZATION_REQUIRED') return 'none'
  if (expiresAt === null) return 'does not run out'
  const left = Date.parse(expiresAt) - now
  return left > 0 ? `${duration(left)} left` : 'renewed when next used'
}

/** Without the code where it repeats the status. */
function errorOf({ status, lastError, nextAttemptAt }: AccountState, now: number): string {
  if (lastError === null) return ''
  const text = lastError.startsWith(`${status} `) ? lastError.slice(status.length + 1) : lastError
  const wait = nextAttemptAt === null ? 0 : Date.parse(nextAttemptAt) - now
  return wait > 0 ? `${text}, not tried again for ${duration(wait)}` : text
}

const WITHOUT_BROWSER: Readonly<Record<string, string>> = {
  CREDENTIALS_REJECTED: 'the provider refuses its credentials; correct them where they are configured',
  IMPERSONATION_DENIED: 'it may not act for that person; check the right and the name at the provider',
  NOT_LINKED: 'it was never logged in; configure a refresh token',
}

function needOf({ status, authorizeUrl, lastError }: AccountState): string | null {
  if (authorizeUrl) return `open ${authorizeUrl} to log in`
  if (status !== 'REAUTHORIZATION_REQUIRED') return null
  const [, word = ''] = (lastError ?? '').split(' ')
  return WITHOUT_BROWSER[word] ?? 'its login has ended; check its credentials where they are configured'
}

const UNITS = [
  ['d', 86_400],
  ['h', 3_600],
  ['min', 60],
  ['s', 1],
] as const

/** In the largest unit that fits, rounded down; at least one second. */
function duration(milliseconds: number): string {
  const seconds = Math.max(1, milliseconds / 1_000)
  const [unit, size] = UNITS.find(([, least]) => seconds >= least)!
  return `${Math.floor(seconds / size)} ${unit}`
}
