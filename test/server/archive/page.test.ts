import { expect, test } from '@jest/globals'

import { globalId } from '../../../src/model/id.js'
import { call } from '../../loaders/in-memory.js'
import { pageExamples } from '../../support/page-examples.js'
import { changeArchive, IZMIR, quietStore, serveArchives } from './archived-calls.js'

interface Folded {
  readonly calls: ReadonlyMap<string, unknown>
  readonly after: string | null
}
type Ask = (query: string, variables: object) => Promise<object>
type Fold = (ask: Ask, calls?: ReadonlyMap<string, unknown>, after?: string | null) => Promise<Folded>

test('the fold on the page of the archive is the archive, and goes on from where it was', async () => {
  const { fold } = await pageExamples('archive.md').run<{ fold: Fold }>('fold.js')
  const served = await serveArchives(quietStore())
  try {
    const ask: Ask = async (query, variables) => (await served.ask<{ data: object }>(query, variables)).data
    const created = (id: string) => ({ kind: 'CREATED' as const, call: call('izmir', id) })
    const held = async () => {
      const selection = { account: 'izmir', from: null, until: null, order: 'ASC' as const, after: null }
      return (await served.store.archivedCalls({ ...selection, atMost: 1_000 })).map(({ id }) => id).sort()
    }
    // More than a page has.
    await changeArchive(
      served.store,
      IZMIR,
      Array.from({ length: 120 }, (_, at) => created(`${at}`)),
    )
    await changeArchive(served.store, IZMIR, [{ kind: 'DELETED', id: globalId('CallRecord', 'izmir', '7') }])
    const first = await fold(ask)
    expect([...first.calls.keys()].sort()).toEqual(await held())
    expect(first.calls.size).toBe(119)
    await changeArchive(served.store, IZMIR, [
      created('late'),
      { kind: 'DELETED', id: globalId('CallRecord', 'izmir', '8') },
    ])
    const second = await fold(ask, new Map(first.calls), first.after)
    expect([...second.calls.keys()].sort()).toEqual(await held())
    expect(await fold(ask, new Map(second.calls), second.after)).toEqual(second)
  } finally {
    await served.close()
  }
}, 60_000)
