import { afterEach, expect, test } from '@jest/globals'

import type { Emulator } from '../../src/emulator/emulator.js'
import type { Provider, Source } from '../../src/providers/provider.js'
import { bulutfon } from '../../src/providers/bulutfon/index.js'
import { ipex } from '../../src/providers/ipex/index.js'
import { postacell } from '../../src/providers/postacell/index.js'
import { createWorld, operation, type World } from '../support/world.js'
import { EVERY_CALL } from './conformance.js'

type Revoking = Emulator & { revokeAccessTokens(): void }
type Read = (source: Source) => AsyncIterable<readonly { readonly id: string }[]>

let world: World<Revoking>
afterEach(() => world.close())

const groups: Read = async function* ({ groups }) {
  for await (const { items } of groups!.pages({})) yield items
}
const calls: Read = async function* ({ callRecords }) {
  const question = { order: 'DESC', after: null, hint: null, filter: EVERY_CALL, expected: 20 } as const
  for await (const { calls } of callRecords!.pages(question)) yield calls
}

const LISTS: readonly (readonly [string, Provider, string, Read, object])[] = [
  ['Postacell', postacell, 'login', groups, { pageSize: 3 }],
  ['Bulutfon', bulutfon, 'authorizationCode', calls, {}],
  ['IPEX', ipex, 'password', calls, {}],
]

test.each(LISTS)(
  'a token of %s that dies in the middle of a list is replaced once, and the list goes on where it was',
  async (_, provider, account, read, knobs) => {
    world = await createWorld<Revoking>(provider, { scale: 0.15, knobs: { ...knobs } })
    const walk = async (afterPage: (pages: number) => void) => {
      const ids: string[] = []
      let pages = 0
      for await (const items of read(world.account(account).source(operation()))) {
        ids.push(...items.map(({ id }) => id))
        afterPage(++pages)
      }
      return { ids, pages }
    }
    const whole = await walk(() => {})
    expect(whole.pages).toBeGreaterThanOrEqual(3)
    world.emulator.journal.clear()
    const broken = await walk((pages) => {
      if (pages === 2) world.emulator.revokeAccessTokens()
    })
    expect(broken.ids).toEqual(whole.ids)
    expect(new Set(broken.ids).size).toBe(broken.ids.length)
    expect(world.emulator.journal.tokenRequests).toHaveLength(1)
  },
)
