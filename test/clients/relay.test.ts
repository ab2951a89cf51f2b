import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import {
  createOperationDescriptor,
  Environment,
  fetchQuery,
  getSingularSelector,
  Network,
  RecordSource,
  Store,
  type ConcreteRequest,
  type GraphQLResponse,
  type SingularReaderSelector,
} from 'relay-runtime'

import type { Harness } from '../sandbox/harness.js'
import { example, relayEnvironment } from './page.js'
import { contradictions, COUNT, factsOf, questions, startServer, type Question } from './questions.js'
import { compile, type Artifacts } from './relay-compiler.js'
import { forRelay } from './rewritten.js'

const LEGS = `
  query LegsQuery($first: Int!) {
    callRecords(first: $first, filter: { directions: [INBOUND] }) {
      edges { node { legs { sequence parentId action result startedAt } } }
    }
  }`
const PICK = 'query PickQuery { extensions(first: 3) { edges { node { ...CallLog_line } } } }'
const BROKEN = `
  query BrokenQuery {
    accounts { nodes { plain: profile { plan } caught: profile @catch(to: RESULT) { plan } } }
  }`
const BACK = `
  fragment Back_calls on Query @refetchable(queryName: "BackPageQuery")
  @argumentDefinitions(last: { type: "Int", defaultValue: 3 }, before: { type: "String" }) {
    callRecords(last: $last, before: $before) @connection(key: "Back_callRecords") { edges { node { startedAt } } }
  }
  query BackQuery { ...Back_calls }`

type Retained = ReturnType<Environment['retain']>
type Variables = Readonly<Record<string, unknown>>

let harness: Harness
let asked: readonly Question[]
let artifacts: Artifacts
beforeAll(async () => {
  harness = await startServer()
  asked = await questions(harness)
  const tagged = (text: string) => `import { graphql } from 'relay-runtime'\ngraphql\`\n${text}\`\n`
  artifacts = await compile(example('relay.config.json'), {
    'CallLog.js': example('CallLog.js'),
    'Legs.js': tagged(LEGS),
    'Pick.js': tagged(PICK),
    'Broken.js': tagged(BROKEN),
    'Back.js': BACK.split(/(?=\n {2}query)/)
      .map(tagged)
      .join(''),
    ...Object.fromEntries(asked.map(({ query }, index) => [`Asked${index}.js`, tagged(forRelay(query, index))])),
  })
}, 60_000)
afterAll(() => harness.close())

/** Asks as a screen would that stays: nothing of it is collected. */
async function ask(environment: Environment, request: ConcreteRequest, variables: Variables): Promise<Retained> {
  const operation = createOperationDescriptor(request, variables)
  const retained = environment.retain(operation)
  await fetchQuery(environment, request, variables, { networkCacheConfig: { force: true } }).toPromise()
  return retained
}
const readAll = (environment: Environment, request: ConcreteRequest, variables: Variables) =>
  environment.lookup(createOperationDescriptor(request, variables).fragment)

test(`the store says what the server said, of every worked operation and of ${COUNT} generated ones`, async () => {
  const answers: unknown[] = []
  const network = Network.create(async ({ text: query }, variables) => {
    const response = await fetch(`${harness.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query, variables }),
    })
    const answer = (await response.json()) as GraphQLResponse & { readonly data: unknown }
    answers.push(structuredClone(answer.data))
    return answer
  })
  const environment = new Environment({ network, store: new Store(new RecordSource()) })
  for (const [index, { name, variables }] of asked.entries()) {
    const request = artifacts.request(`Asked${index}Query`)
    // An answer without any data is an error to Relay.
    await ask(environment, request, variables).catch(() =>
      expect({ name, data: answers.at(-1) }).toEqual({ name, data: null }),
    )
  }
  expect(answers).toHaveLength(asked.length)

  let kept = 0
  for (const [index, { name, variables }] of asked.entries()) {
    if (answers[index] === null) continue
    const { data, isMissingData } = readAll(environment, artifacts.request(`Asked${index}Query`), variables)
    const wrong = contradictions(data, answers[index])
    expect({ name, wrong, isMissingData }).toEqual({ name, wrong: [], isMissingData: false })
    kept += factsOf(data)
  }
  expect(kept).toBeGreaterThan(asked.length * 5)
}, 600_000)

interface Calls {
  readonly callRecords: {
    readonly edges: readonly { readonly node: { readonly startedAt: string } }[]
    readonly pageInfo: {
      readonly endCursor: string
      readonly startCursor: string
      readonly hasNextPage: boolean
      readonly hasPreviousPage: boolean
    }
  }
}
/** A fragment as its component would read it. */
function reader(environment: Environment, query: string, fragment: string) {
  const whole = readAll(environment, artifacts.request(query), {})
  const selector = getSingularSelector(artifacts.fragment(fragment), whole.data) as SingularReaderSelector
  return () => (environment.lookup(selector).data as unknown as Calls).callRecords
}
const WHOLE = `query Whole($first: Int, $last: Int) {
  callRecords(first: $first, last: $last) { edges { node { startedAt } } pageInfo { startCursor endCursor } }
}`
const times = ({ edges }: Pick<Calls['callRecords'], 'edges'>) => edges.map(({ node }) => node.startedAt)

describe('@connection', () => {
  test('joins pages forwards', async () => {
    const environment = await relayEnvironment(harness.url)
    const held = [await ask(environment, artifacts.request('CallLogQuery'), {})]
    const read = reader(environment, 'CallLogQuery', 'CallLog_calls')
    for (let page = 0; page < 2; page += 1) {
      const { hasNextPage, endCursor } = read().pageInfo
      expect(hasNextPage).toBe(true)
      held.push(await ask(environment, artifacts.request('CallLogPageQuery'), { first: 5, after: endCursor }))
    }
    const { callRecords } = await harness.data<Calls>(WHOLE, { first: 35 })
    expect(times(read())).toEqual(times(callRecords))
    expect(read().pageInfo.endCursor).toBe(callRecords.pageInfo.endCursor)
    for (const one of held) one.dispose()
  })

  test('joins pages backwards, from the end', async () => {
    const environment = await relayEnvironment(harness.url)
    const held = [await ask(environment, artifacts.request('BackQuery'), {})]
    const read = reader(environment, 'BackQuery', 'Back_calls')
    for (let page = 0; page < 2; page += 1) {
      const { hasPreviousPage, startCursor } = read().pageInfo
      expect(hasPreviousPage).toBe(true)
      held.push(await ask(environment, artifacts.request('BackPageQuery'), { last: 5, before: startCursor }))
    }
    const { callRecords } = await harness.data<Calls>(WHOLE, { last: 13 })
    expect(times(read())).toEqual(times(callRecords))
    for (const one of held) one.dispose()
  })
})

test('a field that failed is null, or its error where the field has @catch', async () => {
  harness.emulators.ipex.faults.next({ status: 503, times: Infinity })
  const environment = await relayEnvironment(harness.url)
  const held = await ask(environment, artifacts.request('BrokenQuery'), {})
  harness.clear()
  const { data } = readAll(environment, artifacts.request('BrokenQuery'), {})
  const [izmir, prague] = (data as unknown as { accounts: { nodes: unknown[] } }).accounts.nodes
  expect(izmir).toMatchObject({ plain: { plan: 'ENTERPRISE' }, caught: { ok: true, value: { plan: 'ENTERPRISE' } } })
  expect(prague).toMatchObject({
    plain: null,
    caught: { ok: false, errors: [{ extensions: { code: 'PROVIDER_UNAVAILABLE' } }] },
  })
  held.dispose()
})

test('@refetchable reads a line again by its id', async () => {
  const environment = await relayEnvironment(harness.url)
  const [, wanted] = (
    await harness.data<{ extensions: { nodes: { id: string; number: string; displayName: string }[] } }>(
      '{ extensions(first: 2) { nodes { id number displayName } } }',
    )
  ).extensions.nodes
  const variables = { id: wanted!.id }
  const held = await ask(environment, artifacts.request('CallLogLineQuery'), variables)
  const { node } = readAll(environment, artifacts.request('CallLogLineQuery'), variables).data as unknown as {
    node: unknown
  }
  const selector = getSingularSelector(artifacts.fragment('CallLog_line'), node) as SingularReaderSelector
  const { number, displayName } = wanted!
  expect(environment.lookup(selector).data).toMatchObject({ number, displayName })
  held.dispose()
})

test('the legs of two calls stay apart, though nobody asked for their ids', async () => {
  const environment = await relayEnvironment(harness.url)
  const held = await ask(environment, artifacts.request('LegsQuery'), { first: 20 })
  const { data } = readAll(environment, artifacts.request('LegsQuery'), { first: 20 })
  const told = await harness.data<{
    callRecords: { edges: { node: { legs: { startedAt: string }[] } }[] }
  }>(LEGS, { first: 20 })
  expect(data).toEqual(told)
  const legs = told.callRecords.edges.flatMap(({ node }) => node.legs)
  expect(new Set(legs.map(({ startedAt }) => startedAt)).size).toBeGreaterThan(told.callRecords.edges.length / 2)
  expect(legs.length).toBeGreaterThan(20)
  held.dispose()
})
