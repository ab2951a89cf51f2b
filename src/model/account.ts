import { Field, ObjectType, registerEnumType } from 'type-graphql'

import type { InDetail } from './in-detail.js'
import { Money } from './values/money.js'
import { Node } from './node.js'
import { DateTime, PhoneNumber, TimeZone } from './values/scalars.js'

export enum AccountStatus {
  PENDING = 'PENDING',
  ACTIVE = 'ACTIVE',
  INBOUND_SUSPENDED = 'INBOUND_SUSPENDED',
  SUSPENDED = 'SUSPENDED',
  TERMINATED = 'TERMINATED',
  UNKNOWN = 'UNKNOWN',
}
registerEnumType(AccountStatus, {
  name: 'AccountStatus',
  description: 'Where the account stands with its provider.',
  valuesConfig: {
    PENDING: { description: 'Not yet confirmed.' },
    ACTIVE: { description: 'In service.' },
    INBOUND_SUSPENDED: { description: 'Calls from outside are barred.' },
    SUSPENDED: { description: 'All calls are barred.' },
    TERMINATED: { description: 'Closed.' },
    UNKNOWN: { description: 'The provider does not tell, or uses a word we do not know; see nativeStatus.' },
  },
})

export enum CustomerType {
  INDIVIDUAL = 'INDIVIDUAL',
  COMPANY = 'COMPANY',
  UNKNOWN = 'UNKNOWN',
}
registerEnumType(CustomerType, {
  name: 'CustomerType',
  description: 'Who the customer is.',
  valuesConfig: {
    INDIVIDUAL: { description: 'A person.' },
    COMPANY: { description: 'A company.' },
    UNKNOWN: { description: 'A word we do not know.' },
  },
})

@ObjectType({ simpleResolvers: true, description: 'What the provider says of an account.' })
export class AccountProfile {
  @Field(() => String, {
    nullable: true,
    description: 'Name of the switchboard or of the person, as the provider has it.',
  })
  readonly name!: string | null

  @Field(() => String, { nullable: true, description: 'Host of the switchboard.' })
  readonly host!: string | null

  @Field(() => String, { nullable: true, description: 'Name of the contact person.' })
  readonly contactName!: string | null

  @Field(() => String, { nullable: true, description: 'E-mail address of the contact person.' })
  readonly email!: string | null

  @Field(() => PhoneNumber, { nullable: true, description: 'Phone number of the contact person.' })
  readonly phone!: string | null

  @Field(() => String, { nullable: true, description: 'What the login may do at the provider, in its own word.' })
  readonly role!: string | null

  @Field(() => AccountStatus, { description: 'Where the account stands with its provider.' })
  readonly status!: AccountStatus

  @Field(() => String, { nullable: true, description: "The provider's own word for the status." })
  readonly nativeStatus!: string | null

  @Field(() => String, { nullable: true, description: 'The package or plan that was bought.' })
  readonly plan!: string | null

  @Field(() => CustomerType, { nullable: true, description: 'A person or a company.' })
  readonly customerType!: CustomerType | null

  @Field(() => Money, { nullable: true, description: 'Prepaid money left.' })
  readonly balance!: Money | null

  /** Field `messageCredits`; `undefined`: `Source.profileDetail` has it. */
  readonly messageCredits!: InDetail<number | null>

  @Field(() => DateTime, { nullable: true, description: 'When the account was made at the provider.' })
  readonly createdAt!: string | null

  @Field(() => DateTime, { nullable: true, description: 'When it was last changed at the provider.' })
  readonly updatedAt!: string | null
}

@ObjectType({
  simpleResolvers: true,
  implements: Node,
  description: 'One account held at one provider, with the state of its login.',
})
export class Account extends Node {
  declare readonly __typename: 'Account'

  @Field(() => String, { description: 'The id given in the configuration or when it was linked.' })
  readonly key!: string

  @Field(() => String, { description: 'The name people know the account by.' })
  readonly label!: string

  @Field(() => Boolean, {
    description: 'Whether it was linked, and so can be unlinked; one of the configuration file cannot.',
  })
  readonly linked!: boolean

  @Field(() => TimeZone, {
    description: 'The zone its people live by, in which times of its provider without an offset are meant.',
  })
  readonly timeZone!: string

  @Field(() => String, {
    description: 'ISO 3166 code of the country that its numbers without a country code belong to, for example TR.',
  })
  readonly country!: string
}
