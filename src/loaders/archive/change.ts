import type { StoredChange } from '../../archive/call-change.js'
import { CursorInvalid } from '../../errors.js'
import type { CallRecordChange } from '../../model/archive/call-record-change.js'
import { globalId } from '../../model/id.js'
import type { ArchivedChange } from '../../store/archive-store.js'
import type { CursorSigner } from '../cursor.js'

/** What signs the cursors of a workspace's changes. */
export interface ChangeCursors {
  readonly cursors: CursorSigner
  readonly workspace: string
}

/** Of the workspace alone: whoever reads may go on with other accounts, or follow what comes. */
const changeScope = (workspace: string): unknown => ({ list: 'callRecordChanges', workspace })

/** The cursor after a position of the log. */
export const changeCursor = ({ cursors, workspace }: ChangeCursors, position: number): string =>
  cursors.sign(changeScope(workspace), position)

/** @throws CursorInvalid for a cursor that is not one of changes */
export function changePosition({ cursors, workspace }: ChangeCursors, cursor: string): number {
  const position = cursors.read(changeScope(workspace), cursor)
  if (typeof position !== 'number') throw new CursorInvalid()
  return position
}

/** A change of the log as an object of the graph. */
export function changeOf(signing: ChangeCursors, change: ArchivedChange): CallRecordChange {
  const { position, account, at } = change
  const { kind, callRecordId, changedFields } = storedChange(change)
  return {
    __typename: 'CallRecordChange',
    id: globalId('CallRecordChange', account, String(position)),
    accountKey: account,
    cursor: changeCursor(signing, position),
    kind,
    observedAt: new Date(at).toISOString(),
    callRecordId,
    changedFields,
  } as CallRecordChange
}

const parsed = new WeakMap<ArchivedChange, StoredChange>()

/** Read once for all who follow. */
export function storedChange(change: ArchivedChange): StoredChange {
  let stored = parsed.get(change)
  if (!stored) parsed.set(change, (stored = JSON.parse(change.body) as StoredChange))
  return stored
}
