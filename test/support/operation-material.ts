/** Values that exist in a running server, for generated operations. */
export interface OperationMaterial {
  readonly accountIds: readonly string[]
  readonly accountKeys: readonly string[]
  /** Ids of providers, numbers, extensions, groups, calls, legs and recordings. */
  readonly objectIds: readonly string[]
  /** Slugs. */
  readonly providers: readonly string[]
  /** E.164. */
  readonly numbers: readonly string[]
  readonly internalNumbers: readonly string[]
  /** Search words for names, and paths for raw payloads. */
  readonly words: readonly string[]
  /** ISO times around those of the calls. */
  readonly times: readonly string[]
}

const QUERY = `{
  providers { id slug }
  accounts(first: 100) { nodes { id key } }
  dids(first: 8) { nodes { id number } }
  extensions(first: 8) { nodes { id number displayName } }
  groups(first: 8) { nodes { id name } }
  callRecords(first: 8) { nodes { id startedAt caller { number } callee { number } recordings { id } legs { id } } }
}`

interface Answer {
  readonly providers: readonly { readonly id: string; readonly slug: string }[]
  readonly accounts: { readonly nodes: readonly { readonly id: string; readonly key: string }[] }
  readonly dids: Listed<{ readonly number: string | null }>
  readonly extensions: Listed<{ readonly number: string; readonly displayName: string | null }>
  readonly groups: Listed<{ readonly name: string | null }>
  readonly callRecords: Listed<{
    readonly startedAt: string
    readonly caller: { readonly number: string | null }
    readonly callee: { readonly number: string | null }
    readonly recordings: readonly { readonly id: string }[] | null
    readonly legs: readonly { readonly id: string }[] | null
  }>
}
interface Listed<T> {
  readonly nodes: readonly (T & { readonly id: string })[]
}

/** A few of each kind of object of a running server; `ask` returns the data of a query. */
export async function operationMaterial(ask: (query: string) => Promise<unknown>): Promise<OperationMaterial> {
  const { providers, accounts, dids, extensions, groups, callRecords } = (await ask(QUERY)) as Answer
  const calls = callRecords.nodes
  const objects = [...providers, ...dids.nodes, ...extensions.nodes, ...groups.nodes, ...calls]
  const parts = calls.flatMap(({ recordings, legs }) => [...(recordings ?? []), ...(legs ?? []).slice(0, 3)])
  const names = [...extensions.nodes.map(({ displayName }) => displayName), ...groups.nodes.map(({ name }) => name)]
  const times = calls.map(({ startedAt }) => startedAt)
  return {
    accountIds: accounts.nodes.map(({ id }) => id),
    accountKeys: accounts.nodes.map(({ key }) => key),
    objectIds: [...objects, ...parts].map(({ id }) => id),
    providers: providers.map(({ slug }) => slug),
    numbers: distinct([
      ...dids.nodes.map(({ number }) => number),
      ...calls.flatMap(({ caller, callee }) => [caller.number, callee.number]),
    ]),
    internalNumbers: extensions.nodes.map(({ number }) => number),
    words: distinct(['a', 'name', 'id', 'user.name', ...names.flatMap((name) => name?.split(' ')[0] ?? null)]),
    times: distinct([...times, ...times.map((time) => `${time.slice(0, 10)}T00:00:00.000Z`)]),
  }
}

const distinct = (values: readonly (string | null)[]): string[] => [
  ...new Set(values.filter((value) => value !== null)),
]
