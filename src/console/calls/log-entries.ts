import type { ConsoleCallRowFragment, ConsoleCallsQuery, ConsoleCallSourceFragment } from './generated/graphql.js'

/** A call as its line shows it. */
export type Call = ConsoleCallRowFragment

/** How one account contributed to one page. */
export type Source = ConsoleCallSourceFragment

/** As much of the log as is here: pages one after another, and what each of them lacks. */
export type Log = NonNullable<ConsoleCallsQuery['callRecords']>

type Edge = Log['edges'][number]

/** Newest first; calls of one moment stand as the server orders them: by account, then by id. */
function comesBefore({ node: left }: Edge, { node: right }: Edge): boolean {
  if (left.startedAt !== right.startedAt) return left.startedAt > right.startedAt
  if (left.account.key !== right.account.key) return left.account.key > right.account.key
  return left.id > right.id
}

/** Both lists as one, in order; a call that is in both is there once. */
export function merged(known: readonly Edge[], more: readonly Edge[]): Edge[] {
  const ids = new Set(known.map(({ node }) => node.id))
  const waiting = more.filter(({ node }) => !ids.has(node.id))
  const all: Edge[] = []
  let at = 0
  for (const edge of known) {
    while (at < waiting.length && comesBefore(waiting[at]!, edge)) all.push(waiting[at++]!)
    all.push(edge)
  }
  return [...all, ...waiting.slice(at)]
}

/** The log with a part of what one of its gaps lacks. `rest`: what is missing still. */
export const filled = (log: Log, retryCursor: string, part: Pick<Log, 'edges'>, rest: readonly Source[]): Log => ({
  ...log,
  edges: merged(log.edges, part.edges),
  sources: log.sources.flatMap((source) => (source.gap?.retryCursor === retryCursor ? rest : [source])),
})
