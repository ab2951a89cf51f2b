import { SECRET_MARK } from '../../../emulator/marked-bytes.js'
import type { Switchboard } from './switchboard.js'
import { uuidOf } from './uuid.js'

export type AccessName = 'company' | 'noImpersonation' | 'other'

/**
 * An API access as created in the portal: e-mail, password, PBX, and whether it may impersonate.
 */
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

/** The accesses, with what may change while the emulator runs. */
export interface Accesses {
  readonly all: readonly ApiAccess[]
  named(name: AccessName): ApiAccess
  /** The access with these credentials, or null. */
  withCredentials(username: string | undefined, password: string | undefined): ApiAccess | null
  changePassword(name: AccessName, password: string): void
  /** The initial passwords and the current ones. */
  passwords(): readonly string[]
  /** Whether a person must first do something in the portal before this access can log in. */
  needsAction(access: ApiAccess): boolean
  requireAction(name: AccessName): void
  mayActAs(access: ApiAccess, userId: string): boolean
  revokeImpersonation(userId: string): void
  /** Restores the initial state. */
  reset(): void
}

/** Two companies: ours with two accesses to one PBX, and a neighbour with a similarly named one. */
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
