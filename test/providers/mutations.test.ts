import { afterEach, describe, expect, test } from '@jest/globals'

import { RECORD_RULES as bulutfonContract } from '../../src/providers/bulutfon/record-rules.js'
import type { RecordRules } from '../../src/providers/drift.js'
import { providers } from '../../src/providers/index.js'
import { RECORD_RULES as freepbxContract } from '../../src/providers/freepbx/questions.js'
import { RECORD_RULES as ipexContract } from '../../src/providers/ipex/record-rules.js'
import { RECORD_RULES as postacellContract } from '../../src/providers/postacell/record-rules.js'
import { RECORD_RULES as railsContract } from '../../src/providers/rails-api-v1/record-rules.js'
import { RECORDED, recordAccount, testMutations, type RecordedAccount } from './mutations.js'

/** The long form is `npm run proof:mutations`. */
const RUNS = 40

const CONTRACTS: Readonly<Record<string, Readonly<Record<string, RecordRules>>>> = {
  ...{ bulutfon: bulutfonContract, ipex: ipexContract, postacell: postacellContract, 'rails-api-v1': railsContract },
  freepbx: freepbxContract,
}

describe.each(providers.map((provider) => [provider.name, provider] as const))('%s', (_, provider) => {
  let account: RecordedAccount
  afterEach(() => account.close())
  const record = async () => (account = await recordAccount(provider, RECORDED[provider.slug]!))

  test('whose answers are as documented is told of nothing', async () => {
    await record()
    expect([...account.drifted]).toEqual([])
    expect(account.answers.size).toBeGreaterThan(0)
  })

  test('with one wrong value anywhere loses at most the record it is in', async () => {
    await testMutations(await record(), RUNS)
  })

  test('that gives a field another name, or another type, is told of by that field', async () => {
    await record()
    const rules = CONTRACTS[provider.slug]!
    const missed: string[] = []
    for (const [noun, fields] of Object.entries(rules)) {
      for (const [field, { presence, accepts }] of Object.entries(fields)) {
        for (const change of presence === 'always' ? [renamed, retyped] : [retyped]) {
          const holding = [...account.answers].filter(([, body]) => JSON.stringify(body).includes(`"${field}":`))
          if (holding.length === 0 || (change === retyped && accepts({ nested: [] }))) continue
          account.drifted.clear()
          for (const [request, body] of holding) {
            if (!account.drifted.has(`${noun}.${field}`)) await account.read({ request, body: change(body, field) })
          }
          if (!account.drifted.has(`${noun}.${field}`)) missed.push(`${noun}.${field}`)
        }
      }
    }
    expect(missed).toEqual([])
  })
})

type Change = (value: unknown, field: string) => unknown

/** The same answer, with every field of a name as `change` makes it. */
const changed =
  (change: (name: string, value: unknown) => [string, unknown]): Change =>
  (value, field) => {
    const inside = (entry: unknown): unknown => {
      if (Array.isArray(entry)) return entry.map(inside)
      if (typeof entry !== 'object' || entry === null) return entry
      return Object.fromEntries(
        Object.entries(entry).map(([name, one]) => (name === field ? change(name, one) : [name, inside(one)])),
      )
    }
    return inside(value)
  }
const renamed = changed((name, value) => [`new_${name}`, value])
const retyped = changed((name, value) => [name, { nested: [value] }])
