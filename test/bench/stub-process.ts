/** The stub in a process of its own: its first argument says what to serve; its parent sends commands over the channel. */
import { callAt, paginationOf, seedOf, type Office } from './offices.js'
import { startStub } from './stub.js'

export interface StubTask {
  readonly offices: readonly Office[]
  readonly latencyMs: number
  /** Rows of a call log that is paged, by the key of its office. */
  readonly pagedCalls?: Readonly<Record<string, number>>
}

export type StubCommand = 'count' | 'clear' | { readonly latencyMs: number }
export type StubMessage =
  | { readonly url: string }
  | { readonly count: number; readonly asked: Readonly<Record<string, number>> }

const task = JSON.parse(process.argv[2]!) as StubTask
const made = Object.entries(task.pagedCalls ?? {}).map(
  ([key, total]) => [`/${key}/cdrs`, (query: URLSearchParams) => pageOf(seedOf({ key }), total, query)] as const,
)
const stub = await startStub({ ...task, made: new Map(made) })
const send = (message: StubMessage) => process.send!(message)
process.on('message', (command: StubCommand) => {
  if (command === 'clear') stub.clear()
  if (typeof command === 'object') stub.move(command.latencyMs)
  send({ count: stub.count(), asked: stub.asked() })
})
process.on('disconnect', () => process.exit())
send({ url: stub.url })

/** A page of the table, newest first or oldest first. */
function pageOf(seed: number, total: number, query: URLSearchParams) {
  const [page, limit] = [Number(query.get('page') ?? 1), Number(query.get('limit') ?? 100)]
  const isOldestFirst = query.get('order') === 'call_time,asc'
  const first = (page - 1) * limit
  const cdrs = Array.from({ length: Math.max(0, Math.min(limit, total - first)) }, (_, row) =>
    callAt(seed, isOldestFirst ? total - 1 - first - row : first + row),
  )
  return { cdrs, pagination: paginationOf(page, total, limit) }
}
