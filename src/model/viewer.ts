import { Field, ObjectType } from 'type-graphql'

@ObjectType({ simpleResolvers: true, description: 'Who is asking.' })
export class Viewer {
  @Field(() => String, {
    nullable: true,
    description: 'Name of the API key or of the person; null for an unnamed caller.',
  })
  readonly name!: string | null

  @Field(() => String, { description: 'The workspace whose accounts are visible.' })
  readonly workspace!: string

  @Field(() => [String], { description: 'What the caller may do, for example telephony:read.' })
  readonly scopes!: readonly string[]
}
