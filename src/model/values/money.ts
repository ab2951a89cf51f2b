import { Field, ObjectType } from 'type-graphql'

import { CurrencyCode, Decimal } from './scalars.js'

@ObjectType({ simpleResolvers: true, description: 'An amount of money.' })
export class Money {
  @Field(() => Decimal, { description: 'The exact amount.' })
  readonly amount!: string

  @Field(() => CurrencyCode, { nullable: true, description: 'The currency, when it is known.' })
  readonly currencyCode!: string | null
}
