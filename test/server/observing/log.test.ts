import { expect, test } from '@jest/globals'

import type { LoginEvent } from '../../../src/auth/login-event.js'
import { createLog, type OperationEntry } from '../../../src/server/observing/log.js'

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

test.each([
  ['Overview', 'Overview'],
  ['GetCalls_v2_2024', 'GetCalls_v2_2024'],
  ['Call905550000001', null],
  ['p_90_555_000_00_01', null],
  [`Key_${'deadbeef01'.repeat(4)}`, null],
  ['A'.repeat(65), null],
  ['not a name {', null],
  ['', null],
])('an operation named %j is told as %j', (operation, told) => {
  const entry = { requestId: 'r', method: 'POST', status: 200, durationMs: 1, operation, codes: [] }
  expect(written((log) => log.operation(entry))).toMatchObject({ operation: told })
})

test('a request to a provider that failed is a warning, with the request it was sent for and without its address', () => {
  const entry = {
    requestId: 'r',
    provider: 'ipex',
    account: 'praha',
    method: 'GET',
    status: 503,
    code: null,
    durationMs: 7,
  }
  const line = written((log) => log.providerFailed({ ...entry, url: `https://x/${CANARY}` } as typeof entry))
  expect(line).toEqual({ level: 'warn', time: expect.any(String), msg: 'provider failed', ...entry })
})

test("other people's words lose the numbers in them", () => {
  expect(
    written((log) => log.warning('cannot call +90 (555) 000-00-01, 00420910000341 or 5551234567 in 30 s')),
  ).toMatchObject({
    msg: 'cannot call [number], [number] or [number] in 30 s',
  })
})
