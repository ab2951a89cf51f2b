import { readFileSync } from 'node:fs'

import { describe, expect, test } from '@jest/globals'
import { isEnumType } from 'graphql'

import { costOf } from '../../../src/graphql/limits/cost.js'
import { buildDialgraphSchema } from '../../../src/graphql/schema.js'
import { supportOf, type ResourceKind, type ResourceOperation } from '../../../src/model/capability.js'
import { providers } from '../../../src/providers/index.js'

const page = readFileSync(new URL('../../../docs/writing.md', import.meta.url), 'utf8')
const schema = buildDialgraphSchema()

/** The cells of each row of the table below a heading. */
const rowsBelow = (heading: string): readonly (readonly string[])[] =>
  page
    .split(`## ${heading}\n`)[1]!
    .split('\n## ')[0]!
    .split('\n')
    .filter((line) => line.startsWith('| `'))
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim().replaceAll('`', '')),
    )

describe('the page on writing', () => {
  test('says what each mutation may cost', () => {
    const costs = Object.entries(schema.getMutationType()!.getFields())
      .map(([name, field]): [string, string] => [name, String(costOf(field)?.requests ?? 0)])
      .filter(([, requests]) => requests !== '0')
    expect(Object.fromEntries(rowsBelow('Cost').map(([name, cost]) => [name, cost]))).toEqual(Object.fromEntries(costs))
  })

  test('says of every code what to do', () => {
    const codes = schema.getType('ProviderWriteErrorCode')
    expect(
      rowsBelow('What comes back')
        .map(([code]) => code)
        .sort(),
    ).toEqual(
      isEnumType(codes) &&
        codes
          .getValues()
          .map(({ name }) => name)
          .sort(),
    )
  })

  test('has a dash where a provider lacks it, and nowhere else', () => {
    const kinds: Readonly<Record<string, readonly [`${ResourceKind}`, `${ResourceOperation}`]>> = {
      extensionCreate: ['EXTENSION', 'CREATE'],
      extensionUpdate: ['EXTENSION', 'UPDATE'],
      extensionDelete: ['EXTENSION', 'DELETE'],
      callOriginate: ['LIVE_CALL', 'ORIGINATE'],
      callTransfer: ['LIVE_CALL', 'UPDATE'],
      callHangUp: ['LIVE_CALL', 'DELETE'],
    }
    const COLUMNS = ['bulutfon', 'ipex', 'postacell', 'rails-api-v1']
    const has = (slug: string, [resource, operation]: (typeof kinds)[string]) =>
      supportOf(providers.find((one) => one.slug === slug)!.capabilities, resource, operation) !== 'UNSUPPORTED'
    const told = rowsBelow('What can be changed').map(([name, ...cells]) => [
      name,
      // The last column is of two.
      [...cells, cells.at(-1)!].map((cell) => cell !== '–'),
    ])
    expect(Object.fromEntries(told)).toEqual(
      Object.fromEntries(Object.entries(kinds).map(([name, kind]) => [name, COLUMNS.map((slug) => has(slug, kind))])),
    )
  })
})
