import { boom, Refusal } from './boom.js'
import { asListed } from './numbers.js'
import type { IpexKnobs } from './knobs.js'
import type { Profiles } from './profiles.js'
import type { Resource } from './resource.js'
import type { Switchboard, User } from './switchboard.js'

/**
 * What the PBX contains: `/numbers`, `/pbx/users`, `/members`, `/profiles`, transfer destinations;
 * all bare arrays.
 */
export const directory = (
  knobs: IpexKnobs,
  profilesOf: (switchboard: Switchboard) => Profiles,
): readonly Resource[] => [
  {
    path: /\/numbers/,
    keys: ['pbxId', 'type', 'ownerType'],
    answer: ({ session, query }) =>
      numbersOf(session.access.switchboard, knobs).filter(
        ({ type, ownerType }) =>
          type === (query.text('type') ?? type) && ownerType === (query.text('ownerType') ?? ownerType),
      ),
  },
  {
    path: /\/numbers\/([^/]+)/,
    keys: ['pbxId'],
    answer: ({ session, params }) =>
      found(
        numbersOf(session.access.switchboard, knobs).find(({ id }) => id === params[0]),
        'Number',
      ),
  },
  {
    path: /\/pbx\/users/,
    keys: ['pbxId', 'exten', 'login', 'callcenter'],
    answer({ session, query }) {
      const { switchboard } = session.access
      const callcenter = query.flag('callcenter')
      const [exten, login] = [query.number('exten'), query.text('login')]
      return switchboard.users
        .filter((user) => exten === null || Number(user.extension.number) === exten)
        .filter((user) => login === null || user.login === login)
        .filter((user) => callcenter === null || isMember(switchboard, user) === callcenter)
        .map(pbxUser)
    },
  },
  {
    path: /\/pbx\/users\/([^/]+)/,
    keys: ['pbxId'],
    answer: ({ session, params }) =>
      pbxUser(
        found(
          session.access.switchboard.users.find(({ id }) => id === params[0]),
          'User',
        ),
      ),
  },
  {
    path: /\/members/,
    keys: ['pbxId', 'login', 'userId'],
    answer({ session, query }) {
      const { switchboard } = session.access
      const [login, userId] = [query.text('login'), query.text('userId')]
      return switchboard.users
        .filter((user) => isMember(switchboard, user))
        .filter((user) => (login === null || user.login === login) && (userId === null || user.id === userId))
        .map((user) => member(switchboard, user))
    },
  },
  {
    path: /\/profiles/,
    keys: ['pbxId', 'userId'],
    userLevel: true,
    answer({ session, query }) {
      const userId = query.text('userId') ?? session.user?.id
      const user = session.access.switchboard.users.find(({ id }) => id === userId)
      return user ? profilesOf(session.access.switchboard).of(user) : []
    },
  },
  {
    path: /\/calls\/transfer\/destinations/,
    keys: ['pbxId'],
    userLevel: true,
    answer: ({ session }) => destinationsOf(session.access.switchboard),
  },
]

function found<T>(item: T | undefined, noun: string): T {
  if (item === undefined) throw new Refusal(boom(404, `${noun} not found`))
  return item
}

/** Outside numbers in service, then every line, then some caller ids. */
export function numbersOf(switchboard: Switchboard, { outsideNumberType }: IpexKnobs) {
  const { office, users, applications } = switchboard
  const numplan = { id: 3, name: 'CZ' }
  const inService = office.dids.filter(({ state }) => state === 'active')
  return [
    ...inService.map(({ id, number, destination }, index) => ({
      id: String(8000 + id),
      number: asListed(number),
      type: outsideNumberType as string,
      ...switchboard.ownerOf(destination),
      ...(index % 2 === 0 && { priority: 1 }),
      numplan: index % 5 === 4 ? { id: numplan.id } : numplan,
    })),
    ...users.map(({ id, extension }) => ({
      id: String(9000 + extension.id),
      number: extension.number,
      type: 'exten',
      ownerType: 'user' as const,
      ownerId: id,
      numplan,
    })),
    ...applications.map(({ id, type, number }, index) => ({
      id: String(7000 + index),
      number,
      type: 'exten',
      ownerType: 'application' as const,
      ownerId: id,
      applicationType: type,
      numplan,
    })),
    ...users.slice(0, 3).flatMap(({ id, extension: { id: line, person } }) =>
      person
        ? [
            {
              id: String(6000 + line),
              number: asListed(person.mobile),
              type: 'cid',
              ownerType: 'user' as const,
              ownerId: id,
              numplan: {},
            },
          ]
        : [],
    ),
  ]
}

/** `exten` is a JSON number and loses leading zeros, as in the real API. */
const pbxUser = ({ id, login, firstName, lastName, pbxUserId, extension }: User) => ({
  id,
  login,
  name: firstName,
  surname: lastName,
  pbxUserId,
  exten: Number(extension.number),
})

const isMember = ({ queuesOf, skillOf }: Switchboard, user: User) => queuesOf(user).length > 0 || skillOf(user) !== null

function member({ queuesOf, skillOf, users }: Switchboard, user: User) {
  const queues = queuesOf(user)
  const skill = skillOf(user)
  const { id, pbxUserId, firstName, lastName, login, extension } = user
  // Some agents are signed in without a phone.
  const phone = users.indexOf(user) % 11 === 10 ? null : { id: 9000 + extension.id, number: extension.number }
  return {
    userId: id,
    pbxUserId,
    firstName,
    lastName,
    login,
    exten: phone,
    ...(queues.length > 0 && {
      queues: queues.map(({ id: queueId, name, number }, index) => ({
        id: queueId,
        name,
        callerId: index % 2 ? number : null,
      })),
    }),
    skillsGroup: skill && { id: skill.id, name: skill.name },
  }
}

/**
 * Everything a call can be transferred to. Queues and skill groups have the number of free agents;
 * people who are no agents have no properties.
 */
function destinationsOf(switchboard: Switchboard) {
  const { users, applications } = switchboard
  const people = users.map((user) => ({
    id: user.id,
    name: `${user.firstName} ${user.lastName}`.trim(),
    extension: user.extension.number,
    ownerType: 'user',
    properties: isMember(switchboard, user)
      ? {
          id: null,
          applicationType: '',
          freeAgents: 0,
          status: user.extension.registered
            ? { callCenter: { agentState: 'ready', isPaused: false } }
            : { callCenter: null },
        }
      : null,
  }))
  const things = applications.map(({ id, name, number, type, members }) => ({
    id,
    name,
    extension: number,
    ownerType: 'application',
    properties: {
      id,
      applicationType: type,
      status: null,
      freeAgents: members.filter(({ extension }) => extension.registered).length,
    },
  }))
  return [...people, ...things]
}
