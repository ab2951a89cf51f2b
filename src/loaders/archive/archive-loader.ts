import type { ArchivedAccount } from '../../archive/archived-account.js'
import { readState } from '../../archive/archive-state.js'
import { archiveProgress } from '../../archive/archive-status.js'
import { fromArchivedCall } from '../../archive/call-change.js'
import { hasCallLog } from '../../live/live-account.js'
import type { Tail } from '../../live/tail.js'
import type { ArchiveStatus } from '../../model/archive/archive-status.js'
import type { CallRecordChange } from '../../model/archive/call-record-change.js'
import type { CallRecord } from '../../model/call-record.js'
import { Operation } from '../../operation.js'
import { ARCHIVE, type ArchiveFigures } from '../../store/archive-store.js'
import type { AccountLoader } from '../account-loader.js'
import { extensionTookPart, type Participants } from '../calls/participants.js'
import { inOneRequest, KeyLoader } from '../key-loader.js'
import { ownLine } from '../live/call-criteria.js'
import type { BoundExtension, Loaders } from '../loaders.js'
import { callShown } from '../own/own-calls.js'
import { archivedCallsOf, requireInLog, type ArchiveReads } from './archive-reads.js'
import { changeCursor, changeOf, changePosition, type ChangeCursors } from './change.js'
import { readChangePage, type ChangePage } from './change-page.js'
import { FollowedChanges } from './followed-changes.js'
import { ownChanges, type JudgeChanges, type OwnChangesOptions } from './own-changes.js'

export interface ArchiveLoaderOptions extends ChangeCursors {
  readonly store: ArchiveReads
  readonly tail: Tail
  /** The accounts of the workspace, at any moment. */
  readonly accounts: () => ReadonlyMap<string, ArchivedAccount>
  readonly loaders: Loaders
  /** The only extension whose calls there are; null: all calls are. */
  readonly own: BoundExtension | null
  /** Wall-clock ms. */
  readonly now: () => number
  readonly timeoutMs: number
}

/** The archives of a workspace, for one operation. */
export class ArchiveLoader {
  readonly #options: ArchiveLoaderOptions
  readonly #calls = new Map<string, KeyLoader<string, CallRecord | null>>()
  #line: Promise<Participants | null> | null = null

  constructor(options: ArchiveLoaderOptions) {
    this.#options = options
  }

  get tail(): Tail {
    return this.#options.tail
  }

  /** @throws CursorInvalid for a cursor of elsewhere, and for one of a log that is lost */
  async positionOf(cursor: string): Promise<number> {
    const position = changePosition(this.#options, cursor)
    await requireInLog(this.#options.store, position)
    return position
  }

  /** The changes of these accounts' calls after a position; from the first for null. */
  async page(accounts: readonly AccountLoader[], after: number | null, size: number): Promise<ChangePage> {
    const { store, workspace } = this.#options
    const keys = accounts
      .map(archivedAccount)
      .filter(hasArchive)
      .map(({ key }) => key)
    const judge = await this.#judge((call) => this.#options.loaders.callLog.detail(call))
    if (judge === nobody) return { changes: [], readTo: after, hasNextPage: false }
    return readChangePage({ store, workspace, keys, judge, after, size })
  }

  /** The changes that are seen from now on, and those before, of accounts that are linked later, too. */
  async changes(isSelected: (account: ArchivedAccount) => boolean): Promise<FollowedChanges> {
    const { accounts, timeoutMs } = this.#options
    const judge = await this.#judge(async (call) => {
      const operation = new Operation({ requestId: `archive-${call.id}`, signal: AbortSignal.timeout(timeoutMs) })
      const log = accounts().get(call.accountKey)?.source(operation).callRecords
      return (await log?.detail?.(call)) ?? {}
    })
    const isShown = judge === nobody ? () => false : isSelected
    return new FollowedChanges({ ...this.#options, isSelected: isShown, judge: judge === nobody ? null : judge })
  }

  /** The cursor after a position of the log. */
  cursorOf(position: number): string {
    return changeCursor(this.#options, position)
  }

  /** A change as an object of the graph. */
  changeOf(change: ChangePage['changes'][number]): CallRecordChange {
    return changeOf(this.#options, change)
  }

  /** A change by its position, as long as it is kept; null when there is none. */
  async changeById(account: AccountLoader, native: string): Promise<CallRecordChange | null> {
    const { store, workspace, loaders } = this.#options
    const { key, archive } = archivedAccount(account)
    if (archive === null || !/^[1-9]\d{0,15}$/.test(native)) return null
    const event = await store.eventAt(Number(native))
    if (event?.topic !== ARCHIVE || event.workspace !== workspace || event.account !== key) return null
    const judge = await this.#judge((call) => loaders.callLog.detail(call))
    if (judge === nobody) return null
    return judge === null || (await judge([event]))[0] ? this.changeOf(event) : null
  }

  /** The call as it is archived now; null when it is gone. */
  async call({ accountKey, callRecordId }: CallRecordChange): Promise<CallRecord | null> {
    const call = await this.#callsOf(accountKey).load(callRecordId)
    if (!call || !this.#options.own) return call
    const line = await this.#ownLine()
    return line && extensionTookPart(call, line) !== false ? callShown(call, line) : null
  }

  /** Null where the account has no archive. */
  async status(of: AccountLoader): Promise<ArchiveStatus | null> {
    const { store, now } = this.#options
    const account = archivedAccount(of)
    const { archive: settings } = account
    if (settings === null) return null
    const [{ revision, state }, { status }] = await Promise.all([readState(store, account), account.authorization()])
    const hasLoginEnded = status === 'REAUTHORIZATION_REQUIRED'
    let held: Promise<ArchiveFigures> | null = null
    return {
      ...archiveProgress({ state, settings, hasLoginEnded, now: now() }),
      held: () => (held ??= revision === 0 ? Promise.resolve(NOTHING) : store.archiveFigures(account.key)),
    } as ArchiveStatus
  }

  #callsOf(key: string): KeyLoader<string, CallRecord | null> {
    const known = this.#calls.get(key)
    if (known) return known
    const { store, workspace } = this.#options
    const read = async (ids: readonly string[]) =>
      (await archivedCallsOf(store, { key, workspace }, ids)).map(fromArchivedCall)
    const calls = new KeyLoader(
      `${key} archived calls`,
      (id: string) => id,
      inOneRequest(read, ({ id }) => id),
    )
    this.#calls.set(key, calls)
    return calls
  }

  /** Null: everything is shown; `nobody`: nothing is. */
  async #judge(detail: OwnChangesOptions['detail']): Promise<JudgeChanges | null | typeof nobody> {
    const { own, store, workspace } = this.#options
    if (!own) return null
    const line = await this.#ownLine()
    if (!line) return nobody
    return ownChanges({ own: line, detail, callsOf: (key, ids) => archivedCallsOf(store, { key, workspace }, ids) })
  }

  #ownLine(): Promise<Participants | null> {
    const { own, loaders } = this.#options
    const account = own && loaders.accounts.get(own.accountKey)
    return (this.#line ??= account ? ownLine(account, own) : Promise.resolve(null))
  }
}

/** There is no extension whose calls could be shown. */
const nobody = Symbol('nobody')

const NOTHING: ArchiveFigures = { calls: 0, oldest: null, newest: null }

/** The accounts of this server are joined with the settings of their archives. */
const archivedAccount = ({ account }: Pick<AccountLoader, 'account'>): ArchivedAccount => account as ArchivedAccount

const hasArchive = ({ archive }: ArchivedAccount): boolean => Boolean(archive)

/** Why an account has no archive, and what would change that; null where it has one. */
export function whyNoArchive(of: Pick<AccountLoader, 'account'>): string | null {
  const account = archivedAccount(of)
  if (hasArchive(account)) return null
  return hasCallLog(account)
    ? 'The account has no archive; `archive` in the configuration gives it one.'
    : `${account.provider.name} has no call log that could be archived.`
}
