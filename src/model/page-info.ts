import { Field, ObjectType } from 'type-graphql'

@ObjectType({ simpleResolvers: true, description: 'Where a page lies in its list.' })
export class PageInfo {
  @Field(() => Boolean, {
    description: 'Whether there is more after this page; before the cursor `before`, where that is given with `first`.',
  })
  readonly hasNextPage!: boolean

  @Field(() => Boolean, {
    description: 'Whether there is more before this page; after the cursor `after`, where that is given with `last`.',
  })
  readonly hasPreviousPage!: boolean

  @Field(() => String, { nullable: true, description: 'Cursor of the first edge.' })
  readonly startCursor!: string | null

  @Field(() => String, { nullable: true, description: 'Cursor of the last edge.' })
  readonly endCursor!: string | null
}
