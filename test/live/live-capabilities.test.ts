import { expect, test } from '@jest/globals'

import type { LiveAccount, LiveSettings } from '../../src/live/live-account.js'
import { capabilitiesOf } from '../../src/live/live-capabilities.js'
import { providers } from '../../src/providers/index.js'

function supportOf(slug: string, live: Partial<LiveSettings>) {
  const provider = providers.find((one) => one.slug === slug)
  const settings = { webhook: false, pollSeconds: 0, always: false, ...live }
  const account = { key: 'office', provider, live: settings } as unknown as LiveAccount
  const ours = capabilitiesOf(account).filter(({ resource }) => resource === 'LIVE_CALL')
  return Object.fromEntries(ours.map(({ operation, support, reason }) => [operation, { support, reason }]))
}

test.each([
  { slug: 'bulutfon', live: { webhook: true }, subscribe: 'NATIVE', list: 'EMULATED' },
  { slug: 'bulutfon', live: {}, subscribe: 'UNSUPPORTED', list: 'UNSUPPORTED' },
  // Its provider has no list to look at.
  { slug: 'bulutfon', live: { pollSeconds: 3 }, subscribe: 'UNSUPPORTED', list: 'UNSUPPORTED' },
  { slug: 'ipex', live: { webhook: true, pollSeconds: 3 }, subscribe: 'NATIVE', list: 'NATIVE' },
  { slug: 'ipex', live: { webhook: true }, subscribe: 'NATIVE', list: 'EMULATED' },
  { slug: 'ipex', live: { pollSeconds: 3 }, subscribe: 'EMULATED', list: 'NATIVE' },
  { slug: 'ipex', live: {}, subscribe: 'UNSUPPORTED', list: 'UNSUPPORTED' },
  { slug: 'postacell', live: { pollSeconds: 3 }, subscribe: 'UNSUPPORTED', list: 'UNSUPPORTED' },
  { slug: 'rails-api-v1', live: { pollSeconds: 3 }, subscribe: 'UNSUPPORTED', list: 'UNSUPPORTED' },
])('an account at $slug with $live is told of events: $subscribe, and lists calls: $list', (row) => {
  const { SUBSCRIBE, LIST } = supportOf(row.slug, row.live)
  expect([SUBSCRIBE!.support, LIST!.support]).toEqual([row.subscribe, row.list])
  // Whatever is not the provider's own says why, and what would change it.
  for (const { support, reason } of [SUBSCRIBE!, LIST!]) expect(reason === null).toBe(support === 'NATIVE')
})

test('a reason names the setting that would change it', () => {
  expect(supportOf('bulutfon', {})['SUBSCRIBE']!.reason).toMatch(/`live\.webhook` is on/)
  expect(supportOf('ipex', {})['LIST']!.reason).toMatch(/`live\.pollSeconds` is above 0/)
  expect(supportOf('ipex', { pollSeconds: 7 })['SUBSCRIBE']!.reason).toMatch(/every 7 s/)
  expect(supportOf('postacell', {})['SUBSCRIBE']!.reason).toBe('Postacell carries no calls.')
})

test.each([{}, { webhook: true }, { pollSeconds: 3 }])(
  'calls are placed, moved and ended as the provider has it, whatever is told of them: %j',
  (live) => {
    for (const { slug, capabilities } of providers) {
      const { SUBSCRIBE: _, LIST: _list, ...changing } = supportOf(slug, live)
      const said = capabilities
        .filter(({ resource, operation }) => resource === 'LIVE_CALL' && !/LIST|SUBSCRIBE/.test(operation))
        .map(({ operation, support, reason }) => [operation, { support, reason }] as const)
      expect(changing).toEqual(Object.fromEntries(said))
      expect(Object.keys(changing).sort()).toEqual(['DELETE', 'ORIGINATE', 'UPDATE'])
    }
  },
)

test('what concerns no live calls is as the provider has it', () => {
  for (const provider of providers) {
    const account = { provider, live: { webhook: true, pollSeconds: 3, always: false } } as unknown as LiveAccount
    const others = (of: readonly { resource: string }[]) => of.filter(({ resource }) => resource !== 'LIVE_CALL')
    expect(others(capabilitiesOf(account))).toEqual(others(provider.capabilities))
  }
})
