import { Field, InterfaceType } from 'type-graphql'

/** Belongs to every `userErrors`. */
export const USER_ERRORS = 'What the caller can fix; empty when it worked.'

@InterfaceType({
  description: 'A problem the caller can fix; part of the data, never of the top-level errors.',
})
export abstract class UserError {
  @Field(() => [String], { nullable: true, description: 'Path of the offending input field.' })
  readonly field!: readonly string[] | null

  @Field(() => String, { description: 'What is wrong, for a person to read.' })
  readonly message!: string
}
