import { expect, test } from '@jest/globals'

import type { KeptCall } from '../../src/emulator/history/history.js'
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
    const archived = sandbox.accounts.filter(({ archive }) => archive !== undefined).map(({ id }) => id)
    expect(archived).toEqual(expect.arrayContaining(['izmir', 'prague']))
    expect(hooked.map(({ id }) => id)).toEqual(expect.arrayContaining(archived))
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

test('prices and recordings of a sandbox that lives on come some seconds after their records', async () => {
  const sandbox = await startSandbox(providers, { scale: 0.02, now: Date.UTC(2026, 2, 17, 12), live: { speed: 20 } })
  try {
    sandbox.deliverTo(() => 'http://127.0.0.1:1/webhooks/of-nobody')
    for (const { history, clock } of sandbox.emulators.values()) {
      if (!history) continue
      const told = new Set(history.calls().map(({ id }) => id))
      const settled = (call: KeptCall) => call.story.recording !== 'no' || call.story.price !== null
      const first = new Map<string, boolean>()
      const later = new Set<string>()
      for (let second = 0; second < 300; second += 1) {
        clock.advance(1000)
        for (const call of history.calls().filter(({ id }) => !told.has(id))) {
          if (!first.has(call.id)) first.set(call.id, settled(call))
          else if (settled(call)) later.add(call.id)
        }
      }
      expect([...first.values()]).not.toContain(true)
      expect(later.size).toBeGreaterThan(3)
      expect(later.size).toBeLessThan(first.size)
    }
  } finally {
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
    expect(sandbox.accounts.every((account) => !('live' in account || 'archive' in account))).toBe(true)
  } finally {
    await sandbox.close()
  }
})
