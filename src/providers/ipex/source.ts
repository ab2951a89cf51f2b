import { oncePer } from '../../attached.js'
import { allOf, andThen, type Awaitable } from '../../awaitable.js'
import { ProviderError } from '../../errors.js'
import type { Query, ReadOptions, Reply, Rest } from '../../http/rest.js'
import { DidStatus } from '../../model/did.js'
import { RegistrationStatus } from '../../model/extension.js'
import { GroupKind, type Group } from '../../model/group.js'
import { received } from '../../model/values/wire-value.js'
import { reportDrift } from '../drift.js'
import { leavingOut } from '../left-out.js'
import { onePage } from '../one-page.js'
import type { AccountFacts, Collection, Source } from '../provider.js'
import { ipexCallLog } from './call-log.js'
import { FRESHNESS } from './freshness.js'
import { RECORD_RULES } from './record-rules.js'
import { bareArray, wrongShape } from './list-response.js'
import { personOf, toPerson, toProfile } from './map/account.js'
import { toCurrentCalls } from './map/current-calls.js'
import { toForwardingRules, unreadableProfiles } from './map/forwarding.js'
import { saysNobody, toGroupNumber, toGroups, unreadableIn } from './map/group.js'
import { NumberIndex, ownerOf, unreadableUsers } from './map/numbers.js'
import { ipexRecordings } from './recordings.js'
import type { IpexSettings } from './settings.js'
import { ipexWrites } from './writes.js'

export interface IpexSourceOptions {
  /** Without trailing slashes. */
  readonly urls: { readonly api: string; readonly rest: string }
  readonly options: IpexSettings['options']
  /** The configured login, for the profile when the provider names nobody. */
  readonly login: string
}

/**
 * Which path has what. `/numbers` holds DIDs and extensions, and both read all of it: one request
 * instead of two by type. `/pbx/users` has the names of extensions, `/members` the groups.
 */
export function ipexSource(options: IpexSourceOptions, account: AccountFacts): (rest: Rest) => Source {
  return (rest) => sourceOver(rest, options, account)
}

const DESTINATIONS = '/calls/transfer/destinations'

const numberIndexOf = oncePer((reply: Reply, account: AccountFacts) => {
  const entries = bareArray('/numbers', reply)
  const numbers = new NumberIndex(account, entries, reply.receivedAt)
  reportDrift(account, 'Number', RECORD_RULES.Number, entries, numbers.unreadable)
  return numbers
})
const usersOf = oncePer((reply: Reply, account: AccountFacts) => {
  const users = bareArray('/pbx/users', reply)
  const unreadable = unreadableUsers(users)
  reportDrift(account, 'User', RECORD_RULES.User, users, unreadable)
  return { users, unreadable }
})
const groupsOf = oncePer((reply: Reply, account: AccountFacts) => {
  const members = bareArray('/members', reply)
  const unreadable = unreadableIn(members)
  const nobodies = members.filter((member) => received(member) && saysNobody(member)).length
  reportDrift(account, 'Member', RECORD_RULES.Member, members, unreadable + nobodies)
  return { items: toGroups(account, members, reply.receivedAt), unreadable }
})

function sourceOver(rest: Rest, { urls, options, login }: IpexSourceOptions, account: AccountFacts): Source {
  const pbx: Query = { pbxId: options.pbxId }
  const get = (path: string, reading: ReadOptions, query: Query = {}) =>
    rest.get(`${urls.api}${path}`, { ...pbx, ...query }, reading)
  const fetchList = (...[path, reading, query]: Parameters<typeof get>) =>
    andThen(get(path, reading, query), (reply) => bareArray(path, reply))
  const numberIndex = () =>
    andThen(get('/numbers', { freshness: FRESHNESS.numbers }), (reply) => numberIndexOf(reply, account))
  const people = () => andThen(get('/pbx/users', { freshness: FRESHNESS.users }), (reply) => usersOf(reply, account))

  /** One list for all groups; equal reads share a request. */
  async function groupNumber(group: Group): Promise<string | null> {
    const destinations = await fetchList(DESTINATIONS, { freshness: FRESHNESS.destinations })
    const unreadable = destinations.filter((destination) => received(destination) === null).length
    reportDrift(account, 'Destination', RECORD_RULES.Destination, destinations, unreadable)
    const number = toGroupNumber(group, destinations)
    if (number === null && unreadable > 0) throw wrongShape(DESTINATIONS, 'destinations only')
    return number
  }

  return {
    async profile() {
      const fetched = await fetchPerson(rest, `${urls.rest}/v1/users/me`)
      return toProfile(fetched ?? personOf(await rest.identity(), login))
    },

    dids: {
      ...singlePage(() =>
        andThen(numberIndex(), (numbers) => ({ items: numbers.dids(), unreadable: numbers.unreadable })),
      ),
      only: { statuses: [DidStatus.ACTIVE] },
    },

    extensions: {
      ...singlePage(() =>
        andThen(allOf([numberIndex(), people()]), ([numbers, { users, unreadable }]) => ({
          items: numbers.extensions(users),
          unreadable: numbers.unreadable + unreadable,
        })),
      ),
      async detail({ payload }) {
        const userId = ownerOf(payload)
        if (userId === null) return { forwardingRules: [] }
        const profiles = await fetchList('/profiles', { freshness: FRESHNESS.profiles, keys: 1 }, { userId })
        const forwardingRules = toForwardingRules(account, profiles)
        const unreadable = unreadableProfiles(profiles)
        reportDrift(account, 'Profile', RECORD_RULES.Profile, profiles, unreadable)
        return { forwardingRules, ...leavingOut({ forwardingRules: unreadable }) }
      },
      only: { registrations: [RegistrationStatus.UNKNOWN] },
    },

    groups: {
      ...singlePage(() =>
        andThen(get('/members', { freshness: FRESHNESS.members }), (reply) => groupsOf(reply, account)),
      ),
      detail: async (group: Group) => ({ internalNumber: await groupNumber(group) }),
      only: { kinds: [GroupKind.QUEUE, GroupKind.SKILL_GROUP] },
    },

    callRecords: ipexCallLog(
      rest,
      { ...options, url: `${urls.api}/calls`, always: pbx, drift: account.drift },
      account,
      async () => new Set((await numberIndex()).dids().flatMap(({ number }) => number ?? [])),
    ),
    recordings: ipexRecordings(rest, urls.api, pbx),
    async currentCalls() {
      const reply = await get('/calls/current', { freshness: FRESHNESS.currentCalls })
      const channels = bareArray('/calls/current', reply)
      const current = toCurrentCalls(account, channels, reply.receivedAt)
      reportDrift(account, 'CurrentCall', RECORD_RULES.CurrentCall, channels, current.unreadable)
      return current
    },
    get writes() {
      const numberOf = async (group: Group) =>
        group.internalNumber === undefined ? groupNumber(group) : group.internalNumber
      return ipexWrites({ rest, url: urls.api, pbx, account, groupNumber: numberOf })
    },
  }
}

/** A list in one response. */
function singlePage<T>(
  read: () => Awaitable<{ items: readonly T[]; unreadable: number }>,
): Pick<Collection<T>, 'pages'> {
  const page = () => andThen(read(), ({ items, unreadable }) => ({ items, totalCount: items.length, unreadable }))
  return { pages: () => onePage(page) }
}

/**
 * Null when the central API refuses: not every login may use it, and the path is not documented.
 */
async function fetchPerson(rest: Rest, url: string) {
  try {
    const reply: Reply | null = await rest.find(url, {}, { freshness: FRESHNESS.person })
    return reply && toPerson(reply.body)
  } catch (error) {
    if (error instanceof ProviderError && (error.code === 'PROVIDER_FORBIDDEN' || error.code === 'PROVIDER_REJECTED'))
      return null
    throw error
  }
}
