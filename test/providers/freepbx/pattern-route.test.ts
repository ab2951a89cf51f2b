import { afterEach, expect, test } from '@jest/globals'

import { globalId } from '../../../src/model/id.js'
import { startHarness, type Harness } from '../../sandbox/harness.js'
import { told } from './told-rows.js'

let harness: Harness
afterEach(() => harness.close())

test('a call to a number that only a pattern covers has no DID, and says what was dialled', async () => {
  harness = await startHarness({ accounts: { ankara: 'freepbx/machine' } })
  // `_90312000XX99` is among the emulator's routes.
  const rows = told([[0, 0, '05550005001', '100', 'trunk', '100', 'Dial', 0, 5, 25, 'ANSWERED']])
  harness.emulators.freepbx.setCalls(rows.map((row) => ({ ...row, did: '903120004299' })))
  const NODES = 'nodes { did { id } callee { number rawNumber } }'
  const { all, byDid, byNumber } = await harness.data<Record<string, { readonly nodes: readonly unknown[] }>>(
    `query ($did: ID!) {
       all: callRecords(first: 5) { ${NODES} }
       byDid: callRecords(first: 5, filter: { didIds: [$did] }) { ${NODES} }
       byNumber: callRecords(first: 5, filter: { calleeNumbers: ["+903120004299"] }) { ${NODES} }
     }`,
    { did: globalId('Did', 'ankara', '_90312000XX99/') },
  )
  const call = { did: null, callee: { number: '+903120004299', rawNumber: '903120004299' } }
  expect(all!.nodes).toEqual([call])
  expect(byDid!.nodes).toEqual([])
  expect(byNumber!.nodes).toEqual([call])
})
