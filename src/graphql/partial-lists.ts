import { responsePathAsArray, type GraphQLResolveInfo } from 'graphql'

import type { Awaitable } from '../awaitable.js'
import type { SourceStatus } from '../model/source-status.js'
import type { LackingSource, Operation } from '../operation.js'
import type { Context } from './context.js'

/** An account of a list that failed or broke off, as `extensions.partial` names it. */
export interface PartialSource extends LackingSource {
  /** Response path of the list. */
  readonly path: readonly (string | number)[]
}

type Outcome = Pick<SourceStatus, 'accountKey' | 'state' | 'errorCode'>

/**
 * Notes how the sources of a list fared, because most clients do not select them. `sources` may be
 * a function: it is called once the operation is over, for a list that goes on being read.
 */
export function noteSources(
  sources: readonly Outcome[] | (() => Promise<readonly Outcome[]>),
  { path }: Pick<GraphQLResolveInfo, 'path'>,
  { loaders, operation }: Pick<Context, 'loaders' | 'operation'>,
): void {
  const lackingOf = (all: readonly Outcome[]): readonly LackingSource[] =>
    all.filter(isLacking).map(({ accountKey, errorCode }) => ({
      accountId: loaders.account(accountKey).account.id,
      accountKey,
      // A walk that was stopped for its requests has not failed, and has no error code.
      code: errorCode ?? 'OPERATION_TOO_COMPLEX',
    }))
  if (typeof sources === 'function') operation.lists.push({ path, lacking: async () => lackingOf(await sources()) })
  else if (sources.some(isLacking)) operation.lists.push({ path, lacking: () => lackingOf(sources) })
}

/** Notes accounts that cannot have a part in the list at this place, and why. */
export function noteMissing(
  missing: readonly { readonly accountKey: string; readonly message: string }[],
  { path }: Pick<GraphQLResolveInfo, 'path'>,
  { loaders, operation }: Pick<Context, 'loaders' | 'operation'>,
): void {
  if (missing.length === 0) return
  const lacking = missing.map(({ accountKey, message }): LackingSource => ({
    accountId: loaders.account(accountKey).account.id,
    accountKey,
    code: 'CAPABILITY_UNSUPPORTED',
    state: 'UNSUPPORTED',
    message,
  }))
  operation.lists.push({ path, lacking: () => lacking })
}

/** Notes that entries of the list at this place, all of one account, could not be read. */
export function noteLeftOut(
  accountKey: string,
  info: Pick<GraphQLResolveInfo, 'path'>,
  context: Pick<Context, 'loaders' | 'operation'>,
): void {
  noteSources([{ accountKey, state: 'PARTIAL', errorCode: 'PROVIDER_BAD_RESPONSE' }], info, context)
}

const isLacking = ({ state }: Outcome): boolean => state === 'FAILED' || state === 'PARTIAL'

/**
 * Every source that a list of the response lacks, by path, then in the order of the configuration.
 * A list that an error has nulled along with its parent is not in the response.
 */
export async function partialSources({ lists }: Operation, data: unknown): Promise<readonly PartialSource[]> {
  if (lists.length === 0) return []
  const partial = await Promise.all(
    lists.map(async ({ path, lacking }): Promise<readonly PartialSource[]> => {
      const sources = await (lacking() as Awaitable<readonly LackingSource[]>)
      if (sources.length === 0) return []
      const at = responsePathAsArray(path)
      return valueAt(data, at) == null ? [] : sources.map((source) => ({ ...source, path: at }))
    }),
  )
  return partial.flat().sort((one, other) => comparePaths(one.path, other.path))
}

function valueAt(data: unknown, path: readonly (string | number)[]): unknown {
  return path.reduce<unknown>((value, key) => (value as Record<string | number, unknown> | null)?.[key], data)
}

function comparePaths(one: readonly (string | number)[], other: readonly (string | number)[]): number {
  const at = one.findIndex((key, index) => key !== other[index])
  if (at === -1) return one.length - other.length
  const [left, right] = [one[at], other[at]]
  if (right === undefined) return 1
  return typeof left === 'number' && typeof right === 'number' ? left - right : String(left) < String(right) ? -1 : 1
}
