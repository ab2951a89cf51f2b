import { expect, test } from '@jest/globals'

import { isOurs } from '../../src/loaders/edges/destination.js'
import type { AccountNouns } from '../../src/loaders/account-nouns.js'

const OURS = '+420530540550'
const lookedUp: unknown[] = []
const account = {
  dids: {
    find: (reference: { number?: string }) => (lookedUp.push(reference.number), reference.number === OURS ? {} : null),
  },
} as unknown as AccountNouns

test.each([
  [{ kind: 'ExternalNumber', number: OURS, rawNumber: '530540550', unlessOurs: true }, true, 1],
  [{ kind: 'ExternalNumber', number: '+420605222333', rawNumber: '605222333', unlessOurs: true }, false, 1],
  [{ kind: 'ExternalNumber', number: OURS, rawNumber: '530540550' }, false, 0],
  [{ kind: 'Extension', number: '0201' }, false, 0],
] as const)('%j is ours: %j', async (reference, ours, lookUps) => {
  lookedUp.length = 0
  expect(await isOurs(account, reference)).toBe(ours)
  expect(lookedUp).toHaveLength(lookUps)
})
