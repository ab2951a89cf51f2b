import { Field, ObjectType } from 'type-graphql'

import { PhoneNumber } from './values/scalars.js'

@ObjectType({ simpleResolvers: true, description: 'All that the accounts know of one number.' })
export class PhoneNumberLookup {
  @Field(() => PhoneNumber, { description: 'The number that was asked for.' })
  readonly number!: string

  @Field(() => String, { nullable: true, description: 'ISO 3166 country of the number, where its digits tell.' })
  readonly country!: string | null
}
