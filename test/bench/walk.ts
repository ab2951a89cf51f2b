/** `npm run bench -- walk`: what a server holds while somebody reads a call log to its end. */
import { listeningAt, SERVER_CORE, startChild } from './child.js'
import { contestants } from './contestants.js'
import { headersOf } from './load.js'
import { startStubProcess } from './measure.js'
import { circumstances, keep, type Circumstances } from './results.js'
import { figure, table } from './table.js'
import { W4, type Workload } from './workloads.js'

export interface WalkResults extends Circumstances {
  /** The short one first. */
  readonly walks: readonly Walk[]
}

interface Walk {
  readonly calls: number
  readonly pages: number
  readonly seconds: number
  readonly providerRequestsPerPage: number
  readonly peakMib: number | null
}

interface Page {
  readonly nodes: readonly { readonly id: string; readonly startedAt: string }[]
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null }
  readonly sources: readonly { readonly state: string }[]
}

const LENGTHS = [100_000, 1_000_000]
const PAGE = 100

const QUERY = /* GraphQL */ `
  query Walk($first: Int!, $after: String) {
    callRecords(first: $first, after: $after) {
      nodes {
        id
        startedAt
        account {
          key
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
      sources {
        state
      }
    }
  }
`

/** Walks logs of the usual lengths, or of those that are named, each at a fresh server as it starts by default. Only the usual are kept. */
export async function run(rest: readonly string[]): Promise<void> {
  const lengths = rest.length > 0 ? rest.map(Number) : LENGTHS
  const walks: Walk[] = []
  for (const calls of lengths) walks.push(await walk(calls))
  const results: WalkResults = { ...circumstances('npm run bench -- walk'), walks }
  console.log(walkTable(results))
  if (lengths === LENGTHS) console.log(`\n${keep('walk', results)}`)
}

export const walkTable = ({ walks }: WalkResults): string =>
  table([
    ['calls', 'pages', 'seconds', 'provider requests a page', 'peak MiB'],
    ...walks.map(({ calls, pages, seconds, providerRequestsPerPage, peakMib }) =>
      [calls, pages, seconds, providerRequestsPerPage, peakMib ?? Number.NaN].map(figure),
    ),
  ])

async function walk(calls: number): Promise<Walk> {
  const offices = W4.offices.slice(0, 2)
  const workload: Workload = { ...W4, offices, document: QUERY }
  const pagedCalls = Object.fromEntries(offices.map(({ key }) => [key, calls / offices.length]))
  const stub = await startStubProcess({ offices, latencyMs: 0, pagedCalls })
  const contestant = contestants.find(({ name }) => name === 'dialgraph cached')!
  const server = startChild({ core: SERVER_CORE, ...contestant.start(workload, stub.url) })
  try {
    const url = await listeningAt(server)
    const began = performance.now()
    let [seen, pages] = [0, 0]
    let last: Page['nodes'][number] | null = null
    for (let after: string | null = null; pages === 0 || after !== null;) {
      const { nodes, pageInfo }: Page = await read(url, workload, after)
      for (const call of nodes) {
        if (last && !precedes(last, call)) throw new Error(`call ${seen} (${call.id}) stands behind ${last.id}`)
        last = call
        seen++
      }
      pages++
      if (process.stderr.isTTY && pages % 500 === 0) process.stderr.write(`\r${figure(seen)} of ${figure(calls)} calls`)
      after = pageInfo.hasNextPage ? pageInfo.endCursor : null
    }
    if (process.stderr.isTTY) process.stderr.write('\r\x1b[K')
    if (seen !== calls) throw new Error(`walked ${seen} calls of ${calls}`)
    const { count } = await stub.ask('count')
    return {
      ...{ calls, pages, seconds: (performance.now() - began) / 1000 },
      ...{ providerRequestsPerPage: count / pages, peakMib: server.peakMib() },
    }
  } finally {
    await server.stop()
    await stub.stop()
  }
}

/** Whether one call may stand before the other, newest first; no two calls of the stub began in the same second. */
const precedes = (one: Page['nodes'][number], other: Page['nodes'][number]) => one.startedAt > other.startedAt

async function read(url: string, workload: Workload, after: string | null): Promise<Page> {
  const request = { ...workload.request(0), operationName: 'Walk', variables: { first: PAGE, after } }
  const response = await fetch(url, {
    method: 'POST',
    headers: headersOf(request),
    body: JSON.stringify({ query: workload.document, operationName: 'Walk', variables: request.variables }),
  })
  const { data, errors } = (await response.json()) as {
    data: { callRecords: Page } | null
    errors?: readonly unknown[]
  }
  const page = data?.callRecords
  if (errors || !page || page.sources.some(({ state }) => state !== 'COMPLETE')) {
    throw new Error(`a page was answered ${JSON.stringify(errors ?? page?.sources)}`)
  }
  return page
}
