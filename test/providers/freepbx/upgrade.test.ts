import { expect, test } from '@jest/globals'

import { startHarness } from '../../sandbox/harness.js'

const DIDS = '{ account(key: "ankara") { dids(first: 50) { nodes { id } } } }'
interface Dids {
  readonly account: { readonly dids: { readonly nodes: readonly object[] } | null }
}

test('a field that goes away while its module is upgraded lets the last list stand, as STALE; after ten minutes it is forbidden', async () => {
  const harness = await startHarness({
    accounts: { ankara: 'freepbx/machine' },
    limits: { cacheBytes: 1024 * 1024 },
  })
  try {
    const before = await harness.data<Dids>(DIDS)
    harness.emulators.freepbx.removeModule('core')
    harness.advance(301)
    const during = await harness.query<Dids>(DIDS)
    expect(during.errors).toBeUndefined()
    expect(during.data).toEqual(before)
    expect(during.extensions).toMatchObject({ stale: [{ accountId: expect.any(String) }] })
    harness.advance(601)
    const after = await harness.query<Dids>(DIDS)
    expect(after.errors).toMatchObject([{ extensions: { code: 'PROVIDER_FORBIDDEN', reason: 'FIELD_HIDDEN' } }])
    harness.emulators.freepbx.restoreModule('core')
    expect(await harness.data<Dids>(DIDS)).toEqual(before)
  } finally {
    await harness.close()
  }
})
