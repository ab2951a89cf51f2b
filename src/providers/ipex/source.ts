import { oncePer } from '../../attached.js'
import { allOf, andThen, type Awaitable } from '../../awaitable.js'
import { ProviderError } from '../../errors.js'
import type { Query, ReadOptions, Reply, Rest } from '../../http/rest.js'
import { DidStatus } from '../../model/did.js'
import { RegistrationStatus } from '../../model/extension.js'
import { GroupKind, type Group } from '../../model/group.js'
import { noteDrift } from '../drift.js'
import { onePage } from '../one-page.js'
import type { AccountFacts, Collection, Source } from '../provider.js'
import { ipexCallLog } from './call-log.js'
import { FRESHNESS } from './freshness.js'
import { CONTRACT } from './contract.js'
import { bareArray } from './list-response.js'
import { personOf, toPerson, toProfile } from './map/account.js'
import { toForwardingRules } from './map/forwarding.js'
import { toGroupNumber, toGroups } from './map/group.js'
import { Numbering, ownerOf } from './map/numbers.js'
import { ipexRecordings } from './recordings.js'
import type { IpexSettings } from './settings.js'

export interface IpexReading {
  /** Without slashes at their ends. */
  readonly urls: { readonly api: string; readonly rest: string }
  readonly options: IpexSettings['options']
  /** What the configuration calls the login, for a profile that nobody else tells. */
  readonly login: string
}

/**
 * Which path answers which question. `/numbers` holds DIDs and extensions, and both read it whole: asked by type it
 * would be two requests. `/pbx/users` gives extensions their names, `/members` gives the groups.
 */
export function ipexSource(reading: IpexReading, account: AccountFacts): (rest: Rest) => Source {
  return (rest) => sourceOver(rest, reading, account)
}

const numberingOf = oncePer((reply: Reply, account: AccountFacts) => {
  const entries = bareArray('/numbers', reply)
  const numbers = new Numbering(account, entries, reply.receivedAt)
  noteDrift(account, 'Number', CONTRACT.Number, entries, numbers.unreadable)
  return numbers
})
const usersOf = oncePer((reply: Reply, account: AccountFacts) => {
  const users = bareArray('/pbx/users', reply)
  noteDrift(account, 'User', CONTRACT.User, users)
  return users
})
const groupsOf = oncePer((reply: Reply, account: AccountFacts) => {
  const members = bareArray('/members', reply)
  noteDrift(account, 'Member', CONTRACT.Member, members)
  return toGroups(account, members, reply.receivedAt)
})

function sourceOver(rest: Rest, { urls, options, login }: IpexReading, account: AccountFacts): Source {
  const pbx: Query = { pbxId: options.pbxId }
  const asked = (path: string, reading: ReadOptions, query: Query = {}) =>
    rest.get(`${urls.api}${path}`, { ...pbx, ...query }, reading)
  const listed = (...[path, reading, query]: Parameters<typeof asked>) =>
    andThen(asked(path, reading, query), (reply) => bareArray(path, reply))
  const numbering = () =>
    andThen(asked('/numbers', { freshness: FRESHNESS.numbers }), (reply) => numberingOf(reply, account))
  const users = () => andThen(asked('/pbx/users', { freshness: FRESHNESS.users }), (reply) => usersOf(reply, account))

  return {
    async profile() {
      const told = await person(rest, `${urls.rest}/v1/users/me`)
      return toProfile(told ?? personOf(await rest.identity(), login))
    },

    dids: {
      ...whole(() => andThen(numbering(), (numbers) => ({ items: numbers.dids(), unreadable: numbers.unreadable }))),
      only: { status: [DidStatus.ACTIVE] },
    },

    extensions: {
      ...whole(() =>
        andThen(allOf([numbering(), users()]), ([numbers, people]) => ({
          items: numbers.extensions(people),
          unreadable: numbers.unreadable,
        })),
      ),
      async detail({ payload }) {
        const userId = ownerOf(payload)
        if (userId === null) return { forwardingRules: [] }
        const profiles = await listed('/profiles', { freshness: FRESHNESS.profiles, keys: 1 }, { userId })
        return { forwardingRules: toForwardingRules(account, profiles) }
      },
      only: { registration: [RegistrationStatus.UNKNOWN] },
    },

    groups: {
      ...whole(() =>
        andThen(asked('/members', { freshness: FRESHNESS.members }), (reply) => ({
          items: groupsOf(reply, account),
          unreadable: 0,
        })),
      ),
      // One list for all groups: equal reads are one request.
      async detail({ name }: Group) {
        const destinations = await listed('/calls/transfer/destinations', { freshness: FRESHNESS.destinations })
        return { internalNumber: toGroupNumber(name, destinations) }
      },
      only: { kind: [GroupKind.QUEUE, GroupKind.SKILL_GROUP] },
    },

    callRecords: ipexCallLog(
      rest,
      { ...options, url: `${urls.api}/calls`, always: pbx, drift: account.drift },
      account,
      async () => new Set((await numbering()).dids().flatMap(({ number }) => number ?? [])),
    ),
    recordings: ipexRecordings(rest, urls.api, pbx),
  }
}

/** A list that comes in one answer. */
function whole<T>(read: () => Awaitable<{ items: readonly T[]; unreadable: number }>): Pick<Collection<T>, 'pages'> {
  const page = () => andThen(read(), ({ items, unreadable }) => ({ items, totalCount: items.length, unreadable }))
  return { pages: () => onePage(page) }
}

/**
 * Not every login may use the central API, and the path itself is not documented: a refusal only means that somebody
 * else must tell.
 */
async function person(rest: Rest, url: string) {
  try {
    const reply: Reply | null = await rest.find(url, {}, { freshness: FRESHNESS.person })
    return reply && toPerson(reply.body)
  } catch (error) {
    if (error instanceof ProviderError && (error.code === 'PROVIDER_FORBIDDEN' || error.code === 'PROVIDER_REJECTED'))
      return null
    throw error
  }
}
