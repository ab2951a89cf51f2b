import { expect, test } from '@jest/globals'
import { readFileSync } from 'node:fs'

import type { EmulatedAccount, Emulator, SandboxAccounts } from '../../src/emulator/emulator.js'
import { serve } from '../../src/emulator/serve.js'
import { providers } from '../../src/providers/index.js'
import type { Provider } from '../../src/providers/provider.js'
import { startSandbox } from '../../src/sandbox.js'

const account = (label: string): EmulatedAccount => ({
  label,
  provider: 'acme',
  country: 'TR',
  timeZone: 'UTC',
  urls: {},
  auth: {},
})

/** A provider that only has an emulator, as far as the sandbox is concerned. */
function provider(slug: string, sandbox?: SandboxAccounts): Provider {
  const start = async (): Promise<Emulator> => ({
    ...(await serve({
      routes: [],
      tokenPaths: /^$/,
      accountOf: () => null,
      notFound: () => ({ status: 404 }),
      options: {},
    })),
    accounts: { first: account('First'), second: account('Second'), third: account('Third') },
    ...(sandbox && { sandbox }),
  })
  return { slug, emulator: async () => start } as unknown as Provider
}

test('the sandbox serves the accounts that an emulator names, and the first one of an emulator that names none', async () => {
  const sandbox = await startSandbox([
    provider('acme', { linked: { second: 'two' }, unlinked: { third: 'three' } }),
    provider('plain'),
  ])
  try {
    expect(sandbox.accounts).toEqual([
      { id: 'two', ...account('Second') },
      { id: 'plain', ...account('First') },
    ])
    expect(sandbox.unlinked).toEqual([{ id: 'three', ...account('To be linked in the browser') }])
  } finally {
    await sandbox.close()
  }
})

test('the sandbox knows no provider by name', () => {
  const source = readFileSync(new URL('../../src/sandbox.ts', import.meta.url), 'utf8')
  expect(providers.map(({ slug }) => slug).filter((slug) => source.includes(slug))).toEqual([])
})
