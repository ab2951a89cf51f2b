import { SECRET_MARK } from '../../../emulator/marked-bytes.js'
import type { Switchboard } from './switchboard.js'
import { uuidOf } from './uuid.js'

export type AccessName = 'company' | 'noImpersonation' | 'other'

/** A login for programs, as made in the portal: e-mail, password, switchboard, and whether it may act as a user. */
export interface ApiAccess {
  readonly name: AccessName
  readonly id: string
  readonly username: string
  readonly password: string
  readonly impersonation: boolean
  readonly firstName: string
  readonly lastName: string
  readonly switchboard: Switchboard
}

/** The accesses with what a person may change about them while the emulator runs. */
export interface Accesses {
  readonly all: readonly ApiAccess[]
  named(name: AccessName): ApiAccess
  /** Who these credentials belong to; null when nobody's. */
  withCredentials(username: string | undefined, password: string | undefined): ApiAccess | null
  changePassword(name: AccessName, password: string): void
  /** As on the first day, and as they are now. */
  passwords(): readonly string[]
  /** Whether a person must first do something in the portal before this access may log in. */
  needsAction(access: ApiAccess): boolean
  requireAction(name: AccessName): void
  mayActAs(access: ApiAccess, userId: string): boolean
  revokeImpersonation(userId: string): void
  /** As on the first day. */
  reset(): void
}

/** Two companies: ours with two accesses to one switchboard, and a neighbour whose access is named alike. */
export function createAccesses(ours: Switchboard, neighbour: Switchboard): Accesses {
  const all: readonly ApiAccess[] = [
    access('company', 'api@egeyelken.example', `Vltava-plachta-${SECRET_MARK}`, true, ours),
    access('noImpersonation', 'vypis@egeyelken.example', `Jen-vypisy-${SECRET_MARK}`, false, ours),
    access('other', 'api@vorlik-lode.example', `Orlik-lodenice-${SECRET_MARK}`, true, neighbour),
  ]
  const passwords = new Map<string, string>()
  const blocked = new Set<AccessName>()
  const refusedUsers = new Set<string>()
  const named = (name: AccessName) => all.find((candidate) => candidate.name === name) as ApiAccess
  return {
    all,
    named,
    withCredentials: (username, password) =>
      all.find(
        (candidate) =>
          candidate.username === username && (passwords.get(candidate.name) ?? candidate.password) === password,
      ) ?? null,
    changePassword: (name, password) => void passwords.set(name, password),
    passwords: () => [...all.map(({ password }) => password), ...passwords.values()],
    needsAction: ({ name }) => blocked.has(name),
    requireAction: (name) => void blocked.add(name),
    mayActAs: ({ impersonation }, userId) => impersonation && !refusedUsers.has(userId),
    revokeImpersonation: (userId) => void refusedUsers.add(userId),
    reset() {
      passwords.clear()
      blocked.clear()
      refusedUsers.clear()
    },
  }
}

const access = (
  name: AccessName,
  username: string,
  password: string,
  impersonation: boolean,
  switchboard: Switchboard,
): ApiAccess => ({
  name,
  username,
  password,
  impersonation,
  switchboard,
  id: uuidOf(`access ${username}`),
  firstName: 'API',
  lastName: switchboard.office.label,
})
