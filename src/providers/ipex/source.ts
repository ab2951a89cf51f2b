import { oncePer } from '../../attached.js'
import { allOf, andThen, type Awaitable } from '../../awaitable.js'
import { ProviderError } from '../../errors.js'
import type { Query, ReadOptions, Reply, Rest } from '../../http/rest.js'
import { DidStatus } from '../../model/did.js'
import { RegistrationStatus } from '../../model/extension.js'
import { GroupKind, type Group } from '../../model/group.js'
import { reportDrift } from '../drift.js'
import { onePage } from '../one-page.js'
import type { AccountFacts, Collection, Source } from '../provider.js'
import { ipexCallLog } from './call-log.js'
import { FRESHNESS } from './freshness.js'
import { RECORD_RULES } from './record-rules.js'
import { bareArray } from './list-response.js'
import { personOf, toPerson, toProfile } from './map/account.js'
import { toForwardingRules } from './map/forwarding.js'
import { phoneNumberOf, toGroupNumber, toGroups, unreadableIn } from './map/group.js'
import { NumberIndex, ownerOf } from './map/numbers.js'
import { ipexRecordings } from './recordings.js'
import type { IpexSettings } from './settings.js'

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

const numberIndexOf = oncePer((reply: Reply, account: AccountFacts) => {
  const entries = bareArray('/numbers', reply)
  const numbers = new NumberIndex(account, entries, reply.receivedAt)
  reportDrift(account, 'Number', RECORD_RULES.Number, entries, numbers.unreadable)
  return numbers
})
const usersOf = oncePer((reply: Reply, account: AccountFacts) => {
  const users = bareArray('/pbx/users', reply)
  reportDrift(account, 'User', RECORD_RULES.User, users)
  return users
})
const groupsOf = oncePer((reply: Reply, account: AccountFacts) => {
  const members = bareArray('/members', reply)
  const unreadable = unreadableIn(members)
  reportDrift(account, 'Member', RECORD_RULES.Member, members, unreadable)
  let made: { readonly numbers: NumberIndex | null; readonly groups: Group[] } | null = null
  return {
    unreadable,
    lacksPhones: members.some((member) => phoneNumberOf(member) === null),
    /** Mapped once for the same numbers. */
    with(numbers: NumberIndex | null): Group[] {
      if (made?.numbers === numbers) return made.groups
      const groups = toGroups(account, members, reply.receivedAt, (userId) => numbers?.lineOf(userId))
      made = { numbers, groups }
      return groups
    },
  }
})

function sourceOver(rest: Rest, { urls, options, login }: IpexSourceOptions, account: AccountFacts): Source {
  const pbx: Query = { pbxId: options.pbxId }
  const get = (path: string, reading: ReadOptions, query: Query = {}) =>
    rest.get(`${urls.api}${path}`, { ...pbx, ...query }, reading)
  const fetchList = (...[path, reading, query]: Parameters<typeof get>) =>
    andThen(get(path, reading, query), (reply) => bareArray(path, reply))
  const numberIndex = () =>
    andThen(get('/numbers', { freshness: FRESHNESS.numbers }), (reply) => numberIndexOf(reply, account))
  const users = () => andThen(get('/pbx/users', { freshness: FRESHNESS.users }), (reply) => usersOf(reply, account))

  /** Without them only the members that have no phone at the moment stay unknown. */
  const numbersIfReadable = (): Awaitable<NumberIndex | null> => {
    const numbers = numberIndex()
    return numbers instanceof Promise ? numbers.catch(() => null) : numbers
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
        andThen(allOf([numberIndex(), users()]), ([numbers, people]) => ({
          items: numbers.extensions(people),
          unreadable: numbers.unreadable,
        })),
      ),
      async detail({ payload }) {
        const userId = ownerOf(payload)
        if (userId === null) return { forwardingRules: [] }
        const profiles = await fetchList('/profiles', { freshness: FRESHNESS.profiles, keys: 1 }, { userId })
        return { forwardingRules: toForwardingRules(account, profiles) }
      },
      only: { registrations: [RegistrationStatus.UNKNOWN] },
    },

    groups: {
      ...singlePage(() =>
        andThen(get('/members', { freshness: FRESHNESS.members }), (reply) => {
          const groups = groupsOf(reply, account)
          return andThen(groups.lacksPhones ? numbersIfReadable() : null, (numbers) => ({
            items: groups.with(numbers),
            unreadable: groups.unreadable,
          }))
        }),
      ),
      // One list for all groups; equal reads share a request.
      async detail(group: Group) {
        const destinations = await fetchList('/calls/transfer/destinations', { freshness: FRESHNESS.destinations })
        return { internalNumber: toGroupNumber(group, destinations) }
      },
      only: { kinds: [GroupKind.QUEUE, GroupKind.SKILL_GROUP] },
    },

    callRecords: ipexCallLog(
      rest,
      { ...options, url: `${urls.api}/calls`, always: pbx, drift: account.drift },
      account,
      async () => new Set((await numberIndex()).dids().flatMap(({ number }) => number ?? [])),
    ),
    recordings: ipexRecordings(rest, urls.api, pbx),
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
