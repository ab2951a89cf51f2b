import { Field, Float, Int, ObjectType, registerEnumType } from 'type-graphql'

import type { ErrorCode as Code } from '../../errors.js'
import { ErrorCode } from '../error-code.js'
import { Node } from '../node.js'
import { DateTime } from '../values/scalars.js'

export enum ExportStatus {
  RUNNING = 'RUNNING',
  COMPLETED = 'COMPLETED',
  COMPLETED_WITH_GAPS = 'COMPLETED_WITH_GAPS',
  FAILED = 'FAILED',
  CANCELLED = 'CANCELLED',
  EXPIRED = 'EXPIRED',
}
registerEnumType(ExportStatus, {
  name: 'ExportStatus',
  description: 'How far an export is.',
  valuesConfig: {
    RUNNING: { description: 'Its file is being made, or waits for its turn.' },
    COMPLETED: { description: 'The file is there, and has everything that was asked.' },
    COMPLETED_WITH_GAPS: { description: 'The file is there; `sources` tells what is missing from it.' },
    FAILED: { description: 'There is no file; `error` tells why.' },
    CANCELLED: { description: 'Somebody cancelled it.' },
    EXPIRED: { description: 'The file was there, and is removed.' },
  },
})

export enum ExportFormat {
  JSONL = 'JSONL',
  CSV = 'CSV',
  VCON = 'VCON',
}
registerEnumType(ExportFormat, {
  name: 'ExportFormat',
  description: 'How calls are written to a file.',
  valuesConfig: {
    JSONL: { description: "A line of JSON for each call, by the schema's names." },
    CSV: {
      description:
        'A line of a table for each call, RFC 4180; text that does not begin with a letter stands behind an apostrophe.',
    },
    VCON: { description: 'A vCon for each call, one on a line, without recordings.' },
  },
})

@ObjectType({
  simpleResolvers: true,
  implements: Node,
  description: 'The calls that meet a filter as one file, newest first.',
})
export class CallRecordExport extends Node {
  declare readonly __typename: 'CallRecordExport'
  @Field(() => ExportStatus, { description: 'How far it is.' })
  readonly status!: `${ExportStatus}`

  @Field(() => ExportFormat, { description: 'How the calls are written.' })
  readonly format!: `${ExportFormat}`

  @Field(() => Int, { description: 'Calls that are in the file so far.' })
  readonly recordCount!: number

  @Field(() => Float, { description: 'Bytes of the file so far; of its ZIP, once there is one.' })
  readonly bytes!: number

  @Field(() => DateTime, { description: 'When it was asked for; later calls are not in it.' })
  readonly createdAt!: string

  @Field(() => DateTime, {
    nullable: true,
    description: 'When the file was done; null before, and where there is none.',
  })
  readonly completedAt!: string | null

  @Field(() => ErrorCode, { nullable: true, description: 'Why it failed; null where it did not.' })
  readonly error!: Code | null
}
