import { describe, expect, test } from '@jest/globals'

import { ProviderError } from '../../src/errors.js'
import { inOneRequest, inPool, KeyLoader } from '../../src/loaders/key-loader.js'
import { Bulkhead } from '../../src/bulkhead.js'

/** A loader of upper-case letters, and the batches it asked for. */
function letters(refuse: (ids: readonly string[]) => Error | null = () => null) {
  const batches: string[] = []
  const read = inOneRequest(
    async (ids: readonly string[]) => {
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
  const loader = new KeyLoader('letters', (id: string) => id, read)
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

describe('a batch whose keys are read one by one', () => {
  /**
   * Reads that are answered when the test says so, and the keys in the order in which they were
   * begun.
   */
  function held(places: number) {
    const begun: string[] = []
    const answer = new Map<string, { resolve: (value: string) => void; reject: (error: Error) => void }>()
    const read = (key: string) => {
      begun.push(key)
      return new Promise<string>((resolve, reject) => answer.set(key, { resolve, reject }))
    }
    const loader = new KeyLoader('held', (key: string) => key, inPool(new Bulkhead(places), read))
    return { loader, begun, answer }
  }
  const nextTurn = () => new Promise((resolve) => setImmediate(resolve))

  test('lets no key wait for the slowest one', async () => {
    const { loader, answer } = held(3)
    const [fast, failing, slow] = [loader.load('fast'), loader.load('failing'), loader.load('slow')]
    await nextTurn()
    answer.get('fast')!.resolve('first')
    answer.get('failing')!.reject(rejected('no'))
    expect(await fast).toBe('first')
    await expect(failing).rejects.toThrow('no')
    answer.get('slow')!.resolve('last')
    expect(await slow).toBe('last')
  })

  test('begins no more of them than the pool has places', async () => {
    const { loader, begun, answer } = held(2)
    const loads = ['a', 'b', 'c'].map((key) => loader.load(key))
    await nextTurn()
    expect(begun).toEqual(['a', 'b'])
    answer.get('a')!.resolve('A')
    await loads[0]
    await nextTurn()
    expect(begun).toEqual(['a', 'b', 'c'])
  })

  test('gives a key that was loaded before without waiting for the batch of another', async () => {
    const { loader, begun, answer } = held(1)
    const known = loader.load('a')
    await nextTurn()
    answer.get('a')!.resolve('A')
    await known
    void loader.load('b')
    expect(loader.load('a')).toBe(known)
    await nextTurn()
    expect(begun).toEqual(['a', 'b'])
  })

  test('keeps the failure of a key for as long as the operation lasts', async () => {
    const { loader, begun, answer } = held(1)
    const first = loader.load('a')
    await nextTurn()
    answer.get('a')!.reject(rejected('no'))
    await expect(first).rejects.toThrow('no')
    await expect(loader.load('a')).rejects.toThrow('no')
    expect(begun).toEqual(['a'])
  })
})
