import { Arg, Ctx, FieldResolver, ID, Mutation, Query, Resolver, Root } from 'type-graphql'

import { CapabilityUnsupported } from '../../../errors.js'
import { sourcesOf, type ExportSource } from '../../../exports/sources.js'
import { stateOf, type StoredExport } from '../../../exports/state.js'
import type { ExportOutcome, WorkspaceExports } from '../../../exports/workspace-exports.js'
import type { CallCriteria } from '../../../loaders/calls/demand.js'
import { CallRecordExport } from '../../../model/archive/call-record-export.js'
import { globalId, parseGlobalId } from '../../../model/id.js'
import { SignedLink } from '../../../model/signed-link.js'
import { SourceStatus } from '../../../model/source-status.js'
import type { Context } from '../../context.js'
import { Free } from '../../limits/cost.js'
import { Needs } from '../../needs.js'
import { requireCallFilterIds, requireIds } from '../../require-ids.js'
import {
  CallRecordsExportCancelInput,
  CallRecordsExportInput,
  CallRecordsExportPayload,
} from '../../types/call-record-export.js'

@Resolver(() => CallRecordExport)
export class CallRecordExportResolver {
  @Needs('telephony:read:own')
  @Free
  @Query(() => CallRecordExport, { nullable: true, description: 'An export by its id; null when there is none.' })
  async export(
    @Ctx() context: Context,
    @Arg('id', () => ID, { description: 'Its id.' }) id: string,
  ): Promise<CallRecordExport | null> {
    requireIds('id', [id], 'CallRecordExport')
    const parsed = parseGlobalId(id)!
    return parsed.account === '' ? exportById(parsed.native, context) : null
  }

  @Needs('telephony:read:own')
  @Free
  @Mutation(() => CallRecordsExportPayload, {
    nullable: true,
    description: 'Begins to write calls to a file; `export` tells how far it is.',
  })
  async callRecordsExport(
    @Ctx() context: Context,
    @Arg('input', () => CallRecordsExportInput, { description: 'Which calls, and how.' }) input: CallRecordsExportInput,
  ): Promise<CallRecordsExportPayload> {
    requireCallFilterIds(input.filter)
    return payloadOf(await exportsOf(context).create(input))
  }

  @Needs('telephony:read:own')
  @Free
  @Mutation(() => CallRecordsExportPayload, {
    nullable: true,
    description: 'Ends an export and removes what was written; one that has ended stays as it is.',
  })
  async callRecordsExportCancel(
    @Ctx() context: Context,
    @Arg('input', () => CallRecordsExportCancelInput, { description: 'Which export.' })
    { id }: CallRecordsExportCancelInput,
  ): Promise<CallRecordsExportPayload> {
    return payloadOf(await exportsOf(context).cancel(id))
  }

  @Free
  @FieldResolver(() => SignedLink, {
    nullable: true,
    description:
      'Where the file is, for an hour: `Range` gives parts of it, `Repr-Digest` its SHA-256. Null while there is none.',
  })
  link(@Root() { stored }: Readonly<Exported>, @Ctx() { exportLink }: Context): SignedLink | null {
    return exportLink?.(stored) ?? null
  }

  @Free
  @FieldResolver(() => [SourceStatus], {
    description: 'How each account contributes, as far as it is known; of one that lacks several slices, each of them.',
  })
  async sources(@Root() { stored }: Readonly<Exported>, @Ctx() context: Context): Promise<readonly SourceStatus[]> {
    const { filter } = stateOf(stored).request
    // An account that left the configuration is nobody's to tell about.
    const known = sourcesOf(stored).filter(({ accountKey }) => context.loaders.accounts.has(accountKey))
    return Promise.all(known.map((source) => statusOf(source, filter, context)))
  }
}

/** An export as it is stored, beside what is shown of it. */
type Exported = CallRecordExport & { readonly stored: StoredExport }

/** An export by its own id; null when there is none for this viewer. */
export async function exportById(id: string, { exports }: Context): Promise<CallRecordExport | null> {
  const stored = (await exports?.find(id)) ?? null
  return stored && exportOf(stored)
}

function exportOf(stored: StoredExport): Exported {
  const { request, records, bytes, file, error } = stateOf(stored)
  return {
    ...{ __typename: 'CallRecordExport', id: globalId('CallRecordExport', '', stored.id), stored },
    ...{ status: stored.status, format: request.format, recordCount: records, bytes: file?.bytes ?? bytes, error },
    createdAt: new Date(stored.createdAt).toISOString(),
    completedAt: file?.completedAt ?? null,
  }
}

function payloadOf(outcome: ExportOutcome): CallRecordsExportPayload {
  return 'stored' in outcome
    ? { export: exportOf(outcome.stored), userErrors: [] }
    : { export: null, userErrors: outcome.problems.map((problem) => ({ ...problem })) }
}

/** @throws CapabilityUnsupported where this server makes no exports */
function exportsOf({ exports }: Context): WorkspaceExports {
  if (!exports) throw new CapabilityUnsupported('This server makes no exports.')
  return exports
}

async function statusOf(
  { gap, ...source }: ExportSource,
  filter: CallCriteria,
  { loaders }: Context,
): Promise<SourceStatus> {
  const shown = gap && {
    from: gap.end?.startedAt ?? null,
    until: gap.start?.startedAt ?? null,
    retryCursor: await loaders.callLog.retryCursor([filter], gap),
  }
  return { ...source, retryAfterSeconds: null, pushedDown: [], residual: [], gap: shown }
}
