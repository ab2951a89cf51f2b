import { afterEach, describe, expect, test } from '@jest/globals'

import { ipex } from '../../../src/providers/ipex/index.js'
import type { IpexEmulator } from '../../../src/providers/ipex/emulator/emulator.js'
import { createWorld, operation, type World } from '../../support/world.js'

let world: World<IpexEmulator>
afterEach(() => world.close())

const read = async () => {
  for await (const page of world.account('impersonating').source(operation()).dids!.pages({})) return page.items.length
  return 0
}

describe.each([true, false])(
  'impersonation, where an exchange brings a refresh token: %s',
  (exchangeReturnsRefresh) => {
    test('outlives the end of every token, its own and the one it is exchanged from', async () => {
      world = await createWorld<IpexEmulator>(ipex, { knobs: { exchangeReturnsRefresh } })
      const before = await read()
      world.emulator.revokeAccessTokens()
      expect(await read()).toBe(before)
      expect(await read()).toBe(before)
      world.emulator.endSessions()
      expect(await read()).toBe(before)
      expect((await world.account('impersonating').authorization()).status).toBe('ACTIVE')
    })
  },
)
