import type { Freshness } from '../../provider.js'

const MINUTE = 60
const DAY_MS = 24 * 60 * 60_000

/** How long what was read may stand; nothing has a validator. */
export const FRESHNESS = {
  profile: { noun: 'profile', seconds: 5 * MINUTE },
  users: { noun: 'extensions', seconds: 5 * MINUTE },
  /** Costly for the switchboard: some twenty look-ups for each extension. */
  extensionDetails: { noun: 'extensionDetails', seconds: 5 * MINUTE },
  routes: { noun: 'dids', seconds: 5 * MINUTE },
  groups: { noun: 'groups', seconds: 5 * MINUTE },
  queues: { noun: 'queues', seconds: 5 * MINUTE },
  /** Agents log in and out. */
  queueMembers: { noun: 'queueMembers', seconds: MINUTE },
  beginning: { noun: 'callBeginning', seconds: 60 * MINUTE },
  reload: { noun: 'reload', seconds: 0 },
} satisfies Readonly<Record<string, Freshness>>

/** Nouns that a change of an extension makes unread: routes and groups show its name. */
export const LINES: readonly string[] = ['extensions', 'extensionDetails', 'dids', 'groups', 'queues', 'queueMembers']

/**
 * Days of the call log that end before `until` (ms): the row of a long call is written when it ends,
 * under the day it began, so what is younger than a day is read each time.
 */
export const callsFreshness = (until: number): Freshness => ({
  noun: 'callRecords',
  seconds: ({ receivedAt }) => (Date.parse(receivedAt) - until > DAY_MS ? 10 * MINUTE : 0),
})
