import type { GraphQLResolveInfo } from 'graphql'
import { Ctx, FieldResolver, Info, Resolver, Root } from 'type-graphql'

import { allOf, andThen, type Awaitable } from '../../awaitable.js'
import { didOf, extensionOf, groupOf, knownOrNull, resolveReference, takerOf } from '../../loaders/edges/destination.js'
import { CallLeg, CallParty, CallRecord, Recording } from '../../model/call-record.js'
import { Did } from '../../model/did.js'
import { Extension } from '../../model/extension.js'
import { Group } from '../../model/group.js'
import type { DetailField } from '../../model/request-fields.js'
import type { Context } from '../context.js'
import { labelOfParty } from '../label.js'
import { ANY_LIST, Cost, Free } from '../limits/cost.js'
import { noteLeftOut } from '../partial-lists.js'
import { asRoutingDestination, CallEndpoint, RoutingDestination } from '../types/unions.js'

@Resolver(() => CallRecord)
export class CallRecordResolver {
  @Cost({ lists: ['dids'] })
  @FieldResolver(() => Did, { nullable: true, description: 'The number of ours that was dialled or shown.' })
  did(@Root() call: Readonly<CallRecord>, @Ctx() { loaders }: Context): Awaitable<Did | null> {
    return didOf(loaders.account(call.accountKey), call.didRef)
  }

  @Free
  @FieldResolver(() => [Recording], {
    nullable: true,
    description: 'Recordings of this call; null when the provider does not tell.',
  })
  recordings(@Root() call: Readonly<CallRecord>, @Ctx() context: Context): Awaitable<readonly Recording[] | null> {
    return recordingsOf(call, context)
  }

  @Cost({ detail: true, lists: ANY_LIST })
  @FieldResolver(() => CallEndpoint, { nullable: true, description: 'Who finally took the call.' })
  answeredBy(@Root() call: Readonly<CallRecord>, @Ctx() context: Context): Awaitable<CallEndpoint | null> {
    return andThen(listedOrDetail(call, 'answeredByRef', context), (reference) => {
      if (!reference) return null
      return takerOf(context.loaders.account(call.accountKey), reference, call.fetchedAt)
    })
  }

  @Cost({ detail: true, lists: ['groups'] })
  @FieldResolver(() => [Group], { nullable: true, description: 'Groups the call passed through, in order.' })
  groups(
    @Root() call: Readonly<CallRecord>,
    @Ctx() context: Context,
    @Info() info: GraphQLResolveInfo,
  ): Awaitable<readonly Group[] | null> {
    const onLeftOut = () => noteLeftOut(call.accountKey, info, context)
    return andThen(listedOrDetail(call, 'groupRefs', context, onLeftOut), (references) => {
      if (!references) return null
      const account = context.loaders.account(call.accountKey)
      return andThen(allOf(references.map((reference) => groupOf(account, reference))), (groups) => {
        const known = groups.filter((group) => group !== null)
        if (known.length < groups.length && account.groups!.list().unreadable > 0) onLeftOut()
        return known
      })
    })
  }

  @Cost({ detail: true })
  @FieldResolver(() => [CallLeg], {
    nullable: true,
    description: "The call's way, in order. One more provider request per call where the provider keeps it apart.",
  })
  legs(
    @Root() call: Readonly<CallRecord>,
    @Ctx() context: Context,
    @Info() info: GraphQLResolveInfo,
  ): Awaitable<readonly CallLeg[] | null> {
    return listedOrDetail(call, 'steps', context, () => noteLeftOut(call.accountKey, info, context))
  }
}

@Resolver(() => CallParty)
export class CallPartyResolver {
  @Free
  @FieldResolver(() => String, {
    description: 'Who it is: name, else number, else what the provider sent. Never empty.',
  })
  label(@Root() party: Readonly<CallParty>): string {
    return labelOfParty(party)
  }

  @Cost({ lists: ANY_LIST })
  @FieldResolver(() => CallEndpoint, { nullable: true, description: 'What the number belongs to, when it is ours.' })
  endpoint(@Root() party: Readonly<CallParty>, @Ctx() { loaders }: Context): Awaitable<CallEndpoint | null> {
    if (!party.endpointRef) return null
    return andThen(resolveReference(loaders.account(party.accountKey), party.endpointRef, loaders.beganAt), knownOrNull)
  }

  @Cost({ lists: ['extensions'] })
  @FieldResolver(() => Extension, { nullable: true, description: 'The same, when it is an extension.' })
  extension(@Root() party: Readonly<CallParty>, @Ctx() { loaders }: Context): Awaitable<Extension | null> {
    return extensionOf(loaders.account(party.accountKey), party.endpointRef)
  }
}

@Resolver(() => CallLeg)
export class CallLegResolver {
  @Cost({ lists: ANY_LIST })
  @FieldResolver(() => RoutingDestination, { nullable: true, description: 'Where the call was at this step.' })
  target(@Root() leg: Readonly<CallLeg>, @Ctx() { loaders }: Context): Awaitable<RoutingDestination | null> {
    if (!leg.targetRef) return null
    return andThen(
      resolveReference(loaders.account(leg.accountKey), leg.targetRef, loaders.beganAt),
      asRoutingDestination,
    )
  }
}

/** The legs of a call; null where the provider does not tell them. */
export const legsOf = (call: Readonly<CallRecord>, context: Context): Awaitable<readonly CallLeg[] | null> =>
  listedOrDetail(call, 'steps', context)

/**
 * The recordings of a call; null where the provider does not tell. Where a caller has only those in
 * which its own extension speaks, it may take the detail to know.
 */
export const recordingsOf = (call: Readonly<CallRecord>, context: Context): Awaitable<readonly Recording[] | null> =>
  inListOrDetail(call, 'recordings', context)

type DetailKey = 'answeredByRef' | 'groupRefs' | 'steps'

/** Null without a request where the provider never has the field. */
function listedOrDetail<K extends DetailKey>(
  call: Readonly<CallRecord>,
  field: K,
  context: Context,
  onLeftOut?: () => void,
): Awaitable<Exclude<CallRecord[K], undefined> | null> {
  if (context.loaders.account(call.accountKey).lacks(FIELDS[field])) return null
  return inListOrDetail(call, field, context, onLeftOut)
}

/**
 * The field from the list if it is there (not undefined), else from the call's detail. `onLeftOut` is
 * called when entries of it could not be read.
 */
export function inListOrDetail<K extends DetailKey | 'recordings' | 'payload'>(
  call: Readonly<CallRecord>,
  field: K,
  { loaders }: Context,
  onLeftOut?: () => void,
): Awaitable<Exclude<CallRecord[K], undefined> | null> {
  const valueIn = (read: Partial<CallRecord>) => {
    if (onLeftOut && (read.leftOut?.[field] ?? 0) > 0) onLeftOut()
    return (read[field] ?? null) as Exclude<CallRecord[K], undefined> | null
  }
  return call[field] !== undefined ? valueIn(call) : loaders.callLog.detail(call).then(valueIn)
}

const FIELDS = {
  answeredByRef: 'CallRecord.answeredBy',
  groupRefs: 'CallRecord.groups',
  steps: 'CallRecord.legs',
} as const satisfies Record<DetailKey, DetailField>
