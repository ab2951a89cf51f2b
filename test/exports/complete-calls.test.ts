import { expect, test } from '@jest/globals'

import { completeCalls } from '../../src/exports/complete-calls.js'
import type { Member } from '../../src/exports/formats/members.js'
import { ServiceUnavailable } from '../../src/errors.js'
import type { Loaders } from '../../src/loaders/loaders.js'
import type { CallRecord } from '../../src/model/call-record.js'
import type { DetailField } from '../../src/model/request-fields.js'
import { made } from './shown.js'

/** Loaders of accounts without lists, which note whose detail is read. */
function loadersWith(detail: (call: CallRecord) => Promise<Partial<CallRecord>>, lacking: readonly DetailField[] = []) {
  const read: string[] = []
  const account = { lacks: (field: DetailField) => lacking.includes(field), dids: null, extensions: null, groups: null }
  const loaders = {
    account: () => account,
    callLog: {
      detail(call: CallRecord) {
        read.push(call.id)
        return detail(call)
      },
    },
  }
  return { read, loaders: loaders as unknown as Loaders }
}

const listed = made({ steps: undefined!, payload: undefined!, recordings: undefined!, groupRefs: undefined! })
const onIncomplete = (_call: CallRecord, error: unknown) => {
  throw error
}

test('reads the detail of a call only for what its list left out', async () => {
  for (const [members, isRead] of [
    [['id'], false],
    [['id', 'legs'], true],
    [['raw'], true],
    [['recordings'], true],
    [['groups'], true],
  ] as const satisfies readonly (readonly [readonly Member[], boolean])[]) {
    const { read, loaders } = loadersWith(async () => ({ steps: [], payload: {}, recordings: [], groupRefs: [] }))
    const complete = completeCalls({ members, loaders, onIncomplete })
    await complete([listed])
    await complete([made({ steps: null, payload: null, recordings: null, groupRefs: null })])
    expect([members, read]).toEqual([members, isRead ? [listed.id] : []])
  }
})

test('reads no detail for what the provider never tells', async () => {
  const { read, loaders } = loadersWith(async () => ({}), ['CallRecord.legs'])
  const [call] = await completeCalls({ members: ['legs'], loaders, onIncomplete })([listed])
  expect([call, read]).toEqual([listed, []])
})

test('notes each call of which something could not be read, and gives it without that', async () => {
  const { loaders } = loadersWith(() => Promise.reject(new ServiceUnavailable('not now')))
  const noted: string[] = []
  const complete = completeCalls({ members: ['legs'], loaders, onIncomplete: ({ id }) => void noted.push(id) })
  const other = made({ steps: [] }, 'c2')
  expect(await complete([listed, other])).toEqual([listed, other])
  expect(noted).toEqual([listed.id])
})
