import { expect, test } from '@jest/globals'
import { createClient } from 'graphql-sse'

import { providers } from '../../../src/providers/index.js'
import { startSandbox } from '../../../src/sandbox.js'
import { checkConfig } from '../../../src/server/config/config.js'
import { createLog } from '../../../src/server/observing/log.js'
import { startServer } from '../../../src/server/server.js'

const EVENTS = `subscription ($resumeAfter: String) {
  callEvents(resumeAfter: $resumeAfter) { call { account { provider { slug } } } }
}`

interface Told {
  readonly data: { readonly callEvents: { readonly call: { readonly account: { provider: { slug: string } } } } }
}

test('within ten seconds of a start without configuration a screen is told of calls at every provider that tells of them', async () => {
  const sandbox = await startSandbox(providers, { scale: 0.05, live: {} })
  const config = checkConfig({ server: { port: 0 }, store: { url: 'memory:' }, accounts: sandbox.accounts }, providers)
  const server = await startServer(config, { providers, log: createLog({ write: () => {} }) })
  const client = createClient({ url: `${server.url}/graphql`, retryAttempts: 0 })
  try {
    const before = await fetch(`${server.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query: '{ liveCalls { cursor } }' }),
    })
    const { data } = (await before.json()) as { data: { liveCalls: { cursor: string } } }
    sandbox.deliverTo(server.webhookUrl)
    const lively = [...sandbox.emulators].filter(([, { live }]) => live)
    for (const [, { live }] of lively) await live!.advance(10_000)
    expect(lively.filter(([, { live }]) => live!.deliveries.length === 0)).toEqual([])
    const silent = new Set(lively.map(([slug]) => slug))
    const events = client.iterate({ query: EVENTS, variables: { resumeAfter: data.liveCalls.cursor } })
    while (silent.size > 0) {
      const { value } = (await events.next()) as { value: Told }
      silent.delete(value.data.callEvents.call.account.provider.slug)
    }
    expect(lively.map(([slug]) => slug)).toEqual(['bulutfon', 'ipex'])
  } finally {
    client.dispose()
    await server.close()
    await sandbox.close()
  }
}, 30_000)
