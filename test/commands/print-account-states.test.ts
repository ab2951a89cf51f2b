import { stripVTControlCharacters } from 'node:util'

import { expect, test } from '@jest/globals'

import type { AccountState } from '../../src/commands/account-states.js'
import { listAccountStates, tabulateAccountStates } from '../../src/commands/print-account-states.js'

const NOW = Date.parse('2026-02-11T09:30:00Z')
const at = (seconds: number) => new Date(NOW + seconds * 1_000).toISOString()

const state = (id: string, more: Partial<AccountState>): AccountState => ({
  ...{ id, provider: 'rails-api-v1', flow: 'OAUTH2_PASSWORD', status: 'ACTIVE', expiresAt: at(42) },
  ...{ lastError: null, nextAttemptAt: null, authorizeUrl: null, ...more },
})

const STATES: readonly AccountState[] = [
  state('staff', {}),
  state('idle', { expiresAt: at(-7_200) }),
  state('master', { provider: 'bulutfon', flow: 'STATIC_TOKEN', expiresAt: null }),
  state('slow', { status: 'BACKOFF', expiresAt: at(3_000), lastError: 'PROVIDER_TIMEOUT', nextAttemptAt: at(20) }),
  state('izmir', { status: 'NEW', expiresAt: null, authorizeUrl: 'http://127.0.0.1:4000/connect/izmir' }),
  state('praha', {
    status: 'REAUTHORIZATION_REQUIRED',
    expiresAt: null,
    lastError: 'REAUTHORIZATION_REQUIRED CREDENTIALS_REJECTED',
  }),
]

test('a person reads what is good, what passes by itself, and what is left to do', () => {
  const shown = stripVTControlCharacters(tabulateAccountStates(STATES, NOW)).split('\n')
  const cells = shown.filter((line) => line.startsWith('│')).map((line) => line.split('│').map((cell) => cell.trim()))
  expect(cells.map((row) => row.slice(1, -1))).toEqual([
    ['account', 'provider', 'login', 'status', 'token', 'last error'],
    ['staff', 'rails-api-v1', 'OAUTH2_PASSWORD', 'ACTIVE', '42 s left', ''],
    ['idle', 'rails-api-v1', 'OAUTH2_PASSWORD', 'ACTIVE', 'renewed when next used', ''],
    ['master', 'bulutfon', 'STATIC_TOKEN', 'ACTIVE', 'does not run out', ''],
    [
      ...['slow', 'rails-api-v1', 'OAUTH2_PASSWORD', 'BACKOFF', '50 min left'],
      'PROVIDER_TIMEOUT, not tried again for 20 s',
    ],
    ['izmir', 'rails-api-v1', 'OAUTH2_PASSWORD', 'NEW', 'none yet', ''],
    ['praha', 'rails-api-v1', 'OAUTH2_PASSWORD', 'REAUTHORIZATION_REQUIRED', 'none', 'CREDENTIALS_REJECTED'],
  ])
  expect(shown.slice(-2)).toEqual([
    'izmir: open http://127.0.0.1:4000/connect/izmir to log in',
    'praha: the provider refuses its credentials; correct them where they are configured',
  ])
})

test('a pipe gets one line for each account, with times as they are stored', () => {
  expect(listAccountStates(STATES.slice(3)).split('\n')).toEqual([
    `slow\trails-api-v1\tOAUTH2_PASSWORD\tBACKOFF\t${at(3_000)}\tPROVIDER_TIMEOUT`,
    'izmir\trails-api-v1\tOAUTH2_PASSWORD\tNEW\t\t',
    'praha\trails-api-v1\tOAUTH2_PASSWORD\tREAUTHORIZATION_REQUIRED\t\tREAUTHORIZATION_REQUIRED CREDENTIALS_REJECTED',
    'izmir: open http://127.0.0.1:4000/connect/izmir',
  ])
})

test('where there are no accounts, a person is told so, and a pipe nothing', () => {
  expect([tabulateAccountStates([], NOW), listAccountStates([])]).toEqual(['There are no accounts.', ''])
})
