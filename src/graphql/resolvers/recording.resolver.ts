import { Arg, Ctx, FieldResolver, Int, Resolver, Root } from 'type-graphql'

import { InvalidInput } from '../../errors.js'
import { Recording } from '../../model/call-record.js'
import { LinkDisposition, SignedLink } from '../../model/signed-link.js'
import type { Context } from '../context.js'
import { Free } from '../limits/cost.js'
import { Needs } from '../needs.js'

const LIFETIME_SECONDS = 300
/** A link works for anyone who has it, so it only lasts as long as it takes to follow it. */
const MAXIMUM_SECONDS = 300

@Resolver(() => Recording)
export class RecordingResolver {
  @Needs('recordings:read')
  @Free
  @FieldResolver(() => SignedLink, {
    nullable: true,
    description:
      'Short-lived link served by this host, with Range; carries no provider credential. Needs the scope recordings:read. Null when it cannot be listened to.',
  })
  async link(
    @Root() recording: Readonly<Recording>,
    @Ctx() context: Context,
    @Arg('expiresInSeconds', () => Int, {
      nullable: true,
      defaultValue: LIFETIME_SECONDS,
      description: 'How long the link works, at most five minutes.',
    })
    expiresInSeconds: number | null,
    @Arg('disposition', () => LinkDisposition, {
      nullable: true,
      defaultValue: LinkDisposition.INLINE,
      description: 'What a browser does with it.',
    })
    disposition: LinkDisposition | null,
  ): Promise<SignedLink | null> {
    const lifetime = expiresInSeconds ?? LIFETIME_SECONDS
    if (lifetime < 1 || lifetime > MAXIMUM_SECONDS) {
      throw new InvalidInput(`\`expiresInSeconds\` must be from 1 to ${MAXIMUM_SECONDS}, but it is ${lifetime}.`)
    }
    if (recording.status !== 'AVAILABLE' || !context.recordingLinks) return null
    return context.recordingLinks.sign(recording, {
      expiresInSeconds: lifetime,
      disposition: disposition ?? LinkDisposition.INLINE,
    })
  }
}
