import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'

import type { GroupMembership } from '../../src/model/group.js'
import { did, extension, group, InMemoryAccount, many } from '../loaders/in-memory.js'
import { ask } from './ask.js'

/** Every list that is paged forwards only, in a house of `count` accounts, or of an account with as many objects. */
const LISTS: Readonly<
  Record<string, { readonly asked: string; readonly accounts: (count: number) => InMemoryAccount[] }>
> = {
  accounts: {
    asked: 'accounts($page)',
    accounts: (count) => Array.from({ length: count }, (_, at) => new InMemoryAccount(`office-${at}`)),
  },
  dids: {
    asked: 'dids($page)',
    accounts: (count) =>
      ['a', 'b'].map((key) => new InMemoryAccount(key, { dids: { items: many(count, (id) => did(key, id)) } })),
  },
  extensions: {
    asked: 'account(key: "a") { extensions($page) }',
    accounts: (count) => [new InMemoryAccount('a', { extensions: { items: many(count, (id) => extension('a', id)) } })],
  },
  groups: {
    asked: 'account(key: "a") { groups($page) }',
    accounts: (count) => [new InMemoryAccount('a', { groups: { items: many(count, (id) => group('a', id)) } })],
  },
  members: {
    asked: 'account(key: "a") { groups { nodes { members($page) } } }',
    accounts: (count) => {
      const memberships = many(count, (id): GroupMembership => {
        return { member: { kind: 'Extension', id, number: null }, priority: null, delaySeconds: null }
      })
      const content = {
        groups: { items: [group('a', '1', { memberships })] },
        extensions: { items: many(count, (id) => extension('a', id)) },
      }
      return [new InMemoryAccount('a', content)]
    },
  },
}

interface Page {
  readonly edges: readonly { readonly cursor: string; readonly node: { readonly id: string } }[]
  readonly pageInfo: { readonly hasNextPage: boolean; readonly hasPreviousPage: boolean; readonly endCursor: string }
  readonly totalCount: number
}

const PAGE =
  '{ edges { cursor node { ... on Node { id } } } pageInfo { hasNextPage hasPreviousPage endCursor } totalCount }'

function pageIn(data: unknown): Page {
  if (typeof data !== 'object' || data === null) throw new Error('no page')
  if ('pageInfo' in data) return data as Page
  const [below] = Object.values(data) as unknown[]
  return pageIn(Array.isArray(below) ? below[0] : below)
}

describe('a walk', () => {
  test.each(Object.entries(LISTS))(
    'of %s gives everything once, says before its end that there is more, and then ends',
    async (_, list) => {
      await fc.assert(
        fc.asyncProperty(
          fc.nat(7),
          fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 20, maxLength: 20 }),
          async (count, sizes) => {
            const accounts = list.accounts(count)
            const found: string[] = []
            let after: string | null = null
            for (const size of sizes) {
              const page = `first: ${size}${after === null ? '' : `, after: "${after}"`}`
              const asked = list.asked.replace('($page)', `(${page}) ${PAGE}`)
              const { data, errors } = await ask(accounts, `{ ${asked} }`)
              expect(errors).toEqual([])
              const { edges, pageInfo, totalCount } = pageIn(data)
              found.push(...edges.map(({ node }) => node.id))
              expect(pageInfo.hasNextPage).toBe(found.length < totalCount)
              expect(pageInfo.hasPreviousPage).toBe(after !== null)
              expect(pageInfo.endCursor).toBe(edges.at(-1)?.cursor ?? null)
              if (!pageInfo.hasNextPage) break
              after = pageInfo.endCursor
            }
            expect(new Set(found).size).toBe(found.length)
            expect(found.length % (count || 1)).toBe(0)
            expect(found.length).toBeGreaterThanOrEqual(count)
          },
        ),
        { numRuns: 15 },
      )
    },
  )
})
