import type { WriteStore } from '../store/write-store.js'

export type { StoredChange } from '../store/write-store.js'

/** The record of changes, to be read. */
export type ChangeRecord = Pick<WriteStore, 'changes' | 'countChanges' | 'change'>
