import autocannon from 'autocannon'

import { bodyOf, type Asked, type Workload } from './workloads.js'

/** How a server answered while it was asked by several clients, each of which asks again as soon as it is answered. */
export interface Load {
  readonly requests: number
  readonly seconds: number
  /** Milliseconds. */
  readonly p50: number
  readonly p99: number
  /** Requests that have been made of the workload's row so far. */
  readonly next: number
}

export interface LoadOptions {
  readonly connections: number
  readonly seconds: number
  /** Where in the workload's row of requests to go on. */
  readonly from?: number
}

export const headersOf = ({ caller }: Asked) => ({
  'content-type': 'application/json',
  authorization: `Bearer ${caller.key}`,
})

/** Asks for some seconds; throws when any answer is not 200, is an error or, where all requests are the same, is longer or shorter than the first. */
export async function load(
  url: string,
  workload: Workload,
  { connections, seconds, from = 0 }: LoadOptions,
): Promise<Load> {
  let next = from
  const spent: number[] = []
  const lengths = new Set<number>()
  const asked = () => {
    const one = workload.request(next++)
    return { headers: headersOf(one), body: bodyOf(workload, one) }
  }
  const isVaried = bodyOf(workload, workload.request(0)) !== bodyOf(workload, workload.request(1))
  const began = performance.now()
  const options: autocannon.Options = {
    ...{ url, connections, duration: seconds, method: 'POST' },
    requests: [
      isVaried
        ? { method: 'POST', setupRequest: (request) => ({ ...request, ...asked() }) }
        : { method: 'POST', ...asked() },
    ],
    verifyBody: (body) => {
      const text = String(body)
      lengths.add(text.length)
      return text.startsWith('{"data":{') && (isVaried || lengths.size === 1)
    },
  }
  const result = await new Promise<autocannon.Result>((resolve, reject) => {
    const over = (error: unknown, result: autocannon.Result) => (error ? reject(error as Error) : resolve(result))
    // Its own histogram counts whole milliseconds.
    autocannon(options, over).on('response', (_client, _status, _bytes, milliseconds) => spent.push(milliseconds))
  })
  const took = (performance.now() - began) / 1000
  if (result.errors + result.non2xx + result.mismatches > 0) {
    throw new Error(
      `${workload.name}: of ${spent.length} answers ${result.errors} broke off, ${result.non2xx} were not 200, ${result.mismatches} were others than expected`,
    )
  }
  const sorted = spent.sort((a, b) => a - b)
  return { requests: sorted.length, seconds: took, p50: percentile(sorted, 0.5), p99: percentile(sorted, 0.99), next }
}

const percentile = (sorted: readonly number[], share: number) =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN
