import { expect, test } from '@jest/globals'

import { providers } from '../../src/providers/index.js'
import { startSandbox } from '../../src/sandbox.js'
import { checkConfig } from '../../src/server/config/config.js'
import { createLog } from '../../src/server/observing/log.js'
import { startServer } from '../../src/server/server.js'
import type { ReceivedFacts } from '../../src/server/webhooks/route.js'

test('the offices of a sandbox that lives on deliver to the server, from the start of a call on', async () => {
  const sandbox = await startSandbox(providers, { scale: 0.02, now: Date.UTC(2026, 2, 17, 12), live: { speed: 20 } })
  const facts: string[] = []
  const config = checkConfig(
    { server: { port: 0 }, store: { url: 'memory:' }, accounts: sandbox.accounts },
    providers,
    { environment: {} },
  )
  const server = await startServer(config, {
    providers,
    log: createLog({ write: () => {} }),
    receive: async (account, received): Promise<ReceivedFacts> => {
      facts.push(...received.map(({ type }) => `${account.key} ${type}`))
      return { added: received.length, repeated: 0 }
    },
  })
  try {
    sandbox.deliverTo(server.webhookUrl)
    const living = [...sandbox.emulators.values()].flatMap((emulator) => emulator.live ?? [])
    expect(living.length).toBeGreaterThan(0)
    for (const live of living) await live.advance(2_000)
    for (let minute = 0; minute < 10; minute += 1) for (const live of living) await live.advance(60_000)
    const hooked = sandbox.accounts.filter(({ live }) => live !== undefined)
    expect(hooked.map(({ id }) => id)).toContain('izmir')
    for (const { id } of hooked) {
      const own = facts.filter((fact) => fact.startsWith(`${id} `))
      // Some numbers deliver in pairs, the second event first.
      expect(own.slice(0, 2)).toContain(`${id} STARTED`)
      expect(own).toContain(`${id} ENDED`)
    }
    const posted = living.flatMap(({ deliveries }) => deliveries)
    expect(posted.length).toBeGreaterThan(10)
    expect(posted.filter(({ status }) => status !== 204)).toEqual([])
    expect(new Set(posted.map(({ contentType }) => contentType))).toEqual(
      new Set(['application/json', 'application/x-www-form-urlencoded']),
    )
  } finally {
    await server.close()
    await sandbox.close()
  }
})

test('the offices of other sandboxes stand still, and their accounts are as they were', async () => {
  const sandbox = await startSandbox(providers, { scale: 0.02, now: Date.UTC(2026, 2, 17, 12) })
  try {
    sandbox.deliverTo(() => 'http://127.0.0.1:1/webhooks/of-nobody')
    for (const { live } of sandbox.emulators.values()) await live?.advance(600_000)
    expect([...sandbox.emulators.values()].flatMap(({ live }) => live?.calls ?? [])).toEqual([])
    expect([...sandbox.emulators.values()].flatMap(({ live }) => live?.deliveries ?? [])).toEqual([])
    expect(sandbox.accounts.every((account) => !('live' in account))).toBe(true)
  } finally {
    await sandbox.close()
  }
})
