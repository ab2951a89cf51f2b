import { expect, test } from '@jest/globals'

import type { CallRecord } from '../../../src/model/call-record.js'
import type { IpexEmulator } from '../../../src/providers/ipex/emulator/emulator.js'
import { ipex } from '../../../src/providers/ipex/index.js'
import type { CallFilter } from '../../../src/providers/provider.js'
import { createWorld, operation } from '../../support/world.js'
import { NOW } from './emulated.js'

const EVERYTHING: CallFilter = {
  ...{ from: null, until: null, directions: null, dispositions: null, kinds: null },
  ...{ numbers: null, callerNumbers: null, calleeNumbers: null, extensionNumbers: null },
}

/** The calls of the story with their legs, oldest first, as far as they are told in any way of writing rows. */
async function told(switchboardRows: 'none' | 'asterisk', order: 'ASC' | 'DESC') {
  const world = await createWorld<IpexEmulator>(ipex, {
    scale: 0.1,
    now: NOW,
    knobs: { switchboardRows, rowIds: 'text' },
  })
  try {
    const { callRecords } = world.account('password').source(operation())
    const calls: CallRecord[] = []
    const query = { order, after: null, hint: null, filter: EVERYTHING, expected: 50 }
    for await (const page of callRecords!.pages(query)) calls.push(...page.calls)
    return calls
      .map((call) => ({
        ...{
          at: `${call.startedAt} ${call.caller.rawNumber}`,
          direction: call.direction,
          disposition: call.disposition,
        },
        ...{ answeredBy: call.answeredByRef ?? null, groups: call.groupRefs, seconds: call.durationSeconds },
        ...{ did: call.didRef, talk: call.talkSeconds },
      }))
      .sort((a, b) => (a.at < b.at ? -1 : 1))
  } finally {
    await world.close()
  }
}

test('The calls of the story are the same, however the switchboard writes its own steps', async () => {
  const plain = await told('none', 'DESC')
  const written = await told('asterisk', 'DESC')
  expect(written.some(({ disposition }) => disposition === 'VOICEMAIL')).toBe(true)
  expect(written.some(({ did }, index) => did === null && plain[index]!.did !== null)).toBe(true)
  const known = plain.map((call, index) => ({
    ...call,
    // A row of the mailbox says more than no row.
    ...(written[index]!.disposition === 'VOICEMAIL' && { disposition: 'VOICEMAIL' }),
    // A transfer hides what was dialled.
    ...(written[index]!.did === null && { did: null }),
  }))
  expect(written).toEqual(known)
  expect(await told('asterisk', 'ASC')).toEqual(written)
})
