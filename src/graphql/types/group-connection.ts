import { Field, ID, InputType, ObjectType } from 'type-graphql'

import { Group, GroupKind } from '../../model/group.js'
import { DESCRIPTIONS, SourcedConnection, type CursorEdge } from './connection.js'

@ObjectType({ simpleResolvers: true, description: 'A group in its place in a list.' })
export class GroupEdge {
  @Field(() => String, { description: DESCRIPTIONS.cursor })
  readonly cursor!: string

  @Field(() => Group, { description: 'The group.' })
  readonly node!: Group
}

@ObjectType({ description: 'A page of groups.' })
export class GroupConnection extends SourcedConnection<Group> {
  @Field(() => [GroupEdge], { description: DESCRIPTIONS.edges })
  edges(): readonly CursorEdge<Group>[] {
    return this.cursorEdges()
  }

  @Field(() => [Group], { description: DESCRIPTIONS.nodes })
  nodes(): readonly Group[] {
    return this.slice.items
  }
}

@InputType({ description: 'Which groups to list; every field narrows the list.' })
export class GroupFilter {
  @Field(() => [ID], { nullable: true, description: 'Only groups of these accounts.' })
  readonly accountIds?: readonly string[] | null

  @Field(() => [String], {
    nullable: true,
    description: 'The same by the keys the accounts have in the configuration, for whoever writes the query by hand.',
  })
  readonly accountKeys?: readonly string[] | null

  @Field(() => [String], { nullable: true, description: 'Only groups with these internal numbers.' })
  readonly numbers?: readonly string[] | null

  @Field(() => String, { nullable: true, description: 'Part of the name or number, without regard to case.' })
  readonly search?: string | null

  @Field(() => [GroupKind], { nullable: true, description: 'Only groups of these kinds.' })
  readonly kinds?: readonly GroupKind[] | null
}
