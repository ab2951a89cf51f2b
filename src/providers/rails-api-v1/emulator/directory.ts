import { SECRET_MARK } from '../../../emulator/marked-bytes.js'
import type { StoryPerson } from '../../../emulator/story.js'

/** A row of `users`. */
export interface User {
  readonly id: number
  readonly email: string
  password: string
  readonly role: 'default' | 'admin'
  readonly name: string | null
  readonly nickname: string
  /** ms. */
  readonly createdAt: number
  readonly updatedAt: number
}

export interface Directory {
  byId(id: number): User | null
  byEmail(email: string): User | null
  /** The user with this e-mail and password, compared like Devise does. */
  authenticate(email: string, password: string): User | null
  create(email: string, password: string, at: number): User
  delete(id: number): void
  /** Restores the seeded staff. */
  reset(): void
}

export type AccountName = 'password' | 'authorizationCode' | 'unlinked' | 'other'

/** Two of them are the same on purpose. */
export const passwords: Readonly<Record<AccountName, string>> = {
  password: `Rüzgâr & pupa = 9+1% ${SECRET_MARK}`,
  authorizationCode: `İskele/Sancak?${SECRET_MARK}`,
  unlinked: `Plachta "bílá" #${SECRET_MARK}`,
  other: `Rüzgâr & pupa = 9+1% ${SECRET_MARK}`,
}

/** The person of each emulated account; administrators for those who sign in on a page. */
export function chooseOwners(staff: readonly StoryPerson[]): Readonly<Record<AccountName, StoryPerson>> {
  const [admin, otherAdmin] = staff.filter(({ role }) => role === 'admin')
  const [person, otherPerson] = staff.filter(({ role }) => role === 'default')
  if (!admin || !otherAdmin || !person || !otherPerson) throw new TypeError('The story has too few people')
  return { password: person, authorizationCode: admin, unlinked: otherAdmin, other: otherPerson }
}

export function createDirectory(staff: readonly StoryPerson[], now: number): Directory {
  const owners = Object.entries(chooseOwners(staff)) as [AccountName, StoryPerson][]
  const seeded = staff.map((person) => userOf(person, owners.find(([, { id }]) => id === person.id)?.[0] ?? null, now))
  let all = copies(seeded)
  const byEmail = (email: string) => all.find((user) => user.email === normalized(email)) ?? null
  return {
    byId: (id) => all.find((user) => user.id === id) ?? null,
    byEmail,
    authenticate(email, password) {
      const user = byEmail(email)
      return user?.password === password ? user : null
    },
    create(email, password, at) {
      const id = Math.max(...all.map((user) => user.id), seeded.length) + 1
      const user: User = {
        id,
        email: normalized(email),
        password,
        role: 'default',
        name: '',
        nickname: '',
        createdAt: at,
        updatedAt: at,
      }
      all.push(user)
      return user
    },
    delete: (id) => void (all = all.filter((user) => user.id !== id)),
    reset: () => void (all = copies(seeded)),
  }
}

const copies = (users: readonly User[]): User[] => users.map((user) => ({ ...user }))

const normalized = (email: string): string => email.trim().toLowerCase()

/** Names as the merged columns leave them: filled, empty, or null. */
function userOf(person: StoryPerson, account: AccountName | null, now: number): User {
  const day = 24 * 60 * 60 * 1000
  const createdAt = now - (700 - (person.id % 600)) * day + ((person.id * 137) % 1000)
  return {
    id: person.id,
    email: person.email,
    password: account ? passwords[account] : `${SECRET_MARK} ${person.email} ${person.id}`,
    role: person.role,
    name:
      nameFor[account ?? '']?.(person) ?? (account === 'unlinked' ? null : `${person.firstName} ${person.lastName}`),
    nickname: account === 'other' ? '' : `${person.firstName.toLowerCase()}${person.id}`,
    createdAt,
    updatedAt: createdAt + (person.id % 90) * day,
  }
}

const nameFor: Readonly<Record<string, (person: StoryPerson) => string>> = {
  authorizationCode: () => '',
  other: () => '',
}
