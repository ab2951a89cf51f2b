import { describe, test } from '@jest/globals'

import type { ConformanceFacts } from '../../src/emulator/conformance-facts.js'
import type { Provider } from '../../src/providers/provider.js'
import { conformance } from '../../src/testing/conformance/conformance.js'
import { crowd } from '../support/proof.js'

export { EVERY_CALL } from '../../src/providers/every-call.js'

/** Reads at once: five hundred in `npm run proof:properties`. test/auth/token-manager holds five hundred always. */
const CROWD = crowd(500)

/** The contract every provider is held to; its own tests add only its quirks. `facts`: in place of its emulator's. */
export function testConformance(provider: Provider, facts: ConformanceFacts = {}): void {
  describe(`${provider.name} keeps the contract`, () => {
    for (const { id, name, run } of conformance(provider, { facts, crowd: CROWD })) test(`${id}: ${name}`, run)
  })
}
