import { Field, Int, ObjectType } from 'type-graphql'

import { HoldsCredential } from './holds-credential.js'
import { DateTime, URL } from './values/scalars.js'

@ObjectType({
  simpleResolvers: true,
  description:
    'Where a provider delivers its events, and what came of them at the replica that answers, since it started.',
})
export class WebhookEndpoint {
  @HoldsCredential
  @Field(() => URL, {
    description: 'The address to enter at the provider. Whoever knows it can deliver events: keep it secret.',
  })
  readonly url!: string

  @Field(() => String, {
    nullable: true,
    description: 'The name to enter besides, with its password; null where none is asked for.',
  })
  readonly username!: string | null

  @Field(() => DateTime, { nullable: true, description: 'When something was delivered last.' })
  readonly lastReceivedAt!: string | null

  @Field(() => Int, { description: 'Deliveries that said something new, or nothing about a call.' })
  readonly accepted!: number

  @Field(() => Int, { description: 'Deliveries that only repeated what was known.' })
  readonly duplicates!: number

  @Field(() => Int, {
    description: 'Deliveries that were answered with an error, such as a wrong password or an unreadable body.',
  })
  readonly refused!: number

  @Field(() => Int, { description: 'Deliveries of events whose name nobody knows here.' })
  readonly unknown!: number
}
