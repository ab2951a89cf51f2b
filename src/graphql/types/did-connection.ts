import { Field, ID, InputType, ObjectType, registerEnumType } from 'type-graphql'

import { Did, DidStatus } from '../../model/did.js'
import { OrderDirection } from '../../model/values/order-direction.js'
import { PhoneNumber } from '../../model/values/scalars.js'
import { DESCRIPTIONS, SourcedConnection, type CursorEdge } from './connection.js'

@ObjectType({ simpleResolvers: true, description: 'A number in its place in a list.' })
export class DidEdge {
  @Field(() => String, { description: DESCRIPTIONS.cursor })
  readonly cursor!: string

  @Field(() => Did, { description: 'The number.' })
  readonly node!: Did
}

@ObjectType({ description: 'A page of numbers.' })
export class DidConnection extends SourcedConnection<Did> {
  @Field(() => [DidEdge], { description: DESCRIPTIONS.edges })
  edges(): readonly CursorEdge<Did>[] {
    return this.cursorEdges()
  }

  @Field(() => [Did], { description: DESCRIPTIONS.nodes })
  nodes(): readonly Did[] {
    return this.slice.items
  }
}

@InputType({ description: 'Which numbers to list; every field narrows the list.' })
export class DidFilter {
  @Field(() => [ID], { nullable: true, description: 'Only numbers of these accounts.' })
  readonly accountIds?: readonly string[] | null

  @Field(() => [String], {
    nullable: true,
    description: 'The same by the keys the accounts have in the configuration, for whoever writes the query by hand.',
  })
  readonly accountKeys?: readonly string[] | null

  @Field(() => [PhoneNumber], { nullable: true, description: 'Only these numbers.' })
  readonly numbers?: readonly string[] | null

  @Field(() => [DidStatus], { nullable: true, description: 'Only numbers in one of these states.' })
  readonly statuses?: readonly DidStatus[] | null
}

export enum DidOrderField {
  NUMBER = 'NUMBER',
  STATUS = 'STATUS',
}
registerEnumType(DidOrderField, {
  name: 'DidOrderField',
  description: 'What numbers can be ordered by.',
  valuesConfig: {
    NUMBER: { description: 'The number itself.' },
    STATUS: { description: 'Where the number stands in its life, then the number.' },
  },
})

@InputType({ description: 'The order of a list of numbers.' })
export class DidOrder {
  @Field(() => DidOrderField, { description: 'What to order by.' })
  readonly field!: DidOrderField

  @Field(() => OrderDirection, { defaultValue: OrderDirection.ASC, description: 'Which end comes first.' })
  readonly direction!: OrderDirection
}
