/** Which failed queries of a soak have a fault behind them, by what the server wrote into its log. */

export interface FailedQuery {
  readonly requestId: string
  /** Wall-clock ms, when it was asked. */
  readonly from: number
  /** And when the answer was there. */
  readonly at: number
  readonly errors: readonly { readonly message: string; readonly extensions: Readonly<Record<string, unknown>> }[]
}

interface LogLine {
  readonly time: string
  readonly msg: string
  readonly requestId?: string
  readonly account?: string
  readonly status?: number | null
  readonly outcome?: string
}

/** After a 429 an account waits as long as it was told. */
const RATE_LIMIT_MS = 2_500
/** A line is written a moment after, or before, the answer is here. */
const CLOCKS_MS = 200
const PASSING: ReadonlySet<string> = new Set([
  'PROVIDER_UNAVAILABLE',
  'PROVIDER_TIMEOUT',
  'PROVIDER_BAD_RESPONSE',
  'PROVIDER_RATE_LIMITED',
])

/** The failures no fault explains, each as it would be told. `log` is what the server wrote; `accountOf` the key of an account by its id. */
export function unexplained(failed: readonly FailedQuery[], log: string, accountOf: (id: string) => string): string[] {
  const lines = log
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as LogLine)
  const failures = lines.filter(({ msg }) => msg === 'provider failed')
  const broken = new Set(failures.map(({ requestId }) => requestId))
  const waits = lines.flatMap((line, index) => {
    const { account = '', time, status } = line
    const from = Date.parse(time)
    const told = { account: account.replace(/#.*/, ''), from }
    if (status === 429) return [{ ...told, until: from + RATE_LIMIT_MS }]
    if (!isBackingOff(line)) return []
    // Until something becomes of it, however long its pauses have grown.
    const next = lines.slice(index + 1).find((later) => later.msg === 'login' && later.account === account)
    return [{ ...told, until: next ? Date.parse(next.time) : Infinity }]
  })
  return failed.flatMap(({ requestId, from: asked, at, errors }) =>
    errors.flatMap(({ message, extensions: { code, accountId } }) => {
      const key = typeof accountId === 'string' ? accountOf(accountId) : null
      // A request may have been sent for another query that wanted the same, and one may have to wait for the next.
      const isBehind = failures.some(
        ({ account, time }) => account === key && asked <= Date.parse(time) && Date.parse(time) <= at + CLOCKS_MS,
      )
      const isWaiting = waits.some(
        ({ account, from, until }) => account === key && from <= at + CLOCKS_MS && at <= until,
      )
      return PASSING.has(String(code)) && (broken.has(requestId) || isBehind || isWaiting)
        ? []
        : [`${String(code)}: ${message}`]
    }),
  )
}

const isBackingOff = ({ msg, outcome }: LogLine): boolean => msg === 'login' && outcome === 'backing off'
