import { setFlagsFromString } from 'node:v8'
import { runInThisContext } from 'node:vm'

import { describe, expect, test } from '@jest/globals'

import { factsOf } from '../src/server/accounts/connect-account.js'
import { accountConfig } from '../src/server/config/account.js'
import { readRows } from '../src/providers/bulutfon/list-response.js'
import { toDid } from '../src/providers/bulutfon/map/did.js'
import { providers } from '../src/providers/index.js'

/**
 * The V8 of Node 20 gives an object literal that begins with a spread and then adds a property a hidden class of its own every time. Code that
 * meets many of them looks every property up anew, so what every request or record reads is made in another way.
 */
setFlagsFromString('--allow-natives-syntax')
const haveOne = runInThisContext('(one, other) => %HaveSameMap(one, other)') as (one: object, other: object) => boolean
const isFast = runInThisContext('(one) => %HasFastProperties(one)') as (one: object) => boolean

/** Two of many: a site of code is slow only once it has been run some times. */
const twoOf = <Made extends object>(make: (index: number) => Made): readonly [Made, Made] => {
  for (let index = 0; index < 200; index += 1) make(index)
  return [make(201), make(202)]
}

describe('objects of one kind have one hidden class', () => {
  test('which this test can tell', () => {
    const plain = (index: number) => ({ index, more: true })
    expect(haveOne(...twoOf(plain))).toBe(true)
    const prepared = twoOf((index) => Object.defineProperty({ index }, `own${index}`, { value: index }))
    expect(haveOne(...prepared)).toBe(false)
  })

  test('the facts of all accounts, which every mapper reads', () => {
    const facts = twoOf((index) => {
      const parsed = { id: `office-${index}`, provider: 'bulutfon', workspace: 'default', allowInsecure: true }
      const config = accountConfig(parsed as never, providers)
      const drift = { records: () => {}, unknownRecord: () => {}, answer: () => {} }
      return factsOf(config, () => 'https://graph.example', (() => drift) as never, Date.now)
    })
    expect(haveOne(...facts)).toBe(true)
    expect(facts.every(isFast)).toBe(true)
    expect(facts[0].redirectUri).toBe('https://graph.example/connect/callback/bulutfon')
  })

  test('the pages of lists that a provider gives whole', () => {
    const account = { key: 'office', country: 'CZ', timeZone: 'Europe/Prague' }
    const pages = twoOf((index) => {
      const body = { dids: [{ id: index, number: '420226020101' }] }
      const reply = { status: 200, headers: {}, body, receivedAt: '2026-02-11T09:30:00.000Z', size: 100 }
      return readRows(reply, 'dids', account, toDid)
    })
    expect(haveOne(...pages)).toBe(true)
  })
})
