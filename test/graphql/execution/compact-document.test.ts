import { describe, expect, test } from '@jest/globals'
import { GraphQLError, Kind, parse, print, visit, type FieldNode } from 'graphql'

import { compactDocument } from '../../../src/graphql/execution/compact-document.js'

const TEXT = `subscription S($n: Int = 3, $no: Boolean!) @live {
  tick: ticks(after: { a: [1, $n], b: "x" }) { ...T text ... on Tick @skip(if: $no) { text } }
}
fragment T on Tick { loud: shout(times: $n) @include(if: true) shout }`

describe('a compact document', () => {
  const document = parse(TEXT)
  const compact = compactDocument(document)

  test('says the same', () => {
    expect(print(compact)).toBe(print(document))
    expect(compact.loc?.source.body).toBe(TEXT)
  })

  test('has no token, and the places that errors are shown at', () => {
    const places: unknown[] = []
    visit(compact, {
      enter(node) {
        const isPlaced = node.kind !== Kind.NAME && node.kind !== Kind.SELECTION_SET
        expect([node.kind, node.loc !== undefined]).toEqual([node.kind, isPlaced])
        expect(node.loc ?? {}).not.toHaveProperty('startToken')
      },
      Field: (node: FieldNode) => void places.push(new GraphQLError('x', { nodes: node }).locations),
    })
    const expected: unknown[] = []
    visit(document, {
      Field: (node: FieldNode) => void expected.push(new GraphQLError('x', { nodes: node }).locations),
    })
    expect(places).toEqual(expected)
    expect(places).toContainEqual([{ line: 2, column: 3 }])
  })

  test('is made once of each document, and is its own', () => {
    expect(compactDocument(document)).toBe(compact)
    expect(compactDocument(compact)).toBe(compact)
  })
})
