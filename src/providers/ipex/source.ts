import { ProviderError } from '../../errors.js'
import type { Query, Reply, Rest } from '../../http/http.js'
import { DidStatus } from '../../model/did.js'
import { RegistrationStatus } from '../../model/extension.js'
import { GroupKind, type Group } from '../../model/group.js'
import type { AccountFacts, Collection, Source } from '../provider.js'
import { ipexCallLog } from './call-log.js'
import { bareArray } from './lists.js'
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
export function ipexSource(rest: Rest, { urls, options, login }: IpexReading, account: AccountFacts): Source {
  const pbx: Query = { pbxId: options.pbxId }
  const listed = async (path: string, query: Query = {}) => {
    const reply = await rest.get(`${urls.api}${path}`, { ...pbx, ...query })
    return { reply, items: bareArray(path, reply) }
  }
  const numbering = async () => {
    const { reply, items } = await listed('/numbers')
    return new Numbering(account, items, reply.receivedAt)
  }

  return {
    async profile() {
      const told = await person(rest, `${urls.rest}/v1/users/me`)
      return toProfile(told ?? personOf(await rest.identity(), login))
    },

    dids: {
      ...whole(async () => {
        const numbers = await numbering()
        return { items: numbers.dids(), unreadable: numbers.unreadable }
      }),
      only: { status: [DidStatus.ACTIVE] },
    },

    extensions: {
      ...whole(async () => {
        const [numbers, users] = await Promise.all([numbering(), listed('/pbx/users')])
        return { items: numbers.extensions(users.items), unreadable: numbers.unreadable }
      }),
      async detail({ payload }) {
        const userId = ownerOf(payload)
        if (userId === null) return { forwardingRules: [] }
        const { items } = await listed('/profiles', { userId })
        return { forwardingRules: toForwardingRules(account, items) }
      },
      only: { registration: [RegistrationStatus.UNKNOWN] },
    },

    groups: {
      ...whole(async () => {
        const { reply, items } = await listed('/members')
        return { items: toGroups(account, items, reply.receivedAt), unreadable: 0 }
      }),
      // One list for all groups: equal reads are one request.
      async detail({ name }: Group) {
        const { items } = await listed('/calls/transfer/destinations')
        return { internalNumber: toGroupNumber(name, items) }
      },
      only: { kind: [GroupKind.QUEUE, GroupKind.SKILL_GROUP] },
    },

    callRecords: ipexCallLog(
      rest,
      { ...options, url: `${urls.api}/calls`, always: pbx },
      account,
      async () => new Set((await numbering()).dids().flatMap(({ number }) => number ?? [])),
    ),
    recordings: ipexRecordings(rest, urls.api, pbx),
  }
}

/** A list that comes in one answer. */
function whole<T>(read: () => Promise<{ items: readonly T[]; unreadable: number }>): Pick<Collection<T>, 'pages'> {
  return {
    async *pages() {
      const { items, unreadable } = await read()
      yield { items, totalCount: items.length, unreadable }
    },
  }
}

/**
 * Not every login may use the central API, and the path itself is not documented: a refusal only means that somebody
 * else must tell.
 */
async function person(rest: Rest, url: string) {
  try {
    const reply: Reply | null = await rest.find(url)
    return reply && toPerson(reply.body)
  } catch (error) {
    if (error instanceof ProviderError && (error.code === 'PROVIDER_FORBIDDEN' || error.code === 'PROVIDER_REJECTED'))
      return null
    throw error
  }
}
