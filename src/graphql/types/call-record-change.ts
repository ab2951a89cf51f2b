import { ArgsType, Field, ID, Int, ObjectType } from 'type-graphql'

import type { ChangePage } from '../../loaders/archive/change-page.js'
import { CallRecordChange } from '../../model/archive/call-record-change.js'
import { PageInfo } from '../../model/page-info.js'
import { DESCRIPTIONS } from './connection.js'

/** Changes in a page for which no size is asked. */
export const DEFAULT_CHANGES = 100

@ArgsType()
export class CallRecordChangesArguments {
  @Field(() => Int, {
    defaultValue: DEFAULT_CHANGES,
    description: 'How many to give, from 1 to 100 unless the operator set another limit.',
  })
  readonly first!: number

  @Field(() => String, {
    nullable: true,
    description: 'The cursor of a change, after which to go on; leave it out for the beginning of the archive.',
  })
  readonly after!: string | null

  @Field(() => [ID], { nullable: true, description: 'Only calls of these accounts.' })
  readonly accountIds!: readonly string[] | null
}

@ArgsType()
export class CallRecordChangedArguments {
  @Field(() => [ID], { nullable: true, description: 'Only calls of these accounts.' })
  readonly accountIds?: readonly string[] | null

  @Field(() => String, {
    nullable: true,
    description:
      'The cursor of the last change that was seen, from here or from `callRecordChanges`: what was seen since comes first.',
  })
  readonly resumeAfter?: string | null
}

@ObjectType({ simpleResolvers: true, description: 'A change in its place.' })
export class CallRecordChangeEdge {
  @Field(() => String, { description: DESCRIPTIONS.cursor })
  readonly cursor!: string

  @Field(() => CallRecordChange, { description: 'The change.' })
  readonly node!: CallRecordChange
}

@ObjectType({
  simpleResolvers: true,
  description: 'A page of changes, in the order in which they were seen.',
})
export class CallRecordChangeConnection {
  @Field(() => [CallRecordChangeEdge], { description: DESCRIPTIONS.edges })
  readonly edges!: readonly CallRecordChangeEdge[]

  @Field(() => [CallRecordChange], { description: DESCRIPTIONS.nodes })
  readonly nodes!: readonly CallRecordChange[]

  @Field(() => PageInfo, {
    description: 'Where this page lies; with `hasNextPage`, its `endCursor` goes on even from a page without changes.',
  })
  readonly pageInfo!: PageInfo
}

/** `cursorOf`: the cursor after a position. */
export function changeConnection(
  { readTo, hasNextPage }: Omit<ChangePage, 'changes'>,
  nodes: readonly CallRecordChange[],
  { hasPreviousPage, cursorOf }: { readonly hasPreviousPage: boolean; readonly cursorOf: (position: number) => string },
): CallRecordChangeConnection {
  const edges = nodes.map((node) => ({ cursor: node.cursor, node }))
  const endCursor = readTo === null ? null : cursorOf(readTo)
  return { edges, nodes, pageInfo: { hasNextPage, hasPreviousPage, startCursor: edges[0]?.cursor ?? null, endCursor } }
}
