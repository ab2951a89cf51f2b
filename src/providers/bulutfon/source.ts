import type { Reply, Rest } from '../../http/http.js'
import { GroupKind } from '../../model/group.js'
import { list, received } from '../../model/wire-value.js'
import type { AccountFacts, Collection, Page, Source } from '../provider.js'
import { callLog } from './call-log.js'
import { toProfile } from './map/account.js'
import { toBusinessHours } from './map/business-hours.js'
import { toDid } from './map/did.js'
import { toExtension, toExtensionDetail } from './map/extension.js'
import { toGroup, toMemberships } from './map/group.js'
import { bulutfonRecordings } from './recordings.js'
import { wrongShape } from './wrong-shape.js'

/**
 * Which path answers which question. Numbers, extensions and groups come whole in one answer, without what only their details have;
 * only calls are paged.
 */
export function bulutfonSource(rest: Rest, url: string, account: AccountFacts, pageSize: number): Source {
  const detail = async (path: string, key: string, id: string) =>
    field(await rest.get(`${url}/${path}/${encodeURIComponent(id)}`), key)

  function collection<T>(path: string, toItem: Mapper<T>, toDetail: (item: T) => Promise<Partial<T>>): Collection<T> {
    return {
      async *pages() {
        yield wholeList(await rest.get(`${url}/${path}`), path, account, toItem)
      },
      detail: toDetail,
    }
  }

  return {
    async profile() {
      const { body } = await rest.get(`${url}/me`)
      const profile = toProfile(account, body)
      if (!profile) throw wrongShape('me')
      return profile
    },

    dids: collection('dids', toDid, async (did) => ({
      hours: toBusinessHours(account, await detail('dids', 'did', did.providerResourceId)),
    })),

    extensions: collection('extensions', toExtension, async (extension) =>
      toExtensionDetail(account, await detail('extensions', 'extension', extension.providerResourceId)),
    ),

    groups: {
      ...collection('groups', toGroup, async (group) => {
        const memberships = toMemberships(await detail('groups', 'group', group.providerResourceId), group.payload)
        return { memberships, countedMembers: memberships?.length ?? null }
      }),
      only: { kind: [GroupKind.RING_GROUP] },
    },

    callRecords: callLog(rest, url, account, pageSize),
    recordings: bulutfonRecordings(rest, url),
  }
}

type Mapper<T> = (account: AccountFacts, row: unknown, fetchedAt: string) => T | null

function wholeList<T>(reply: Reply, key: string, account: AccountFacts, toItem: Mapper<T>): Page<T> {
  const rows = list(received<Record<string, unknown>>(reply.body)?.[key])
  if (!rows) throw wrongShape(key)
  const items = rows.flatMap((row) => toItem(account, row, reply.receivedAt) ?? [])
  return { items, totalCount: rows.length, unreadable: rows.length - items.length }
}

/** The object under the answer's one key; an answer without it is no detail at all, and not one full of nulls. */
function field(reply: Reply, key: string): object {
  const value = received<Record<string, unknown>>(received<Record<string, unknown>>(reply.body)?.[key])
  if (!value) throw wrongShape(key)
  return value
}
