import { afterAll, beforeAll, expect, test } from '@jest/globals'

import { startEmulators, startLoginServer } from './login-servers.js'

let emulators: Awaited<ReturnType<typeof startEmulators<'rails-api-v1'>>>
beforeAll(async () => {
  emulators = await startEmulators(['rails-api-v1'])
})
afterAll(() => emulators.close())

test.each([0, 600, -600])(
  'a clock that is %d s ahead of the token endpoint’s is seen in the figures',
  async (seconds) => {
    const server = await startLoginServer({
      accounts: [{ id: 'desk', ...emulators['rails-api-v1'].accounts.password }],
    })
    server.clock.advance(seconds)
    await server.ask('{ account(key: "desk") { profile { email } } }')
    const figures = await (await fetch(`${server.url}/metrics`)).text()
    await server.close()
    const [, ahead] = /^dialgraph_clock_ahead_seconds\{provider="rails-api-v1"\} (\S+)$/m.exec(figures) ?? []
    expect(Math.abs(Number(ahead) - seconds)).toBeLessThanOrEqual(5)
  },
)
