import { Field, Int, ObjectType } from 'type-graphql'

import type { GroupMembership } from '../../model/group.js'
import type { ItemReference } from '../../model/reference.js'
import { DESCRIPTIONS, PagedConnection, type SignPosition } from './connection.js'
import { GroupMember } from './unions.js'

@ObjectType({
  simpleResolvers: true,
  description: 'A member in its place in a group; facts about the membership stand here.',
})
export class GroupMemberEdge {
  @Field(() => String, { description: DESCRIPTIONS.cursor })
  readonly cursor!: string

  @Field(() => GroupMember, { description: 'The member.' })
  readonly node!: GroupMember

  @Field(() => Int, { nullable: true, description: 'Whose turn it is: the lowest first.' })
  readonly priority!: number | null

  @Field(() => Int, { nullable: true, description: 'Seconds before this member rings.' })
  readonly delaySeconds!: number | null
}

/** A membership with its member looked up. */
export interface ResolvedMember {
  readonly node: GroupMember
  readonly membership: GroupMembership
}

@ObjectType({ description: 'A page of the members of a group.' })
export class GroupMemberConnection extends PagedConnection<ResolvedMember, MemberPosition> {
  readonly #total: number

  constructor(
    slice: ConstructorParameters<typeof PagedConnection<ResolvedMember, MemberPosition>>[0],
    sign: SignPosition,
    total: number,
  ) {
    super(slice, sign)
    this.#total = total
  }

  @Field(() => [GroupMemberEdge], { description: DESCRIPTIONS.edges })
  edges(): readonly GroupMemberEdge[] {
    return this.cursorEdges().map(({ node: { node, membership }, cursor }) => {
      const { priority, delaySeconds } = membership
      return { cursor, node, priority, delaySeconds }
    })
  }

  @Field(() => [GroupMember], { description: DESCRIPTIONS.nodes })
  nodes(): readonly GroupMember[] {
    return this.slice.items.map(({ node }) => node)
  }

  @Field(() => Int, { nullable: true, description: 'How many members there are in all.' })
  totalCount(): number {
    return this.#total
  }
}

/** Index in the group, and a name of the member at the provider. */
export type MemberPosition = readonly [number, string]

/** The memberships after a position, which stays valid when its member has left the group since. */
export function sliceMembers(
  memberships: readonly GroupMembership[],
  first: number,
  after: MemberPosition | null,
): {
  readonly memberships: readonly GroupMembership[]
  readonly positions: readonly MemberPosition[]
  readonly hasNextPage: boolean
} {
  const start = after === null ? 0 : indexAfter(memberships, after)
  const page = memberships.slice(start, start + first)
  return {
    memberships: page,
    positions: page.map((membership, at) => [start + at, nameOf(membership)]),
    hasNextPage: memberships.length > start + first,
  }
}

function indexAfter(memberships: readonly GroupMembership[], [index, name]: MemberPosition): number {
  if (memberships[index] && nameOf(memberships[index]) === name) return index + 1
  const moved = memberships.findIndex((membership) => nameOf(membership) === name)
  return moved === -1 ? index : moved + 1
}

function nameOf({ member }: GroupMembership): string {
  const { id, number, ownerId } = member as ItemReference
  return `${member.kind} ${id ?? ''} ${number ?? ownerId ?? ''}`
}
