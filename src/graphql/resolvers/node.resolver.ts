import { Arg, Ctx, ID, Query, Resolver } from 'type-graphql'

import { andThen, type Awaitable } from '../../awaitable.js'
import { InvalidInput } from '../../errors.js'
import { findAttendant } from '../../loaders/edges/destination.js'
import type { CallLeg, Recording } from '../../model/call-record.js'
import { callOfLeg, parseGlobalId, type NodeType } from '../../model/id.js'
import { Node } from '../../model/node.js'
import type { Context } from '../context.js'
import { Cost, type IdCost } from '../limits/cost.js'
import { legsOf, recordingsOf } from './call-record.resolver.js'
import { exportById } from './archive/call-record-export.resolver.js'
import { changeById } from './provider-change.resolver.js'
import { publicProvider } from './provider.resolver.js'
import { Needs } from '../needs.js'
import { requireScope, requireWholeAccount } from '../scope.js'

/** Of `nodes`. */
export const MAXIMUM_IDS = 100

/** What one object costs that is looked up by its id. */
export const COST_OF_ID: Readonly<Record<NodeType, IdCost>> = {
  Provider: 'free',
  Account: 'free',
  Did: 'dids',
  AutoAttendant: 'dids',
  Extension: 'extensions',
  Group: 'groups',
  CallRecord: 'request',
  CallLeg: 'legs',
  Recording: 'request',
  LiveCall: 'free',
  CallEvent: 'free',
  ProviderChange: 'free',
  CallRecordChange: 'free',
  CallRecordExport: 'free',
}

@Resolver()
export class NodeResolver {
  @Needs('telephony:read:own')
  @Cost({ ids: COST_OF_ID })
  @Query(() => Node, { nullable: true, description: 'Any object by its id; null when there is none.' })
  node(@Ctx() context: Context, @Arg('id', () => ID, { description: 'Its id.' }) id: string): Awaitable<Node | null> {
    return load(id, context)
  }

  @Needs('telephony:read:own')
  @Cost({ ids: COST_OF_ID })
  @Query(() => [Node], {
    nullable: 'items',
    description: 'Several objects in the order asked, null where there is none; at most 100.',
  })
  nodes(
    @Ctx() context: Context,
    @Arg('ids', () => [ID], { description: 'Their ids.' }) ids: readonly string[],
  ): Promise<readonly (Node | Error | null)[]> {
    if (ids.length > MAXIMUM_IDS)
      throw new InvalidInput(`\`ids\` may hold at most ${MAXIMUM_IDS} ids, but it holds ${ids.length}.`)
    return nodesById(ids, context)
  }
}

/**
 * The objects with these ids, in their order; null where there is none. The list is non-null, so the
 * failure of one id becomes its item.
 */
export function nodesById(ids: readonly string[], context: Context): Promise<readonly (Node | Error | null)[]> {
  const read = (id: string) => {
    requireScope(context, 'telephony:read:own')
    return load(id, context)
  }
  return Promise.all(ids.map((id) => orError(() => read(id))))
}

async function orError(load: () => Awaitable<Node | null>): Promise<Node | Error | null> {
  try {
    return await load()
  } catch (error) {
    return error as Error
  }
}

function load(id: string, context: Context): Awaitable<Node | null> {
  const parsed = parseGlobalId(id)
  if (!parsed) return null
  const { type, account: key, native } = parsed
  if (type === 'Provider') {
    const provider = key === '' ? context.providers.find(({ slug }) => slug === native) : undefined
    return provider ? publicProvider(provider) : null
  }
  if (type === 'CallRecordExport') return key === '' ? exportById(native, context) : null
  // Accounts of other workspaces are not among these: their ids give null, like ids that do not
  // exist.
  const account = context.loaders.accounts.get(key)
  if (!account) return null
  switch (type) {
    case 'Account':
      return native === '' ? account.object : null
    case 'Did':
      return account.dids?.existing(native) ?? null
    case 'Extension':
      return account.extensions?.existing(native) ?? null
    case 'Group':
      return account.groups?.existing(native) ?? null
    case 'AutoAttendant':
      return andThen(findAttendant(account, native), (found) => (found?.id === id ? found : null))
    case 'CallRecord':
      return context.loaders.callLog.byId(key, native)
    case 'CallLeg':
      return leg(id, key, native, context)
    case 'Recording':
      return recording(id, key, native, context)
    case 'LiveCall':
      return context.liveCalls?.byId(account, native) ?? null
    case 'CallEvent':
      return context.liveCalls?.eventById(account, native) ?? null
    case 'CallRecordChange':
      return context.archive?.changeById(account, native) ?? null
    case 'ProviderChange':
      requireScope(context, 'accounts:manage')
      requireWholeAccount(context)
      return changeById(key, native, context)
  }
}

/** A leg is read with its call, once for all legs of that call. */
async function leg(id: string, key: string, native: string, context: Context): Promise<CallLeg | null> {
  const nativeCall = callOfLeg(native)
  const call = nativeCall === null ? null : await context.loaders.callLog.byId(key, nativeCall)
  const legs = call && (await legsOf(call, context))
  return legs?.find((one) => one.id === id) ?? null
}

/**
 * The native id of a recording is that of its call; a slash and more follow where a call has
 * several.
 */
async function recording(id: string, key: string, native: string, context: Context): Promise<Recording | null> {
  const call = await context.loaders.callLog.byId(key, native.split('/')[0]!)
  const recordings = call && (await recordingsOf(call, context))
  return recordings?.find((one) => one.id === id) ?? null
}
