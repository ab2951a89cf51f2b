import { ArgsType, Field, Int } from 'type-graphql'

import { InvalidInput } from '../../errors.js'
import type { Context } from '../context.js'

const PAGE = 25
const MEMBERS = 50

const FIRST = 'How many to give, from 1 to 100 unless the operator set another limit.'
const AFTER = 'The cursor after which to go on; leave it out for the beginning.'

@ArgsType()
export class PageArguments {
  @Field(() => Int, { nullable: true, defaultValue: PAGE, description: FIRST })
  readonly first!: number | null

  @Field(() => String, { nullable: true, description: AFTER })
  readonly after!: string | null
}

@ArgsType()
export class MemberPageArguments {
  @Field(() => Int, { nullable: true, defaultValue: MEMBERS, description: FIRST })
  readonly first!: number | null

  @Field(() => String, { nullable: true, description: AFTER })
  readonly after!: string | null
}

/** How many items a page shall have; throws BAD_USER_INPUT outside the limits. A limit below the default lowers the default. */
export function pageSize({ first }: PageArguments, { limits }: Context, byDefault = PAGE): number {
  const size = first ?? byDefault
  if (size >= 1 && size <= limits.pageSize) return size
  if (size === byDefault) return limits.pageSize
  throw new InvalidInput(`\`first\` must be from 1 to ${limits.pageSize}, but it is ${size}.`)
}

export const membersSize = (page: MemberPageArguments, context: Context): number => pageSize(page, context, MEMBERS)
