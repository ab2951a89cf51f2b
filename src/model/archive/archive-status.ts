import { Field, Float, ObjectType, registerEnumType } from 'type-graphql'

import type { ErrorCode as Code } from '../../errors.js'
import { ErrorCode } from '../error-code.js'
import { DateTime } from '../values/scalars.js'

export enum ArchiveState {
  BACKFILLING = 'BACKFILLING',
  CURRENT = 'CURRENT',
  BEHIND = 'BEHIND',
  STOPPED = 'STOPPED',
}
registerEnumType(ArchiveState, {
  name: 'ArchiveState',
  description: 'How far an archive is.',
  valuesConfig: {
    BACKFILLING: { description: 'Older calls are still being fetched.' },
    CURRENT: { description: 'It has every call of its time, as of its last look.' },
    BEHIND: { description: 'Its last looks failed, or came too late; it catches up by itself.' },
    STOPPED: {
      description: 'It cannot look: the login has ended, or the provider refuses. Somebody must repair that.',
    },
  },
})

/** What is held in an archive, when somebody asks. */
export interface HeldCalls {
  readonly calls: number
  readonly oldest: string | null
  readonly newest: string | null
}

@ObjectType({ simpleResolvers: true, description: 'How an archive of calls is doing.' })
export class ArchiveStatus {
  /** Fields `calls`, `oldest` and `newest`: read once, and only when one of them is selected. */
  readonly held!: () => Promise<HeldCalls>

  @Field(() => ArchiveState, { description: 'How far it is.' })
  readonly state!: `${ArchiveState}`

  @Field(() => DateTime, { nullable: true, description: 'When the newest calls were last read; null: never.' })
  readonly lastSyncedAt!: string | null

  @Field(() => Float, { nullable: true, description: 'Seconds since then.' })
  readonly lagSeconds!: number | null

  @Field(() => ErrorCode, { nullable: true, description: 'Why the last look failed; null when it went well.' })
  readonly lastError!: Code | null

  @Field(() => Float, {
    nullable: true,
    description: 'Share of its time that it has fetched, from 0 to 1.',
  })
  readonly progress!: number | null
}
