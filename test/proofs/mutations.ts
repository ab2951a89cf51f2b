import { afterEach, expect, test } from '@jest/globals'

import { providers } from '../../src/providers/index.js'
import { RECORDED, recordAccount, testMutations, type RecordedAccount } from '../providers/mutations.js'

/** Cases over all providers. */
const CASES = 20_000

let account: RecordedAccount
afterEach(() => account.close())

test.each(providers.map((provider) => [provider.name, provider] as const))(
  'one wrong value anywhere in what %s answers costs at most the record it is in',
  async (_, provider) => {
    account = await recordAccount(provider, RECORDED[provider.slug]!)
    await testMutations(account, Math.ceil(CASES / providers.length))
    expect(account.drifted.size).toBeGreaterThan(0)
    console.log(`${provider.name}: ${[...account.drifted].sort().join(', ')}`)
  },
  30 * 60_000,
)
