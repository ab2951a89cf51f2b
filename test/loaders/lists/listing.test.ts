import { describe, expect, test } from '@jest/globals'

import { ProviderError } from '../../../src/errors.js'
import { Listing } from '../../../src/loaders/lists/listing.js'
import { nameErrors } from '../../../src/server/accounts/name-errors.js'
import { onePage } from '../../../src/providers/one-page.js'
import type { Page, Pages, Source } from '../../../src/providers/provider.js'

interface Item {
  readonly id: string
  readonly providerResourceId: string
  readonly name: string
}

const item = (name: string): Item => ({ id: name, providerResourceId: name, name: name.toUpperCase() })
const keys = { id: (one: Item) => one.providerResourceId, number: () => null, name: (one: Item) => one.name }

/** A list whose pages are given, and which remembers how many of them were read. */
function listing(pages: readonly (string | Error)[], totalCount: number | null = null) {
  const read: number[] = []
  const list = new Listing<Item>(keys, async function* ({ onRequest }): AsyncIterable<Page<Item>> {
    for (const [at, page] of pages.entries()) {
      onRequest?.()
      read.push(at)
      await new Promise((resolve) => setImmediate(resolve))
      if (page instanceof Error) throw page
      yield { items: [...page].map(item), totalCount }
    }
  })
  return { list, read }
}

const names = (items: readonly Item[]) => items.map(({ id }) => id).join('')

describe('a listing', () => {
  test('reads no page before anyone asks, and no further than anyone asks', async () => {
    const { list, read } = listing(['abc', 'def', 'ghi'])
    expect(read).toEqual([])
    expect(names(await list.upTo(2))).toBe('abc')
    expect(names(await list.upTo(4))).toBe('abcdef')
    expect(read).toEqual([0, 1])
    expect(list.requests).toBe(2)
  })

  test('gives what it has without waiting', async () => {
    const { list } = listing(['abc'])
    await list.upTo(1)
    expect(list.upTo(3)).not.toBeInstanceOf(Promise)
  })

  test('finds an item without waiting where it can, and else has requested the next page', async () => {
    const { list, read } = listing(['abc', 'def'])
    expect(list.findNow('id', 'a')).toBeUndefined()
    expect(list.findNow('id', 'b')).toBeUndefined()
    expect(read).toEqual([0])
    await list.upTo(1)
    expect(list.findNow('id', 'b')).toEqual(item('b'))
    expect(read).toEqual([0])
    expect(list.findNow('id', 'e')).toBeUndefined()
    expect(await list.find('id', 'e')).toEqual(item('e'))
    await list.all()
    expect(list.findNow('id', 'x')).toBeNull()
    expect(read).toEqual([0, 1])
  })

  test('leaves a failed page to those who wait for it', async () => {
    const { list, read } = listing([new ProviderError('PROVIDER_UNAVAILABLE', 'down')])
    expect(list.findNow('id', 'a')).toBeUndefined()
    await expect(list.find('id', 'a')).rejects.toThrow('down')
    expect(list.findNow('id', 'a')).toBeUndefined()
    expect(read).toEqual([0])
  })

  test('reads a page once, however many ask for it at the same time', async () => {
    const { list, read } = listing(['abc', 'def'])
    const answers = await Promise.all([
      list.all(),
      list.upTo(1),
      list.find('id', 'e'),
      list.find('name', 'B'),
      list.all(),
    ])
    expect(read).toEqual([0, 1])
    expect(answers[2]).toEqual(item('e'))
    expect(answers[3]).toEqual(item('b'))
  })

  test('leaves out what was told twice because rows shifted between two pages', async () => {
    const { list } = listing(['abc', 'cde'])
    expect(names(await list.all())).toBe('abcde')
  })

  test('looks on for an item only until it is found, and to the end for one that is not there', async () => {
    const { list, read } = listing(['abc', 'def', 'ghi'])
    expect(await list.find('id', 'd')).toEqual(item('d'))
    expect(read).toEqual([0, 1])
    expect(await list.find('id', 'x')).toBeNull()
    expect(read).toEqual([0, 1, 2])
    expect(list.find('id', 'x')).toBeNull()
  })

  test('knows the total that the provider announces, and the true one at the end', async () => {
    const { list } = listing(['abc', 'de'], 6)
    expect(list.total).toBeNull()
    await list.upTo(1)
    expect(list.total).toBe(6)
    await list.all()
    expect(list.total).toBe(5)
  })

  test('keeps what came before a page that failed, fails for whoever needs more, and does not ask again', async () => {
    const broken = new Error('503')
    const { list, read } = listing(['abc', broken])
    await expect(list.all()).rejects.toBe(broken)
    await expect(list.upTo(4)).rejects.toBe(broken)
    expect(names(await list.upTo(3))).toBe('abc')
    expect(list.find('id', 'b')).toEqual(item('b'))
    expect(read).toEqual([0, 1])
    expect(list.failure).toEqual({ error: broken })
  })
})

describe('a listing whose answer is at hand', () => {
  /** `made`: what comes of an answer that is known already. */
  const atHand = (made: () => Page<Item>) => {
    let times = 0
    const list = new Listing<Item>(keys, () =>
      onePage(() => {
        times += 1
        return made()
      }),
    )
    return { list, times: () => times }
  }
  const page = (text: string): Page<Item> => ({ items: [...text].map(item), totalCount: text.length })

  test('is given, searched and ended without waiting', () => {
    const { list, times } = atHand(() => page('abc'))
    expect(times()).toBe(0)
    expect(list.find('name', 'B')).toEqual(item('b'))
    expect(list.find('id', 'z')).toBeNull()
    expect(list.all()).toHaveLength(3)
    expect([list.complete, list.total, times()]).toEqual([true, 3, 1])
  })

  test('and cannot be read fails whoever asks, in the account’s name, and is not read again', async () => {
    const account = { provider: 'acme', accountId: 'global-id' }
    const source: Source = {
      profile: () => Promise.reject(new Error('not asked')),
      dids: {
        pages: () =>
          onePage<never>(() => {
            throw new ProviderError('PROVIDER_BAD_RESPONSE', 'wrong', {})
          }),
      },
    }
    let opened = 0
    const list = new Listing<never>({ id: () => null, number: () => null, name: () => null }, () => {
      opened += 1
      return nameErrors(source, account).dids!.pages({}) as Pages<never>
    })
    const failed = { code: 'PROVIDER_BAD_RESPONSE', source: account }
    await expect(list.upTo(1)).rejects.toMatchObject(failed)
    await expect(list.find('id', 'a')).rejects.toMatchObject(failed)
    expect([opened, list.failure]).toMatchObject([1, { error: failed }])
  })
})
