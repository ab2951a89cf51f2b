import { readFileSync } from 'node:fs'

import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { buildSchema } from 'graphql'

import { providers } from '../../src/providers/index.js'
import { fieldPaths, queryFor, printedPath, type FieldPath } from '../support/field-paths.js'
import { startHarness, type Harness } from './harness.js'

/*
 * No field asks a provider more often because there are more objects to tell it of. Every way through the graph, four objects deep, is
 * asked of a small switchboard for a few objects and of a large one for many: what that costs more is named by its path.
 */

const schema = buildSchema(readFileSync(new URL('../../schema/schema.graphql', import.meta.url), 'utf8'))
const DEPTH = 4
/** More than fit on the smallest page of calls that is asked for, so that a list of calls within another is a second one in either case. */
const FEW = 20
const MANY = 40

/** What costs a request for each object, by its nature: there is nothing wrong with that, but it must stand here. */
const DECLARED: ReadonlySet<string> = new Set([
  // The provider tells these of one object at a time.
  ...providers.flatMap(({ costs }) => costs?.eachObject ?? []),
  // Each object has a call log of its own.
  'Did.callRecords',
  'Extension.callRecords',
  'Group.callRecords',
  // Bulutfon tells of a group who is in it, and of an extension nothing: all groups are asked, once.
  'Extension.groups',
])
/** Postacell has pages of fixed size: so many requests are a list, whoever asks for it. */
const PAGED = /^postacell GET \/api\/v1\/email\/list-filter\//

interface Switchboards {
  readonly small: Harness
  readonly large: Harness
}
let boards: Switchboards
beforeAll(async () => {
  const limits = { operationTimeoutMs: 60_000, operationTokens: 100_000, operationSelections: 100_000 }
  const more = {
    operationValues: 10_000_000,
    operationAliases: 10_000,
    operationDepth: 100,
    providerRequestsPerOperation: 10_000,
  }
  const [small, large] = [
    await startHarness({ scale: 0.02, limits: { ...limits, ...more } }),
    await startHarness({ scale: 0.3, limits: { ...limits, ...more } }),
  ]
  boards = { small, large }
  for (const harness of [small, large]) await harness.data('{ accounts { nodes { profile { name messageCredits } } } }')
}, 60_000)
afterAll(async () => {
  await boards.small.close()
  await boards.large.close()
})

/** How often something is asked more than once, when it does not matter of which object. */
async function repeatsIn(harness: Harness, paths: readonly FieldPath[], outer: number): Promise<number> {
  harness.clear()
  await harness.data(queryFor(paths, { outer, inner: 2 }))
  const requests = harness.requests().filter((line) => !PAGED.test(line))
  return requests.length - new Set(requests.map(kindOf)).size
}
const kindOf = (line: string) => line.replace(/\?.*/, '').replace(/\/[\w.-]*\d[\w.-]*(?=\/|$)/g, '/:id')

const growthOf = async (paths: readonly FieldPath[]): Promise<number> =>
  (await repeatsIn(boards.large, paths, MANY)) - (await repeatsIn(boards.small, paths, FEW))

/** The shortest way to a field that makes a question grow by more than may be: the one without which it would not; null when none does. */
async function firstToGrow(paths: readonly FieldPath[], may = 0): Promise<string | null> {
  const grows = async (some: readonly FieldPath[]) => (await growthOf(some)) > may
  if (!(await grows(paths))) return null
  const shortestFirst = [...paths].sort((one, other) => one.length - other.length)
  let [enough, tooFew] = [shortestFirst.length, 0]
  while (enough - tooFew > 1) {
    const middle = Math.floor((enough + tooFew) / 2)
    if (await grows(shortestFirst.slice(0, middle))) enough = middle
    else tooFew = middle
  }
  return printedPath(shortestFirst[enough - 1]!)
}

test('the large switchboard is large', async () => {
  const lists = '{ extensions(first: 100) { totalCount nodes { id } } groups { totalCount } dids { totalCount } }'
  const sizes = async (harness: Harness) => {
    const { extensions, groups, dids } = await harness.data<Record<string, { totalCount: number }>>(lists)
    return [extensions, groups, dids].map((list) => list!.totalCount)
  }
  const [small, large] = [await sizes(boards.small), await sizes(boards.large)]
  expect(large[0]).toBeGreaterThan(MANY)
  for (const [at, size] of large.entries()) expect(size).toBeGreaterThan(small[at]!)
})

describe.each(['dids', 'extensions', 'groups', 'callRecords', 'accounts'])('%s', (root) => {
  test('cost the same for many objects as for few, whatever is asked of them', async () => {
    const paths = fieldPaths(schema, root, { depth: DEPTH, stop: (coordinate) => DECLARED.has(coordinate) })
    expect(paths.length).toBeGreaterThan(30)
    expect(await firstToGrow(paths)).toBeNull()
  }, 120_000)
})

/** What is declared and leads on, by the list it is asked of. */
const LEADS_ON = {
  dids: ['Did.businessHours'],
  extensions: ['Extension.callerIdDid', 'Extension.forwarding', 'Extension.groups'],
  groups: ['Group.members'],
  callRecords: ['CallRecord.answeredBy', 'CallRecord.groups', 'CallRecord.legs'],
} as const

describe.each(Object.entries(LEADS_ON))('below what is declared of %s', (root, declared) => {
  test.each(declared)(
    '%s, nothing grows but that itself',
    async (coordinate) => {
      // Whose calls are asked for as well depends on which accounts the groups are of.
      const stop = (other: string) => other !== coordinate && (DECLARED.has(other) || other === 'Account.callRecords')
      const below = fieldPaths(schema, root, { depth: DEPTH - 1, stop }).filter(
        // `Query.groups.nodes.members`: of the objects of the list itself.
        ([, , asked]) => asked && `${asked.on.name}.${asked.field.name}` === coordinate,
      )
      const [itself] = [...below].sort((one, other) => one.length - other.length)
      expect(await firstToGrow(below, await growthOf([itself!]))).toBeNull()
    },
    120_000,
  )
})
