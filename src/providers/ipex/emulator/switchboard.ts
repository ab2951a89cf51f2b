import { createHash } from 'node:crypto'

import type { Office, StoryExtension, StoryGroup, StoryTarget } from '../../../emulator/story.js'
import { uuidOf } from './uuid.js'

/** A person, or a phone without one, with a line. */
export interface User {
  /** The id outside the PBX: a UUID, "anvil id" in older texts. */
  readonly id: string
  /** The id within this PBX. */
  readonly pbxUserId: number
  /** Mostly the e-mail address; some users have a plain login. */
  readonly login: string
  readonly email: string
  readonly firstName: string
  readonly lastName: string
  readonly extension: StoryExtension
}

/** A destination that is no phone. `id` is the `ownerId` in `/numbers`. */
export interface Application {
  readonly id: string
  readonly type: 'queue' | 'skillsGroup' | 'ivr'
  readonly number: string
  readonly name: string
  readonly members: readonly User[]
}

/** The PBX of one company: an office of the story in IPEX's terms. */
export interface Switchboard {
  readonly pbxId: number
  readonly office: Office
  readonly users: readonly User[]
  /** Queues first, then skill groups, then menus. */
  readonly applications: readonly Application[]
  /** By the extension's id in the story. */
  user(extension: number | null): User | null
  queuesOf(user: User): readonly StoryGroup[]
  skillOf(user: User): StoryGroup | null
  /** The owner of a number's destination; also for one that no longer exists. */
  ownerOf(target: StoryTarget | null): { ownerType: 'user' | 'application'; ownerId: string; applicationType?: string }
}

export function createSwitchboard(pbxId: number, office: Office): Switchboard {
  const users = office.extensions.map((extension, index) => userOf(pbxId, extension, index))
  const byExtension = new Map(users.map((user) => [user.extension.id, user]))
  const applications = applicationsOf(office, byExtension)
  const groupsOf = ({ extension }: User) => office.groups.filter(({ members }) => members.includes(extension.id))
  return {
    pbxId,
    office,
    users,
    applications,
    user: (extension) => (extension === null ? null : (byExtension.get(extension) ?? null)),
    queuesOf: (user) => groupsOf(user).filter(isQueue),
    skillOf: (user) => groupsOf(user).find(isSkill) ?? null,
    ownerOf(target) {
      if (target === null || target.kind === 'external') {
        return { ownerType: 'application', ownerId: opaqueId(`external ${target?.number ?? 'nothing'}`) }
      }
      if (target.kind === 'extension') return { ownerType: 'user', ownerId: userId(pbxId, target.id) }
      const application = applications.find(
        ({ number, type }) => number === target.number && (type === 'ivr') === (target.kind === 'menu'),
      )
      return {
        ownerType: 'application',
        ownerId: application?.id ?? opaqueId(`${target.kind} ${target.id}`),
        applicationType: application?.type ?? (target.kind === 'menu' ? 'ivr' : 'queue'),
      }
    },
  }
}

const isSkill = ({ kind }: StoryGroup) => kind === 'skill'
const isQueue = (group: StoryGroup) => !isSkill(group)

function userOf(pbxId: number, extension: StoryExtension, index: number): User {
  const { person, id, number } = extension
  const ids = { id: userId(pbxId, id), pbxUserId: 5000 + id, extension }
  if (!person) {
    // A phone without a person is a user, too: every line has an owner.
    return { ...ids, login: `linka${number}`, email: '', firstName: 'Linka', lastName: number }
  }
  const { firstName, lastName, email } = person
  const plainLogin = index % 6 === 3
  return { ...ids, firstName, lastName, email, login: plainLogin ? (email.split('@')[0] ?? email) : email }
}

function applicationsOf(office: Office, users: ReadonlyMap<number, User>): Application[] {
  const present = (members: readonly number[]) => members.flatMap((id) => users.get(id) ?? [])
  const group = ({ id, number, name, members, kind }: StoryGroup): Application => ({
    // A queue's application id is its number in `/members`, as text: the only join the API has.
    id: String(id),
    type: kind === 'skill' ? 'skillsGroup' : 'queue',
    number,
    name,
    members: present(members),
  })
  const menus = office.menus.map(({ id, number, name }): Application => ({
    id: opaqueId(`menu ${id}`),
    type: 'ivr',
    number,
    name,
    members: [],
  }))
  return [...office.groups.filter(isQueue).map(group), ...office.groups.filter(isSkill).map(group), ...menus]
}

const userId = (pbxId: number, extension: number) => uuidOf(`user ${pbxId} ${extension}`)
const opaqueId = (name: string) => createHash('sha256').update(name).digest('base64url').slice(0, 6)
