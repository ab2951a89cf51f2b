import { Field, ObjectType, registerEnumType } from 'type-graphql'

import { HoldsCredential } from './holds-credential.js'
import { DateTime, URL } from './values/scalars.js'

export enum LinkDisposition {
  INLINE = 'INLINE',
  ATTACHMENT = 'ATTACHMENT',
}
registerEnumType(LinkDisposition, {
  name: 'LinkDisposition',
  description: 'What a browser does with a link.',
  valuesConfig: {
    INLINE: { description: 'Plays it.' },
    ATTACHMENT: { description: 'Saves it as a file.' },
  },
})

@ObjectType({ simpleResolvers: true, description: 'A link that works for a short time, for whoever holds it.' })
export class SignedLink {
  @HoldsCredential
  @Field(() => URL, { description: 'The address, at this server.' })
  readonly url!: string

  @Field(() => DateTime, { description: 'When it stops working.' })
  readonly expiresAt!: string
}
