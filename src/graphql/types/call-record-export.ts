import { Field, ID, InputType, ObjectType, registerEnumType } from 'type-graphql'

import type { AskedExport } from '../../exports/workspace-exports.js'
import { CallRecordExport, ExportFormat } from '../../model/archive/call-record-export.js'
import { TimeZone } from '../../model/values/scalars.js'
import { CallRecordFilter } from './call-record-connection.js'
import { USER_ERRORS, UserError } from './user-error.js'

@InputType({ description: 'Which calls to write to a file, and how.' })
export class CallRecordsExportInput implements AskedExport {
  @Field(() => CallRecordFilter, { description: 'Which calls; `{}` for all.' })
  readonly filter!: CallRecordFilter

  @Field(() => ExportFormat, { defaultValue: ExportFormat.JSONL, description: 'How they are written.' })
  readonly format!: `${ExportFormat}`

  @Field(() => [String], {
    nullable: true,
    description: 'Members of CallRecord; leave it out for all that cost no further request.',
  })
  readonly fields?: readonly string[] | null

  @Field(() => Boolean, {
    nullable: true,
    defaultValue: false,
    description: "Adds each call's way. One more provider request per call where the provider keeps it apart.",
  })
  readonly includeLegs?: boolean | null

  @Field(() => Boolean, {
    nullable: true,
    defaultValue: false,
    description: 'Asks providers for what no archive has; otherwise that is a gap in `sources`.',
  })
  readonly fromProvider?: boolean | null

  @Field(() => Boolean, {
    nullable: true,
    defaultValue: false,
    description: 'Gives a ZIP of the file and of `manifest.json`, which says what is in it and what is not.',
  })
  readonly includeManifest?: boolean | null

  @Field(() => TimeZone, {
    nullable: true,
    description: 'Writes times as this zone has them, with its offset; leave it out for UTC.',
  })
  readonly timeZone?: string | null

  @Field(() => String, {
    nullable: true,
    description: 'The same key and input give the same export, for as long as it is known.',
  })
  readonly idempotencyKey?: string | null
}

@InputType({ description: 'Which export is not wanted any more.' })
export class CallRecordsExportCancelInput {
  @Field(() => ID, { description: 'Id of the export.' })
  readonly id!: string
}

export enum CallRecordsExportErrorCode {
  INVALID = 'INVALID',
  NOT_FOUND = 'NOT_FOUND',
  IDEMPOTENCY_KEY_REUSED = 'IDEMPOTENCY_KEY_REUSED',
}
registerEnumType(CallRecordsExportErrorCode, {
  name: 'CallRecordsExportErrorCode',
  description: 'What kind of problem it is.',
  valuesConfig: {
    INVALID: { description: 'The input cannot be used, or there are too many exports; the message says what.' },
    NOT_FOUND: { description: 'There is no such export.' },
    IDEMPOTENCY_KEY_REUSED: { description: 'The key stood for another input before.' },
  },
})

@ObjectType({
  simpleResolvers: true,
  implements: UserError,
  description: 'Why an export was not made or cancelled.',
})
export class CallRecordsExportError extends UserError {
  @Field(() => CallRecordsExportErrorCode, { description: 'What kind of problem it is.' })
  readonly code!: `${CallRecordsExportErrorCode}`
}

@ObjectType({ simpleResolvers: true, description: 'The export that was made or cancelled.' })
export class CallRecordsExportPayload {
  @Field(() => CallRecordExport, { nullable: true, description: 'The export; null where there are user errors.' })
  readonly export!: CallRecordExport | null

  @Field(() => [CallRecordsExportError], { description: USER_ERRORS })
  readonly userErrors!: readonly CallRecordsExportError[]
}
