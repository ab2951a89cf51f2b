import { test } from '@jest/globals'
import { ipex } from '../../../src/providers/ipex/index.js'
import { createWorld, operation } from '../../support/world.js'
const F = { from: null, until: null, direction: null, disposition: null, kind: null, numbers: null, callerNumbers: null, calleeNumbers: null, extensionNumbers: null }
test('x', async () => {
  const world = await createWorld(ipex, { scale: 0.05 })
  try {
    const source = world.account('password').source(operation())
    const out: unknown[] = []
    out.push(await source.profile())
    for await (const p of source.dids!.pages({})) out.push(p.items.slice(0, 6).map((d) => ({ ...d, payload: null })))
    for await (const p of source.extensions!.pages({})) { out.push(p.items.slice(0, 3)); out.push(await source.extensions!.detail!(p.items[0]!)) }
    for await (const p of source.groups!.pages({})) { out.push(p.items.slice(0, 2).map((d) => ({ ...d, payload: null }))); out.push(await source.groups!.detail!(p.items[0]!)) }
    let n = 0
    for await (const p of source.callRecords!.pages({ order: 'DESC', after: null, hint: null, filter: F, expected: 30 })) {
      if (n++ === 0) for (const c of p.calls.filter((c) => (c.payload as any).items.length > 2).slice(0, 4)) { out.push({ ...c, payload: (c.payload as any).items.map((i: any) => [i.calldate, i.endTime, i.way, i.src, i.dst, i.line, i.disposition, i.queue]) }); const d = await source.callRecords!.detail!(c); out.push(d.steps!.map((s) => `${s.id} ${s.action} ${JSON.stringify(s.targetRef)} ${s.startedAt} ${s.answeredAt} ${s.endedAt} ${s.result}/${s.nativeResult}`)) }
      break
    }
    console.log(JSON.stringify(out, null, 1))
    console.log(world.emulator.journal.lines().join('\n'))
  } finally { await world.close() }
})
