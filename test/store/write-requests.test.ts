import { describe, expect, test } from '@jest/globals'

import { postgresUnavailable } from '../support/postgres.js'
import { eventStores, STORES, type StoreName } from './event-stores.js'
import { answered, C1, C2, claim, done, standing, uuid, writtenChange } from './written-change.js'

const stores = eventStores()
if (postgresUnavailable) console.warn(`skipped: ${postgresUnavailable}`)
const runnable = (name: StoreName) => (name === 'postgres' && postgresUnavailable ? test.skip : test)

describe.each(STORES)('a mutation with an idempotency key, in the %s store', (name) => {
  const it = runnable(name)

  it('is the first run’s that claims it, and shown as it stands to every other', async () => {
    const store = await stores.fresh(name)
    expect(await store.writeRequest('request')).toBeNull()
    expect(await store.claimWrite(claim('one'), 0)).toBeNull()
    expect(await store.writeRequest('request')).toEqual(standing('one'))
    expect(await store.claimWrite(claim('two', { input: '{}', expiresAt: 9_000 }), 4_999)).toEqual(standing('one'))
    expect(await store.claimWrite(claim('two', { id: 'other' }), 0)).toBeNull()
    expect(await store.writeRequest('request')).toEqual(standing('one'))
  })

  it('is replaced once it has expired, with all that came of it', async () => {
    const store = await stores.fresh(name)
    await store.claimWrite(claim('one'), 0)
    await store.beginChange(writtenChange({ id: C1 }), { id: 'request', owner: 'one' })
    await store.endChange(C1, done, answered())
    expect(await store.claimWrite(claim('two', { input: '{}', expiresAt: 9_000 }), 5_000)).toBeNull()
    expect(await store.writeRequest('request')).toEqual(standing('two', { input: '{}', expiresAt: 9_000 }))
    expect((await store.change(C1))?.outcome).toBe('DONE')
  })

  it('is taken over from the owner that has it, and not once it has its answer', async () => {
    const store = await stores.fresh(name)
    await store.claimWrite(claim('one'), 0)
    expect(await store.takeOverWrite('request', 'two', 'three')).toBe(false)
    expect(await store.takeOverWrite('nobody', 'one', 'two')).toBe(false)
    expect(await store.takeOverWrite('request', 'one', 'two')).toBe(true)
    expect(await store.takeOverWrite('request', 'one', 'three')).toBe(false)
    expect(await store.writeRequest('request')).toEqual(standing('two'))
    await store.beginChange(writtenChange({ id: C1 }), { id: 'request', owner: 'two' })
    expect(await store.takeOverWrite('request', 'two', 'four')).toBe(true)
    expect(await store.writeRequest('request')).toEqual(standing('four', { changeId: C1 }))
    await store.endChange(C1, done, answered())
    expect(await store.takeOverWrite('request', 'four', 'five')).toBe(false)
    expect((await store.writeRequest('request'))?.owner).toBe('four')
  })

  it('is taken over by one of many that find its owner gone', async () => {
    const store = await stores.fresh(name)
    await store.claimWrite(claim('gone'), 0)
    const taken = await Promise.all(
      Array.from({ length: 20 }, (_, index) => store.takeOverWrite('request', 'gone', `run ${index}`)),
    )
    expect(taken.filter(Boolean)).toHaveLength(1)
    expect((await store.writeRequest('request'))?.owner).toBe(`run ${taken.indexOf(true)}`)
  })

  it('is dropped by its owner while nothing was sent, and by nobody else or later', async () => {
    const store = await stores.fresh(name)
    await store.claimWrite(claim('one'), 0)
    await store.dropWrite('request', 'two')
    expect(await store.writeRequest('request')).toEqual(standing('one'))
    await store.dropWrite('request', 'one')
    expect(await store.writeRequest('request')).toBeNull()
    await store.dropWrite('request', 'one')
    expect(await store.claimWrite(claim('two'), 0)).toBeNull()
    await store.beginChange(writtenChange(), { id: 'request', owner: 'two' })
    await store.dropWrite('request', 'two')
    expect(await store.writeRequest('request')).toEqual(standing('two', { changeId: C1 }))
  })

  it('is sent once: by its owner, and not again', async () => {
    const store = await stores.fresh(name)
    await store.claimWrite(claim('one'), 0)
    expect(await store.beginChange(writtenChange({ id: C1 }), { id: 'request', owner: 'two' })).toBe(false)
    expect(await store.beginChange(writtenChange({ id: C1 }), { id: 'nobody', owner: 'one' })).toBe(false)
    expect([await store.change(C1), await store.writeRequest('request')]).toEqual([null, standing('one')])
    expect(await store.beginChange(writtenChange({ id: C1 }), { id: 'request', owner: 'one' })).toBe(true)
    expect(await store.writeRequest('request')).toEqual(standing('one', { changeId: C1 }))
    expect(await store.beginChange(writtenChange({ id: C2 }), { id: 'request', owner: 'one' })).toBe(false)
    expect([await store.change(C2), (await store.writeRequest('request'))?.changeId]).toEqual([null, C1])
  })

  it('is sent once by those that send it at the same moment', async () => {
    const store = await stores.fresh(name)
    await store.claimWrite(claim('one'), 0)
    const sent = await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        store.beginChange(writtenChange({ id: uuid(index) }), { id: 'request', owner: 'one' }),
      ),
    )
    expect(sent.filter(Boolean)).toHaveLength(1)
    expect((await store.writeRequest('request'))?.changeId).toBe(uuid(sent.indexOf(true)))
    expect(await store.countChanges({ workspace: 'default', accounts: ['izmir'] })).toBe(1)
  })

  it('has sent nothing when its change could not be stored', async () => {
    const store = await stores.fresh(name)
    await store.beginChange(writtenChange({ id: C1, actor: 'another' }), null)
    await store.claimWrite(claim('one'), 0)
    await expect(store.beginChange(writtenChange({ id: C1 }), { id: 'request', owner: 'one' })).rejects.toThrow()
    expect(await store.writeRequest('request')).toEqual(standing('one'))
    expect((await store.change(C1))?.actor).toBe('another')
  })

  it('keeps its first answer', async () => {
    const store = await stores.fresh(name)
    await store.claimWrite(claim('one'), 0)
    await store.beginChange(writtenChange({ id: C1 }), { id: 'request', owner: 'one' })
    await store.endChange(C1, { outcome: 'UNKNOWN', code: 'OUTCOME_UNKNOWN', targetId: null }, answered('"first"'))
    expect(await store.writeRequest('request')).toEqual(standing('one', { changeId: C1, answer: '"first"' }))
    await store.endChange(C1, done, answered('"second"'))
    expect((await store.writeRequest('request'))?.answer).toBe('"first"')
    expect(await store.change(C1)).toMatchObject(done)
  })

  it('takes no answer of a change that another request of its id has sent', async () => {
    const store = await stores.fresh(name)
    await store.claimWrite(claim('one'), 0)
    await store.beginChange(writtenChange({ id: C1 }), { id: 'request', owner: 'one' })
    await store.claimWrite(claim('two', { expiresAt: 9_000 }), 5_000)
    await store.endChange(C1, done, answered())
    expect(await store.writeRequest('request')).toEqual(standing('two', { expiresAt: 9_000 }))
    expect((await store.change(C1))?.outcome).toBe('DONE')
  })

  it('gives back every text to the letter', async () => {
    const store = await stores.fresh(name)
    for (const text of ['{}', '"\\u0000"', "o'clock \\ $1 ?", 'ğ\u{1f4de}\u2028', '']) {
      await store.claimWrite(claim('one', { id: `of ${text}`, input: text }), 0)
      const change = writtenChange({ id: `change of ${text}`, actor: text, fields: [text] })
      await store.beginChange(change, { id: `of ${text}`, owner: 'one' })
      await store.endChange(change.id, done, { request: `of ${text}`, answer: text })
      expect(await store.writeRequest(`of ${text}`)).toMatchObject({ input: text, answer: text })
      expect(await store.change(change.id)).toMatchObject({ actor: text, fields: [text] })
    }
  })
})

describe.each(STORES)('twenty that claim one request at once, in the %s store', (name) => {
  runnable(name)(
    'are one that has it, and nineteen that are shown it; so, too, when an expired one is replaced',
    async () => {
      const url = await stores.url(name)
      const one = await stores.open(url)
      // Two replicas; what is in memory has one.
      const replicas = [one, name === 'memory' ? one : await stores.open(url)]
      for (const now of [0, 5_000]) {
        const expiresAt = now + 5_000
        const claims = await Promise.all(
          Array.from({ length: 20 }, (_, index) =>
            replicas[index % 2]!.claimWrite(claim(`${now} ${index}`, { expiresAt }), now),
          ),
        )
        const winner = `${now} ${claims.indexOf(null)}`
        expect(claims.filter((shown) => shown === null)).toHaveLength(1)
        expect(claims.filter((shown) => shown !== null)).toEqual(Array(19).fill(standing(winner, { expiresAt })))
      }
    },
  )
})
