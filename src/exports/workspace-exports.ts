import { createHash, randomUUID } from 'node:crypto'

import type { Clock } from '../clock.js'
import type { CallCriteria } from '../loaders/calls/demand.js'
import { parseGlobalId } from '../model/id.js'
import type { ExportStore, StoredExport } from '../store/export-store.js'
import { canonicalJson, withoutNulls } from '../writes/said.js'
import type { ExportLimits } from './export-services.js'
import { FREE_MEMBERS, isMember, MEMBERS, type Member } from './formats/members.js'
import { isTimeZone } from './formats/local-time.js'
import type { Format } from './formats/format.js'
import { beginning, stateOf, type ExportRequest } from './state.js'

/** What a caller asks for. */
export interface AskedExport {
  readonly filter: CallCriteria
  readonly format: Format
  readonly fields?: readonly string[] | null
  readonly includeLegs?: boolean | null
  readonly fromProvider?: boolean | null
  readonly includeManifest?: boolean | null
  readonly timeZone?: string | null
  readonly idempotencyKey?: string | null
}

/** What keeps an export from being made or cancelled. */
export interface ExportProblem {
  readonly field: readonly string[] | null
  readonly message: string
  readonly code: 'INVALID' | 'NOT_FOUND' | 'IDEMPOTENCY_KEY_REUSED'
}

/** An export, or what the caller has to change first. */
export type ExportOutcome = { readonly stored: StoredExport } | { readonly problems: readonly ExportProblem[] }

export interface WorkspaceExportsOptions {
  readonly store: ExportStore
  readonly clock: Pick<Clock, 'now'>
  readonly limits: ExportLimits
  readonly workspace: string
  /** Keys of the accounts that this caller has. */
  readonly accounts: readonly string[]
  /** The only extension whose calls this caller has; null: all are. */
  readonly own: ExportRequest['own']
  /** Whose idempotency key it is. */
  readonly caller: string
  /** Whether this caller may read what providers themselves write. */
  readonly mayReadRaw: boolean
  /** Does work after what was begun before in this workspace: exports are counted before there is another. */
  readonly inTurn: <T>(work: () => Promise<T>) => Promise<T>
  /** Called with each new export. */
  readonly onCreated: () => void
}

const MOST_KEY_CHARACTERS = 255

/** The exports that one caller may see, make and cancel. */
export class WorkspaceExports {
  readonly #options: WorkspaceExportsOptions

  constructor(options: WorkspaceExportsOptions) {
    this.#options = options
  }

  get store(): ExportStore {
    return this.#options.store
  }

  /** By its own id; null for one of another workspace, or of calls that this caller may not see. */
  async find(id: string): Promise<StoredExport | null> {
    if (!UUID.test(id)) return null
    const { store, workspace, own, mayReadRaw } = this.#options
    const stored = await store.storedExport(id)
    if (stored?.workspace !== workspace) return null
    const { own: its, members } = stateOf(stored).request
    if (members.includes('raw') && !mayReadRaw) return null
    return own === null || (its?.accountKey === own.accountKey && its.number === own.number) ? stored : null
  }

  async create(asked: AskedExport): Promise<ExportOutcome> {
    const { clock, workspace, own, inTurn, onCreated } = this.#options
    const problems = this.#problemsOf(asked)
    if (problems.length > 0) return { problems }
    const now = clock.now()
    const { idempotencyKey = null, ...said } = asked
    const text = canonicalJson(withoutNulls(said))
    const request: ExportRequest = {
      filter: untilNow(asked.filter, new Date(now).toISOString()),
      format: asked.format,
      members: this.#membersOf(asked),
      timeZone: asked.timeZone ?? null,
      fromProvider: asked.fromProvider ?? false,
      includeManifest: asked.includeManifest ?? false,
      own,
    }
    const requestKey = idempotencyKey === null ? null : this.#digestOf(idempotencyKey)
    const created: StoredExport = {
      ...{ id: randomUUID(), workspace, accounts: this.#accountsOf(asked.filter), requestKey, status: 'RUNNING' },
      ...{ state: JSON.stringify(beginning(request, text)), revision: 1 },
      ...{ createdAt: now, endsAt: null },
    }
    const standing = await inTurn(() => this.#store(created))
    if (standing === 'TOO_MANY') return { problems: [tooMany(this.#options.limits.kept)] }
    if (standing) return stateOf(standing).said === text ? { stored: standing } : { problems: [KEY_REUSED] }
    onCreated()
    return { stored: created }
  }

  /** Null where it is stored; otherwise why not: the one that has its request key. */
  async #store(created: StoredExport): Promise<StoredExport | 'TOO_MANY' | null> {
    const { store, limits, workspace } = this.#options
    const before = created.requestKey === null ? null : await store.exportOfRequest(created.requestKey)
    if (before) return before
    return (await store.countExports(workspace)) >= limits.kept ? 'TOO_MANY' : store.createExport(created)
  }

  /** What has ended stays as it is. */
  async cancel(id: string): Promise<ExportOutcome> {
    const { store, clock } = this.#options
    const parsed = parseGlobalId(id)
    for (;;) {
      const stored = parsed?.type === 'CallRecordExport' ? await this.find(parsed.native) : null
      if (!stored) return { problems: [NOT_FOUND] }
      if (stored.status !== 'RUNNING') return { stored }
      const change = { status: 'CANCELLED', state: stored.state, endsAt: clock.now() } as const
      // Otherwise another chunk was stored meanwhile.
      if (await store.changeExport(stored.id, stored.revision, change))
        return { stored: { ...stored, ...change, revision: stored.revision + 1 } }
    }
  }

  #problemsOf({ fields, timeZone, idempotencyKey }: AskedExport): readonly ExportProblem[] {
    const { mayReadRaw } = this.#options
    const unknown = fields?.filter((name) => !isMember(name)) ?? []
    return [
      ...unknown.map((name) => invalid('fields', `\`${name}\` is not exported. There are: ${MEMBERS.join(', ')}.`)),
      ...(fields?.length === 0
        ? [invalid('fields', 'Name at least one field, or leave it out for all that are free.')]
        : []),
      ...(fields?.includes('raw') && !mayReadRaw ? [invalid('fields', '`raw` needs the scope telephony:raw.')] : []),
      ...(timeZone != null && !isTimeZone(timeZone) ? [invalid('timeZone', 'There is no such time zone.')] : []),
      ...(idempotencyKey != null && (idempotencyKey === '' || idempotencyKey.length > MOST_KEY_CHARACTERS)
        ? [invalid('idempotencyKey', `It has from 1 to ${MOST_KEY_CHARACTERS} characters.`)]
        : []),
    ]
  }

  #membersOf({ fields, includeLegs }: AskedExport): readonly Member[] {
    const members = new Set<Member>(fields ? fields.filter(isMember) : FREE_MEMBERS)
    if (includeLegs) members.add('legs')
    return MEMBERS.filter((member) => members.has(member))
  }

  #accountsOf({ accountIds, accountKeys }: CallCriteria): readonly string[] {
    const ids = accountIds?.map((id) => parseGlobalId(id)).flatMap((id) => (id?.type === 'Account' ? id.account : []))
    return this.#options.accounts.filter((key) => (ids?.includes(key) ?? true) && (accountKeys?.includes(key) ?? true))
  }

  /** Neither who asks nor the key can be read from it. Who is bound to another line than before asks anew. */
  #digestOf(idempotencyKey: string): string {
    const { workspace, caller, own } = this.#options
    const line = own && [own.accountKey, own.number]
    return createHash('sha256')
      .update(JSON.stringify([workspace, caller, idempotencyKey, ...(line ? [line] : [])]))
      .digest('base64url')
  }
}

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/** Calls that begin later are not in it. */
function untilNow(filter: CallCriteria, now: string): CallCriteria {
  const { from = null, until = null } = filter.startedAt ?? {}
  return { ...filter, startedAt: { from, until: until !== null && until < now ? until : now } }
}

const invalid = (field: string, message: string): ExportProblem => ({ field: [field], message, code: 'INVALID' })

const tooMany = (most: number): ExportProblem => ({
  field: null,
  message: `There are ${most} exports in this workspace, which is as many as there may be. Cancel one, or wait until one has expired.`,
  code: 'INVALID',
})

const KEY_REUSED: ExportProblem = {
  field: ['idempotencyKey'],
  message: 'This key stood for another export before. Use a new one.',
  code: 'IDEMPOTENCY_KEY_REUSED',
}

const NOT_FOUND: ExportProblem = {
  field: ['id'],
  message: 'There is no such export.',
  code: 'NOT_FOUND',
}
