import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'

import { textOfCell } from '../../src/exports/formats/csv.js'
import { startTwins, type Twin, type Twins } from '../archive/twins.js'
import { exported, linesIn } from './exporting.js'

/** The members of an export that names none, as a query asks for them. */
const LOG = `query ($filter: CallRecordFilter, $after: String) {
  callRecords(first: 300, after: $after, filter: $filter) {
    nodes {
      id providerResourceId fetchedAt account { id key label } kind direction
      caller { number rawNumber displayName label } callee { number rawNumber displayName label }
      startedAt answeredAt endedAt durationSeconds waitSeconds talkSeconds
      disposition nativeDisposition nativeHangupCause hangupParty
      recordings { id status mimeType } cost { amount currencyCode }
    }
    pageInfo { hasNextPage endCursor }
  }
}`

let twins: Twins
beforeAll(async () => {
  twins = await startTwins({ scale: 0.02 })
}, 120_000)
afterAll(() => twins.close())

type Call = Record<string, unknown>

async function listed(twin: Twin, filter: object): Promise<readonly Call[]> {
  const calls: Call[] = []
  for (let after: string | null = null; ;) {
    const { data, errors } = await twin.ask(LOG, { filter, after })
    if (!data) throw new Error(JSON.stringify(errors))
    const { nodes, pageInfo } = (data as unknown as { callRecords: Page }).callRecords
    calls.push(...nodes)
    if (!pageInfo.hasNextPage) return calls
    after = pageInfo.endCursor
  }
}
interface Page {
  readonly nodes: readonly Call[]
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string }
}

/** By the columns of a CSV file. */
function flat(call: Call): Record<string, string | null> {
  const cells = Object.entries(call).flatMap(([name, value]): [string, unknown][] => {
    const parts = PARTS[name]
    if (parts) return parts.map((part) => [`${name}.${part}`, (value as Call | null)?.[part] ?? null])
    return [[name, name === 'recordings' && value !== null ? JSON.stringify(value) : value]]
  })
  return Object.fromEntries(cells.map(([name, value]) => [name, value === null ? null : String(value)]))
}
const PARTY = ['number', 'rawNumber', 'displayName', 'label']
const PARTS: Readonly<Record<string, readonly string[]>> = {
  account: ['id', 'key', 'label'],
  caller: PARTY,
  callee: PARTY,
  cost: ['amount', 'currencyCode'],
}

function tableOf(file: Buffer): Record<string, string | null>[] {
  const rows: (string | null)[][] = [[]]
  for (const [, inQuotes, bare, end] of file
    .toString()
    .slice(1)
    .matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/g)) {
    rows.at(-1)!.push(inQuotes !== undefined ? inQuotes.replaceAll('""', '"') : bare || null)
    if (end === '\r\n') rows.push([])
  }
  const [names, ...lines] = rows.filter((row) => row.length > 0)
  return lines.map((line) =>
    Object.fromEntries(names!.map((name, at) => [name, line[at] == null ? null : textOfCell(line[at])])),
  )
}

/** An archive has no calls from before it began: without this, that is a gap. */
const ALL = { from: '2000-01-01T00:00:00Z' }
const FILTERS: readonly [string, object][] = [
  ['all calls', { startedAt: ALL }],
  ['the calls of one account', { accountKeys: ['prague'], startedAt: ALL }],
  ['a day', { startedAt: { from: '2026-02-10T00:00:00Z', until: '2026-02-11T00:00:00Z' } }],
  ['missed calls that came in', { directions: ['INBOUND'], dispositions: ['MISSED', 'NO_ANSWER'], startedAt: ALL }],
  ['calls of some length', { durationSeconds: { min: 60, max: 300 }, startedAt: ALL }],
]

describe.each(FILTERS)('an export of %s', (_what, filter) => {
  test('as JSON lines is what callRecords says of the same calls, in the same order', async () => {
    const calls = await listed(twins.archived, filter)
    expect(calls.length).toBeGreaterThan(0)
    for (const key of ['izmir', 'prague'] as const) twins.requests(key)
    const { file, recordCount, status } = await exported(twins.archived.ask, { filter })
    // What no list of the archive tells must not be asked of anybody.
    expect([twins.requests('izmir'), twins.requests('prague')]).toEqual([[], []])
    expect({ status, recordCount }).toEqual({ status: 'COMPLETED', recordCount: calls.length })
    expect(linesIn(file)).toEqual(calls)
  })

  test('as CSV says the same, once the apostrophes are removed', async () => {
    const calls = await listed(twins.archived, filter)
    const { file } = await exported(twins.archived.ask, { filter, format: 'CSV' })
    expect(tableOf(file)).toEqual(calls.map(flat))
  })
})

test('an export shows what calls refer to as callRecords does, for one reading of the lists', async () => {
  const named = '__typename id label'
  const query = `query ($filter: CallRecordFilter) {
    callRecords(first: 300, filter: $filter) {
      nodes { id did { ${named} displayNumber } answeredBy { __typename ... on Node { id } ... on Dialable { label displayNumber } } groups { ${named} } }
    }
  }`
  const filter = { accountKeys: ['prague'], startedAt: { from: '2026-02-09T00:00:00Z' } }
  const { data } = await twins.archived.ask(query, { filter })
  const calls = (data as unknown as { callRecords: { nodes: readonly Call[] } }).callRecords.nodes
  twins.requests('prague')
  const { file, status } = await exported(twins.archived.ask, { filter, fields: ['id', 'did', 'answeredBy', 'groups'] })
  expect(status).toBe('COMPLETED')
  expect(linesIn(file)).toEqual(calls)
  expect(calls.filter(({ did, answeredBy }) => did !== null && answeredBy !== null).length).toBeGreaterThan(0)
  const lists = twins.requests('prague').map((request) => request.split('?')[0])
  expect(lists.length).toBe(new Set(lists).size)
})

test('an export that walks the providers has the same calls as one of their archives', async () => {
  const input = { filter: {}, fields: ['id', 'startedAt', 'caller', 'disposition'], fromProvider: true }
  const walked = await exported(twins.plain.ask, input)
  const kept = await exported(twins.archived.ask, { ...input, fromProvider: false })
  expect([walked.status, walked.recordCount]).toEqual(['COMPLETED', kept.recordCount])
  expect(walked.file.equals(kept.file)).toBe(true)
  expect(walked.sources.map(({ upstreamRequests }) => upstreamRequests > 0)).toEqual([true, true])
}, 30_000)

test('an account without an archive is a named gap, which callRecordGap fetches', async () => {
  const { status, recordCount, sources } = await exported(twins.plain.ask, { filter: { accountKeys: ['izmir'] } })
  expect({ status, recordCount }).toEqual({ status: 'COMPLETED_WITH_GAPS', recordCount: 0 })
  const [{ gap, ...source } = { gap: null }] = sources
  expect(source).toMatchObject({ account: { key: 'izmir' }, state: 'FAILED', errorCode: 'CAPABILITY_UNSUPPORTED' })
  const query = 'query ($cursor: String!) { callRecordGap(cursor: $cursor, first: 5) { nodes { account { key } } } }'
  const { data } = await twins.plain.ask(query, { cursor: gap!.retryCursor })
  expect(data).toEqual({ callRecordGap: { nodes: Array.from({ length: 5 }, () => ({ account: { key: 'izmir' } })) } })
})
