import type { StoredChange, WriteRequest } from '../../src/store/write-store.js'

/** A UUID that sorts as its number does. */
export const uuid = (number: number) => `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`
export const C1 = uuid(1)
export const C2 = uuid(2)

/** A change as it begins. */
export const writtenChange = (more: Partial<StoredChange> = {}): StoredChange => ({
  id: C1,
  workspace: 'default',
  account: 'izmir',
  operation: 'extensionUpdate',
  targetId: 'izmir:extension:17',
  actor: 'the console',
  requestId: 'request-1',
  at: 1_000,
  fields: ['displayName', 'voicemailEnabled'],
  outcome: 'UNKNOWN',
  code: null,
  ...more,
})

/** What a run of a mutation claims; it expires at 5,000. */
export const claim = (owner: string, more: Partial<WriteRequest> = {}) => ({
  ...{ id: 'request', owner, input: '{"displayName":"Canary Ada"}', expiresAt: 5_000 },
  ...more,
})
/** The request of such a claim, while nothing else happens to it. */
export const standing = (owner: string, more: Partial<WriteRequest> = {}): WriteRequest => ({
  ...claim(owner),
  ...{ changeId: null, answer: null },
  ...more,
})
/** An end of a change. */
export const done = { outcome: 'DONE', code: null, targetId: 'izmir:extension:17' } as const
/** An answer to that request. */
export const answered = (answer = '{"extension":"Canary Ada"}') => ({ request: 'request', answer })
