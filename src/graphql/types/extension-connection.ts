import { Field, ID, InputType, ObjectType, registerEnumType } from 'type-graphql'

import { Extension, RegistrationStatus } from '../../model/extension.js'
import { OrderDirection } from '../../model/values/order-direction.js'
import { DESCRIPTIONS, SourcedConnection, type CursorEdge } from './connection.js'

@ObjectType({ simpleResolvers: true, description: 'An extension in its place in a list.' })
export class ExtensionEdge {
  @Field(() => String, { description: DESCRIPTIONS.cursor })
  readonly cursor!: string

  @Field(() => Extension, { description: 'The extension.' })
  readonly node!: Extension
}

@ObjectType({ description: 'A page of extensions.' })
export class ExtensionConnection extends SourcedConnection<Extension> {
  @Field(() => [ExtensionEdge], { description: DESCRIPTIONS.edges })
  edges(): readonly CursorEdge<Extension>[] {
    return this.cursorEdges()
  }

  @Field(() => [Extension], { description: DESCRIPTIONS.nodes })
  nodes(): readonly Extension[] {
    return this.slice.items
  }
}

@InputType({ description: 'Which extensions to list; every field narrows the list.' })
export class ExtensionFilter {
  @Field(() => [ID], { nullable: true, description: 'Only extensions of these accounts.' })
  readonly accountIds?: readonly string[] | null

  @Field(() => [String], {
    nullable: true,
    description: 'The same by the keys the accounts have in the configuration, for whoever writes the query by hand.',
  })
  readonly accountKeys?: readonly string[] | null

  @Field(() => [String], { nullable: true, description: 'Only these internal numbers.' })
  readonly numbers?: readonly string[] | null

  @Field(() => String, { nullable: true, description: 'Part of the name, e-mail or number, without regard to case.' })
  readonly search?: string | null

  @Field(() => [RegistrationStatus], {
    nullable: true,
    description: 'Only extensions whose device is in one of these states of registration now.',
  })
  readonly registrations?: readonly RegistrationStatus[] | null
}

export enum ExtensionOrderField {
  NUMBER = 'NUMBER',
  DISPLAY_NAME = 'DISPLAY_NAME',
}
registerEnumType(ExtensionOrderField, {
  name: 'ExtensionOrderField',
  description: 'What extensions can be ordered by.',
  valuesConfig: {
    NUMBER: { description: 'The internal number: 9 comes before 10.' },
    DISPLAY_NAME: { description: 'The name; lines without one come last.' },
  },
})

@InputType({ description: 'The order of a list of extensions.' })
export class ExtensionOrder {
  @Field(() => ExtensionOrderField, { description: 'What to order by.' })
  readonly field!: ExtensionOrderField

  @Field(() => OrderDirection, { defaultValue: OrderDirection.ASC, description: 'Which end comes first.' })
  readonly direction!: OrderDirection
}
