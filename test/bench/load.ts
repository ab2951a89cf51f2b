import autocannon from 'autocannon'

import { bodyOf, type WorkloadRequest, type Workload } from './workloads.js'

/** How a server answered several clients, each of which sends the next request when it has its answer. */
export interface Load {
  readonly requests: number
  readonly seconds: number
  /** Milliseconds. */
  readonly p50: number
  readonly p99: number
  /** What each answer took, ms, the least first. */
  readonly spent: readonly number[]
}

export interface LoadOptions {
  readonly connections: number
  readonly seconds: number
  /** Seconds of the same load before those; nothing breaks off between, so that no connection is new when it counts. Default 0. */
  readonly warmUp?: number
  /** Called when it begins to count. */
  readonly onWarm?: () => void | Promise<void>
}

export const headersOf = ({ caller }: WorkloadRequest) => ({
  'content-type': 'application/json',
  authorization: `Bearer ${caller.key}`,
})

/** Asks for some seconds; throws when any answer is not 200, is an error or, where all requests are the same, is longer or shorter than the first. */
export async function load(
  url: string,
  workload: Workload,
  { connections, seconds, warmUp = 0, onWarm }: LoadOptions,
): Promise<Load> {
  let next = 0
  let spent: number[] = []
  const lengths = new Set<number>()
  const nextRequest = () => {
    const one = workload.request(next++)
    return { headers: headersOf(one), body: bodyOf(workload, one) }
  }
  const isVaried = bodyOf(workload, workload.request(0)) !== bodyOf(workload, workload.request(1))
  let began = performance.now()
  const options: autocannon.Options = {
    ...{ url, connections, duration: warmUp + seconds, method: 'POST' },
    requests: [
      isVaried
        ? { method: 'POST', setupRequest: (request) => ({ ...request, ...nextRequest() }) }
        : { method: 'POST', ...nextRequest() },
    ],
    verifyBody: (body) => {
      const text = String(body)
      lengths.add(text.length)
      return text.startsWith('{"data":{') && (isVaried || lengths.size === 1)
    },
  }
  const warm = setTimeout(async () => {
    await onWarm?.()
    spent = []
    began = performance.now()
  }, warmUp * 1000)
  const result = await new Promise<autocannon.Result>((resolve, reject) => {
    const over = (error: unknown, result: autocannon.Result) => (error ? reject(error as Error) : resolve(result))
    // Its own histogram counts whole milliseconds.
    autocannon(options, over).on('response', (_client, _status, _bytes, milliseconds) => spent.push(milliseconds))
  })
  clearTimeout(warm)
  const took = (performance.now() - began) / 1000
  if (result.errors + result.non2xx + result.mismatches > 0) {
    throw new Error(
      `${workload.name}: of ${spent.length} answers ${result.errors} broke off, ${result.non2xx} were not 200, ${result.mismatches} were others than expected`,
    )
  }
  const sorted = spent.sort((a, b) => a - b)
  return {
    ...{ requests: sorted.length, seconds: took, spent: sorted },
    ...{ p50: percentile(sorted, 0.5), p99: percentile(sorted, 0.99) },
  }
}

/** Of values in order, the least first. */
export const percentile = (sorted: readonly number[], share: number) =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN
