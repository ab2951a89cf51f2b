import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import {
  getNamedType,
  isListType,
  isNonNullType,
  isObjectType,
  type GraphQLObjectType,
  type GraphQLType,
} from 'graphql'

import { buildDialgraphSchema } from '../../src/graphql/schema.js'
import { globalId } from '../../src/model/id.js'
import { startHarness, type Harness, type Slug } from './harness.js'
import {
  CASES,
  DIRECTORY,
  inAccount,
  ITEM,
  KEY,
  LIST,
  NOT_READ,
  ofEach,
  ROWS,
  SOURCES,
  type Case,
  type Damage,
  type Json,
  type Row,
} from './left-out-cases.js'

/*
 * What cannot be read is told: a row that is left out of a list shows in `extensions.partial`, and
 * in `sources` where the list has them; it stands in the log once, and counts in the metrics. The
 * rows beside it are given.
 */

let harness: Harness
beforeAll(async () => {
  harness = await startHarness({ scale: 0.01, limits: { attempts: 1, operationTimeoutMs: 60_000 } })
})
afterAll(() => harness.close())

describe.each(CASES)('%s without one of %s', (_, __, one) => {
  test('gives the others, and says what it lacks', () => told(one))
})

async function told(one: Case): Promise<void> {
  const { slug, noun, query, at, everywhere = false, also = [], none = false, within = 0 } = one
  harness.clear()
  const healthy = await harness.query<Json>(query)
  expect([healthy.errors, healthy.extensions]).toEqual([undefined, undefined])
  const before = listsAt(healthy.data, at)
  const items = before.flatMap((list) => list.items).filter((item) => item?.account?.key === KEY[slug])
  const victim = (items[1] ?? items[0])?.providerResourceId ?? ''
  const countedBefore = await driftOf(slug, noun)

  damageAnswers(one, victim)
  const damaged = await harness.query<Json>(query)
  expect(damaged.errors).toBeUndefined()
  const after = listsAt(damaged.data, at)
  const counts = [before, after].map((lists) => lists.flatMap((list) => list.items).length)
  if (counts[0]! > 1) expect(counts[1]).toBeGreaterThan(0)
  const lacking = before.map(({ place, items }) => {
    const given = new Set(after.find((list) => textOf(list.place) === textOf(place))?.items.map(textOf))
    return { place: place.slice(0, place.length - within), lost: items.filter((item) => !given.has(textOf(item))) }
  })
  const lost = lacking.flatMap((list) => list.lost)
  expect(lost.length > 0).toBe(!none)
  if (victim) expect(lost.filter((item) => item.providerResourceId !== victim)).toEqual([])

  const partial = (damaged.extensions as { partial: readonly { readonly path: readonly unknown[] }[] }).partial
  for (const source of partial) {
    const account = { accountId: globalId('Account', KEY[slug]), accountKey: KEY[slug] }
    expect(source).toEqual({ ...account, code: 'PROVIDER_BAD_RESPONSE', path: expect.any(Array) })
  }
  const told = partial.map(({ path }) => textOf(path))
  const must = lacking.filter((list) => everywhere || list.lost.length > 0).map((list) => textOf(list.place))
  const alsoTold = also.flatMap((place) => listsAt(damaged.data, place)).map((list) => textOf(list.place))
  expect([...new Set([...must, ...alsoTold])].filter((place) => !told.includes(place))).toEqual([])
  const may = new Set([...lacking.map((list) => textOf(list.place)), ...alsoTold])
  expect(told.filter((place) => !may.has(place))).toEqual([])
  for (const { place, sources } of after) {
    const source = sources?.find(({ account }) => account.key === KEY[slug])
    if (source && must.includes(textOf(place))) expect(source.errorCode).toBe('PROVIDER_BAD_RESPONSE')
  }

  await harness.query(query)
  const logged = harness.logLines.filter((line) => line.includes(`${slug} answers ${noun} with records that`))
  expect(logged).toHaveLength(1)
  expect(await driftOf(slug, noun)).toBeGreaterThan(countedBefore)
}

function damageAnswers({ slug, path, damage }: Row, victim: string): void {
  harness.emulators[slug].faults.next({
    path,
    times: Infinity,
    rewrite(body) {
      const answer: Json = JSON.parse(body)
      damage(answer, victim)
      return JSON.stringify(answer)
    },
  })
}

interface FoundList {
  readonly place: readonly (string | number)[]
  readonly items: readonly Json[]
  readonly sources?: readonly { readonly account: { readonly key: string }; readonly errorCode: string | null }[]
}

/** The lists at a place in the answer, as `account.extensions.nodes.*.dids`. */
function listsAt(data: Json, at: string): readonly FoundList[] {
  let found: { place: (string | number)[]; value: Json }[] = [{ place: [], value: data }]
  for (const key of at.split('.')) {
    const into = (value: Json) =>
      key === '*' ? (value as Json[]).map((item, index) => [index, item]) : [[key, value[key]]]
    found = found.flatMap(({ place, value }) =>
      value == null ? [] : into(value).map(([step, inner]) => ({ place: [...place, step], value: inner })),
    )
  }
  const lists = found.filter(({ value }) => value != null)
  return lists.map(({ place, value }) => ({ place, items: value.nodes ?? value, sources: value.sources }))
}

const textOf = (item: Json): string => item?.id ?? JSON.stringify(item)

const driftOf = (slug: Slug, noun: string) => counted(slug, `${noun}.(record)`)

async function counted(slug: Slug, place: string): Promise<number> {
  const metrics = await (await fetch(`${harness.url}/metrics`)).text()
  const line = metrics.split('\n').find((one) => one.includes(`{provider="${slug}",place="${place}"}`))
  return Number(line?.split(' ').at(-1) ?? 0)
}

describe('Without one row', () => {
  const PARTIAL = { code: 'PROVIDER_BAD_RESPONSE' }
  const ask = async (query: string) => {
    const { data, errors, extensions = {} } = await harness.query<Json>(query)
    return {
      data,
      codes: errors?.map((error) => error.extensions.code),
      ...(extensions as { partial?: readonly object[] }),
    }
  }
  const listed = async (list: string) =>
    (await harness.data<Json>(inAccount('bulutfon', `${list}(first: 100) { nodes { ${ITEM} number } }`))).account[list]
      .nodes as Json[]

  test.each([
    ['dids', 'Bulutfon’s DIDs'],
    ['extensions', 'Bulutfon’s extensions'],
  ] as const)('phoneNumber.%s says that it may lack something, found or not', async (list, rows) => {
    harness.clear()
    const [first, second] = await listed('dids')
    const [row] = await listed(list)
    const query = (number: string) => `{ phoneNumber(number: "${number}") { ${list} { id } } }`
    const before = await ask(query(second.number))
    expect(before.partial).toBeUndefined()
    damageAnswers(ROWS[rows], row.providerResourceId)
    const told = [{ ...PARTIAL, path: ['phoneNumber', list] }]
    const found = before.data.phoneNumber[list].filter(({ id }: Json) => id !== row.id)
    expect(await ask(query(second.number))).toMatchObject({ data: { phoneNumber: { [list]: found } }, partial: told })
    if (list === 'dids') {
      expect(await ask(query(first.number))).toMatchObject({ data: { phoneNumber: { dids: [] } }, partial: told })
    }
  })

  test.each(['dids', 'extensions', 'groups'] as const)(
    'an object of `%s` is not said not to exist: neither by `nodes` nor by the calls of it',
    async (list) => {
      harness.clear()
      const [row, other] = await listed(list)
      const gone = globalId(({ dids: 'Did', extensions: 'Extension', groups: 'Group' } as const)[list], 'izmir', 'none')
      damageAnswers(ROWS[DIRECTORY.find(([name]) => name === list)![1]], row.providerResourceId)
      const nodes = await ask(`{ nodes(ids: ["${row.id}", "${other.id}"]) { id } gone: node(id: "${gone}") { id } }`)
      expect(nodes.data).toEqual({ nodes: [null, { id: other.id }], gone: null })
      expect(nodes.codes).toEqual(['PROVIDER_BAD_RESPONSE', 'PROVIDER_BAD_RESPONSE'])
      const filter = `{ ${list.slice(0, -1)}Ids: ["${row.id}"] }`
      const calls = await ask(`{ callRecords(first: 5, filter: ${filter}) { nodes { id } ${SOURCES} } }`)
      const [source] = calls.data.callRecords.sources.filter(({ account }: Json) => account.key === 'izmir')
      expect(source).toMatchObject({ state: 'FAILED', errorCode: 'PROVIDER_BAD_RESPONSE' })
      expect(calls.partial).toMatchObject([{ ...PARTIAL, path: ['callRecords'] }])
    },
  )

  test('callPermissions gives the others, and says what it lacks', async () => {
    harness.clear()
    const query = ofEach('bulutfon', 'extensions', 'callPermissions', 2)
    const before = await ask(query)
    const damage: Damage = ({ extension }) => void extension.acl.push({})
    damageAnswers({ slug: 'bulutfon', path: /^\/extensions\/\d+$/, damage, noun: 'ExtensionDetail' }, '')
    const after = await ask(query)
    expect(after).toMatchObject({ data: before.data, partial: [PARTIAL, PARTIAL] })
    expect(await counted('bulutfon', 'ExtensionDetail.acl')).toBe(2)
    await ask(query)
    expect(harness.logLines.filter((line) => line.includes('ExtensionDetail with \\"acl\\"'))).toHaveLength(1)
  })

  test('callRecordGap gives the others, and says what it lacks', async () => {
    harness.clear()
    const calls = 'callRecords(first: 20, filter: { accountKeys: ["izmir"] })'
    const whole = await harness.data<Json>(`{ ${calls} { nodes { ${ITEM} } } }`)
    harness.emulators.bulutfon.faults.next({ path: /^\/cdrs$/, status: 500 })
    const failed = await ask(`{ ${calls} { sources { gap { retryCursor } } } }`)
    const { retryCursor } = failed.data.callRecords.sources[0].gap
    const [victim, ...others] = whole.callRecords.nodes
    damageAnswers(ROWS['Bulutfon’s calls'], victim.providerResourceId)
    const gap = await ask(`{ callRecordGap(cursor: "${retryCursor}", first: 19) { ${LIST} } }`)
    expect(gap.data.callRecordGap.nodes).toEqual(others)
    expect(gap.data.callRecordGap.sources).toMatchObject([{ state: 'PARTIAL', errorCode: 'PROVIDER_BAD_RESPONSE' }])
    expect(gap.partial).toMatchObject([{ ...PARTIAL, path: ['callRecordGap'] }])
  })

  test('the number of a group is not said not to exist', async () => {
    harness.clear()
    const query = inAccount('ipex', 'groups(first: 100) { nodes { id number } }')
    const before = await ask(query)
    harness.emulators.ipex.faults.next({
      path: /destinations$/,
      times: Infinity,
      rewrite: (body) =>
        JSON.stringify(
          (JSON.parse(body) as Json[]).map((row, at) =>
            at === 0 || row.ownerType === 'application' ? 'damaged' : row,
          ),
        ),
    })
    expect(before.codes).toBeUndefined()
    expect(new Set((await ask(query)).codes)).toEqual(new Set(['PROVIDER_BAD_RESPONSE']))
  })
})

describe('Without an answer', () => {
  beforeAll(async () => {
    await harness.close()
    harness = await startHarness({ limits: { attempts: 1 }, scale: 0.2, knobs: { postacell: { pageSize: 2 } } })
  })

  const PAGES = {
    bulutfon: { list: 'callRecords', path: /^\/cdrs$/ },
    ipex: { list: 'callRecords', path: /\/calls$/ },
    postacell: { list: 'groups', path: /\/list-filter/ },
  } as const

  test.each(['bulutfon', 'ipex', 'postacell'] as const)(
    'that should have been a later page, the list of %s gives the pages before it, and says that it ends early',
    async (slug) => {
      const { list, path } = PAGES[slug]
      let pages = 0
      harness.emulators[slug].faults.next({ path, when: () => ++pages > 1, times: Infinity, html: true })
      const filter = `accountKeys: ["${KEY[slug]}"]${list === 'callRecords' ? ', durationSeconds: { min: 100000 }' : ''}`
      const query = `{ ${list}(first: 100, filter: { ${filter} }) { nodes { id } ${SOURCES} } }`
      for (let time = 0; time < 2; time += 1) {
        pages = 0
        const { data, errors, extensions } = await harness.query<Json>(query)
        expect(errors).toBeUndefined()
        expect(data[list].sources).toMatchObject([{ state: 'PARTIAL', errorCode: 'PROVIDER_BAD_RESPONSE' }])
        expect(extensions).toMatchObject({ partial: [{ code: 'PROVIDER_BAD_RESPONSE', path: [list] }] })
      }
      expect(
        harness.logLines.filter((line) => line.includes(`${slug} gives answers that cannot be used`)),
      ).toHaveLength(1)
      expect(await counted(slug, '(answer).HTML')).toBe(2)
    },
  )
})

test('Of the calls under way, one that cannot be read is told', async () => {
  harness.emulators.ipex.faults.next({
    path: /\/calls\/current$/,
    times: Infinity,
    rewrite: (body) => JSON.stringify(['damaged', ...(JSON.parse(body) as Json[])]),
  })
  const query = `{ liveCalls(accountKeys: ["${KEY.ipex}"]) { nodes { id } ${SOURCES} } }`
  for (let time = 0; time < 2; time += 1) {
    const { data, errors, extensions } = await harness.query<Json>(query, {}, { 'cache-control': 'no-cache' })
    expect(errors).toBeUndefined()
    expect(data.liveCalls.sources).toMatchObject([{ state: 'PARTIAL', errorCode: 'PROVIDER_BAD_RESPONSE' }])
    expect(extensions).toMatchObject({ partial: [{ code: 'PROVIDER_BAD_RESPONSE', path: ['liveCalls'] }] })
  }
})

/** Read apart from the table, in the tests after it. */
const APART = [
  'Extension.callPermissions',
  'PhoneNumberLookup.dids',
  'PhoneNumberLookup.extensions',
  'Query.nodes',
  'Query.callRecordGap',
  'LiveCallList.nodes',
]

test('Every list of the schema is here, or nothing of it is a provider’s', () => {
  const isList = (type: GraphQLType): boolean =>
    isNonNullType(type) ? isList(type.ofType) : isListType(type) || /Connection$/.test(getNamedType(type).name)
  const lists = Object.values(buildDialgraphSchema().getTypeMap())
    .filter((type) => isObjectType(type) && !type.name.startsWith('__'))
    .filter(({ name }) => !/(Connection|Payload)$/.test(name))
    .flatMap((type) =>
      Object.values((type as GraphQLObjectType).getFields())
        .filter((field) => isList(field.type))
        .map((field) => `${type.name}.${field.name}`),
    )
  const here = [...CASES.map(([list]) => list), ...APART, ...Object.keys(NOT_READ)]
  expect([...new Set(here)].sort()).toEqual([...lists].sort())
})
