import { describe, expect, test } from '@jest/globals'

import { ProviderError } from '../../../src/errors.js'
import { batchLoader } from '../../../src/loaders/lists/batch.js'

/** A loader of upper-case letters, and the batches it asked for. */
function letters(refuse: (ids: readonly string[]) => Error | null = () => null) {
  const batches: string[] = []
  const loader = batchLoader(
    async (ids) => {
      batches.push(ids.join(''))
      const refusal = refuse(ids)
      if (refusal) throw refusal
      return [...ids]
        .reverse()
        .filter((id) => id !== 'z')
        .map((id) => ({ id, letter: id.toUpperCase() }))
    },
    ({ id }) => id,
  )
  return { loader, batches }
}

const rejected = (why: string) => new ProviderError('PROVIDER_REJECTED', why)

describe('a batch', () => {
  test('is not split by an await before load, however long the chain', async () => {
    const { loader, batches } = letters()
    const later = async (turns: number, id: string) => {
      for (let turn = 0; turn < turns; turn += 1) await null
      return loader.load(id)
    }
    const afterTicks = async (id: string) => {
      for (let turn = 0; turn < 5; turn += 1) await new Promise<void>((resolve) => process.nextTick(resolve))
      return loader.load(id)
    }
    const loaded = await Promise.all([loader.load('a'), later(1, 'b'), later(50, 'c'), afterTicks('d')])
    expect(loaded.map((one) => one?.letter)).toEqual(['A', 'B', 'C', 'D'])
    expect(batches).toHaveLength(1)
    expect([...batches[0]!].sort().join('')).toBe('abcd')
  })

  test('asks once for an id that is asked for twice, then and later', async () => {
    const { loader, batches } = letters()
    await Promise.all([loader.load('a'), loader.load('b'), loader.load('a')])
    await loader.load('b')
    expect(batches).toEqual(['ab'])
  })

  test('gives null for an id that is not among the answers', async () => {
    const { loader } = letters()
    expect(await Promise.all([loader.load('z'), loader.load('a')])).toEqual([null, { id: 'a', letter: 'A' }])
  })

  test('that one id spoils fails for that id alone', async () => {
    const { loader, batches } = letters((ids) => (ids.includes('x') ? rejected('x is no id') : null))
    const loaded = await Promise.allSettled(['a', 'b', 'x', 'c'].map((id) => loader.load(id)))
    expect(loaded.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected', 'fulfilled'])
    expect(batches).toEqual(['abxc', 'ab', 'xc', 'x', 'c'])
  })

  test('that meets an outage is not asked again in pieces', async () => {
    const { loader, batches } = letters(() => new ProviderError('PROVIDER_UNAVAILABLE', 'down'))
    const loaded = await Promise.allSettled(['a', 'b', 'c'].map((id) => loader.load(id)))
    expect(loaded.every(({ status }) => status === 'rejected')).toBe(true)
    expect(batches).toEqual(['abc'])
  })
})
