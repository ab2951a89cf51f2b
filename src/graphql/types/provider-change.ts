import { Field, ID, Int, ObjectType, registerEnumType } from 'type-graphql'

import { Node } from '../../model/node.js'
import { DateTime } from '../../model/values/scalars.js'
import { DESCRIPTIONS, PagedConnection, type CursorEdge, type SignPosition } from './connection.js'
import { ProviderWriteErrorCode } from './provider-write.js'

export enum ProviderChangeOutcome {
  DONE = 'DONE',
  REFUSED = 'REFUSED',
  UNKNOWN = 'UNKNOWN',
}
registerEnumType(ProviderChangeOutcome, {
  name: 'ProviderChangeOutcome',
  description: 'What became of a change.',
  valuesConfig: {
    DONE: { description: 'It was made.' },
    REFUSED: { description: 'It was not made.' },
    UNKNOWN: { description: 'It is under way, or nobody can tell.' },
  },
})

@ObjectType({
  simpleResolvers: true,
  implements: Node,
  description: 'Who changed what at a provider: names of fields, never their values.',
})
export class ProviderChange extends Node {
  declare readonly __typename: 'ProviderChange'
  /** Edge `account`. */
  readonly accountKey!: string

  @Field(() => String, { description: "The mutation's name." })
  readonly operation!: string

  @Field(() => ID, { nullable: true, description: 'Id of what was changed; null for what was not made.' })
  readonly targetId!: string | null

  @Field(() => String, { description: "The name of the caller's key, or the subject of its token." })
  readonly actor!: string

  @Field(() => String, { description: 'Id of the request, as the log has it.' })
  readonly requestId!: string

  @Field(() => DateTime, { description: 'When it began.' })
  readonly at!: string

  @Field(() => ProviderChangeOutcome, { description: 'What became of it.' })
  readonly outcome!: `${ProviderChangeOutcome}`

  @Field(() => [String], { description: 'The input fields that were given.' })
  readonly fields!: readonly string[]

  @Field(() => ProviderWriteErrorCode, { nullable: true, description: 'Why it was not made; null when it was.' })
  readonly code!: `${ProviderWriteErrorCode}` | null
}

@ObjectType({ simpleResolvers: true, description: 'A change in its place in the list.' })
export class ProviderChangeEdge {
  @Field(() => String, { description: DESCRIPTIONS.cursor })
  readonly cursor!: string

  @Field(() => ProviderChange, { description: 'The change.' })
  readonly node!: ProviderChange
}

/** Where a change stands: wall-clock ms, id. */
export type ChangePlace = readonly [number, string]

@ObjectType({ description: 'A page of changes, newest first.' })
export class ProviderChangeConnection extends PagedConnection<ProviderChange, ChangePlace> {
  readonly #count: () => Promise<number>

  constructor(
    slice: ConstructorParameters<typeof PagedConnection<ProviderChange, ChangePlace>>[0],
    sign: SignPosition,
    count: () => Promise<number>,
  ) {
    super(slice, sign)
    this.#count = count
  }

  @Field(() => [ProviderChangeEdge], { description: DESCRIPTIONS.edges })
  edges(): readonly CursorEdge<ProviderChange>[] {
    return this.cursorEdges()
  }

  @Field(() => [ProviderChange], { description: DESCRIPTIONS.nodes })
  nodes(): readonly ProviderChange[] {
    return this.slice.items
  }

  @Field(() => Int, { nullable: true, description: 'How many there are in all.' })
  totalCount(): Promise<number> {
    return this.#count()
  }
}
