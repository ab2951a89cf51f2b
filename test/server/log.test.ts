import { expect, test } from '@jest/globals'

import type { LoginEvent } from '../../src/auth/token-manager.js'
import { createLog, type OperationEntry } from '../../src/server/log.js'

const CANARY = 'canary-aa41'

const written = (write: (log: ReturnType<typeof createLog>) => void): Record<string, unknown> => {
  const lines: string[] = []
  write(createLog({ write: (line: string) => void lines.push(line) }))
  expect(lines).toHaveLength(1)
  expect(lines[0]).not.toContain(CANARY)
  return JSON.parse(lines[0]!) as Record<string, unknown>
}

test('a line holds the fields it is known for, whatever else comes with them', () => {
  const operation: OperationEntry & { token: string } = {
    requestId: 'r1',
    method: 'POST',
    status: 200,
    durationMs: 3,
    operation: 'Overview',
    codes: [],
    token: CANARY,
  }
  expect(written((log) => log.operation(operation))).toEqual({
    level: 'info',
    time: expect.any(String),
    msg: 'operation',
    requestId: 'r1',
    method: 'POST',
    status: 200,
    durationMs: 3,
    operation: 'Overview',
    codes: [],
  })
  const login: LoginEvent & { refreshToken: string } = {
    key: 'izmir',
    flow: 'OAUTH2_PASSWORD',
    reason: 'expired',
    outcome: 'refreshed',
    generation: 2,
    refreshToken: CANARY,
  }
  expect(written((log) => log.login(login))).toMatchObject({
    level: 'info',
    msg: 'login',
    account: 'izmir',
    outcome: 'refreshed',
    generation: 2,
  })
})

test('a login in trouble is a warning', () => {
  for (const outcome of ['backing off', 'reauthorization required', 'not stored'] as const) {
    const event: LoginEvent = { key: 'izmir', flow: 'JWT_LOGIN', reason: 'due', outcome, generation: 1 }
    expect(written((log) => log.login(event))).toMatchObject({ level: 'warn', outcome })
  }
})

test('a defect is told by its kind and place, never by its message', () => {
  const line = written((log) => log.defect('r2', new SyntaxError(`Unexpected token in "${CANARY}\n    at ${CANARY}"`)))
  expect(line).toMatchObject({ level: 'error', requestId: 'r2', error: 'SyntaxError' })
  expect((line['at'] as string[])[0]).toContain('log.test')
  for (const thrown of [CANARY, { CANARY }, null, undefined])
    expect(written((log) => log.defect(null, thrown))).toMatchObject({ msg: 'defect' })
})
