/** The call log as a client walks it: page after page over HTTP. */
export interface WalkedCall {
  readonly id: string
  readonly startedAt: string
  readonly account: { readonly key: string }
}

export interface WalkOptions {
  readonly size: number
  /** By `last` and `before`, from the oldest page to the newest. */
  readonly backwards?: boolean
  /** Happens between two pages; answers the server to go on at. */
  readonly between?: (page: number) => Promise<string> | string
}

export interface Walked {
  /** Newest first, whichever way they were read. */
  readonly calls: readonly WalkedCall[]
  readonly pages: number
  /** Requests to providers for the list. */
  readonly requests: number
  readonly mostRequestsOfAPage: number
}

export interface CallPage {
  readonly nodes: readonly WalkedCall[]
  readonly pageInfo: {
    readonly hasNextPage: boolean
    readonly hasPreviousPage: boolean
    readonly startCursor: string | null
    readonly endCursor: string | null
  }
  readonly totalCount: number | null
  readonly sources: readonly { readonly state: string; readonly upstreamRequests: number }[]
}

interface Answer {
  readonly data: { readonly callRecords: CallPage } | null
  readonly errors?: readonly { readonly message: string; readonly extensions: { readonly code: string } }[]
}

const QUERY = /* GraphQL */ `
  query Walk($first: Int, $after: String, $last: Int, $before: String) {
    callRecords(first: $first, after: $after, last: $last, before: $before) {
      nodes {
        id
        startedAt
        account {
          key
        }
      }
      pageInfo {
        hasNextPage
        hasPreviousPage
        startCursor
        endCursor
      }
      totalCount
      sources {
        state
        upstreamRequests
      }
    }
  }
`

export async function askPage(url: string, variables: Readonly<Record<string, unknown>>): Promise<Answer> {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query: QUERY, variables }),
  })
  return (await response.json()) as Answer
}

/**
 * Walks to the end; throws when a page has an error, or an account that did not give all of its
 * part.
 */
export async function walkCalls(
  url: string,
  { size, backwards = false, between = () => url }: WalkOptions,
): Promise<Walked> {
  const read: (readonly WalkedCall[])[] = []
  let [at, cursor, requests, mostRequestsOfAPage] = [url, null as string | null, 0, 0]
  for (;;) {
    const place = backwards ? { last: size, before: cursor } : { first: size, after: cursor }
    const { data, errors } = await askPage(at, place)
    const page = data?.callRecords
    if (errors || !page) throw new Error(`page ${read.length + 1}: ${JSON.stringify(errors)}`)
    const incomplete = page.sources.find(({ state }) => state !== 'COMPLETE')
    if (incomplete) throw new Error(`page ${read.length + 1}: ${JSON.stringify(page.sources)}`)
    const sent = page.sources.reduce((sum, { upstreamRequests }) => sum + upstreamRequests, 0)
    requests += sent
    mostRequestsOfAPage = Math.max(mostRequestsOfAPage, sent)
    read.push(page.nodes)
    const { hasNextPage, hasPreviousPage, startCursor, endCursor } = page.pageInfo
    if (!(backwards ? hasPreviousPage : hasNextPage)) break
    cursor = backwards ? startCursor : endCursor
    at = await between(read.length)
  }
  return { calls: (backwards ? read.reverse() : read).flat(), pages: read.length, requests, mostRequestsOfAPage }
}

/** The first place where two calls stand in the wrong order or one stands twice; -1: nowhere. */
export function firstDisorder(calls: readonly WalkedCall[]): number {
  return calls.findIndex((call, index) => index > 0 && placeOf(call) >= placeOf(calls[index - 1]!))
}

const placeOf = ({ startedAt, account, id }: WalkedCall) => `${startedAt} ${account.key} ${id}`
