import { oncePer } from '../../attached.js'
import { andThen } from '../../awaitable.js'
import type { Reply, Rest } from '../../http/rest.js'
import { pathSegment } from '../../http/path-segment.js'
import type { AccountProfile } from '../../model/account.js'
import type { Did } from '../../model/did.js'
import type { Extension } from '../../model/extension.js'
import { GroupKind, type Group } from '../../model/group.js'
import { list, received } from '../../model/values/wire-value.js'
import { reportDrift, reportRecordDrift } from '../drift.js'
import { leavingOut } from '../left-out.js'
import { onePage } from '../one-page.js'
import type { AccountFacts, CallLog, Collection, Page, Recordings, Source } from '../provider.js'
import type { Writes } from '../writes.js'
import { BulutfonCallLog } from './call-log.js'
import { RECORD_RULES } from './record-rules.js'
import { FRESHNESS } from './freshness.js'
import { readRows, RECORD_TYPE, wrongShape } from './list-response.js'
import { toProfile } from './map/account.js'
import { readBusinessHours } from './map/business-hours.js'
import { toDid } from './map/did.js'
import { toExtension, toExtensionDetail } from './map/extension.js'
import { saysNobody, toGroup, toMemberships } from './map/group.js'
import { bulutfonRecordings } from './recordings.js'
import type { WireGroup, WireMe } from './wire.js'
import { bulutfonWrites } from './writes.js'

/**
 * Which path has what. Numbers, extensions and groups come in one response, without the fields of
 * their details; only calls are paged.
 */
export function bulutfonSource(url: string, account: AccountFacts, pageSize: number): (rest: Rest) => Source {
  return (rest) => new BulutfonSource(rest, url, account, pageSize)
}

const LISTS = {
  dids: oncePer((reply: Reply, account: AccountFacts) => counted(readRows(reply, 'dids', account, toDid))),
  extensions: oncePer((reply: Reply, account: AccountFacts) =>
    counted(readRows(reply, 'extensions', account, toExtension)),
  ),
  groups: oncePer((reply: Reply, account: AccountFacts) => counted(readRows(reply, 'groups', account, toGroup))),
}

/** A page that is the whole list: it counts what is in it, and not what could not be read. */
const counted = <T>({ items, unreadable }: Required<Page<T>>): Page<T> => ({
  items,
  unreadable,
  totalCount: items.length,
})

const profileOf = oncePer(({ body }: Reply, account: AccountFacts): AccountProfile => {
  const me = received<WireMe>(body)
  reportRecordDrift(account, 'AccountProfile', RECORD_RULES.AccountProfile, body)
  reportRecordDrift(account, 'Person', RECORD_RULES.Person, me?.user)
  reportRecordDrift(account, 'Switchboard', RECORD_RULES.Switchboard, me?.pbx)
  reportRecordDrift(account, 'Credit', RECORD_RULES.Credit, me?.credit)
  const profile = toProfile(account, body)
  if (!profile) throw wrongShape('me')
  return profile
})

/**
 * Each operation opens several sources and reads one type through each, so the collections are
 * created on access.
 */
class BulutfonSource implements Source {
  readonly #rest: Rest
  readonly #url: string
  readonly #account: AccountFacts
  readonly #pageSize: number

  constructor(rest: Rest, url: string, account: AccountFacts, pageSize: number) {
    this.#rest = rest
    this.#url = url
    this.#account = account
    this.#pageSize = pageSize
  }

  async profile(): Promise<AccountProfile> {
    return profileOf(await this.#rest.get(`${this.#url}/me`, {}, { freshness: FRESHNESS.me }), this.#account)
  }

  get dids(): Collection<Did> {
    return this.#collection('dids', LISTS.dids, async (did) => {
      const detail = await this.#detail('dids', 'did', did.providerResourceId)
      const { hours, written, unreadable } = readBusinessHours(this.#account, detail)
      reportDrift(this.#account, 'WorkingDay', RECORD_RULES.WorkingDay, written, unreadable)
      return { hours, ...leavingOut({ hours: unreadable }) }
    })
  }

  get extensions(): Collection<Extension> {
    return this.#collection('extensions', LISTS.extensions, async (extension) =>
      toExtensionDetail(this.#account, await this.#detail('extensions', 'extension', extension.providerResourceId)),
    )
  }

  get groups(): Collection<Group> {
    const { pages, detail } = this.#collection('groups', LISTS.groups, async (group: Group) => {
      const detail = await this.#detail('groups', 'group', group.providerResourceId)
      const memberships = toMemberships(detail, group.payload)
      const unreadable = memberships?.filter(saysNobody).length ?? 0
      const members = list(received<WireGroup>(detail)?.extensions) ?? []
      reportDrift(this.#account, 'GroupMember', RECORD_RULES.GroupMember, members, unreadable)
      const countedMembers = memberships?.length ?? null
      return { memberships, countedMembers, ...leavingOut({ memberships: unreadable }) }
    })
    return { pages, detail, only: { kinds: [GroupKind.RING_GROUP] } }
  }

  get callRecords(): CallLog {
    return new BulutfonCallLog(this.#rest, this.#url, this.#account, this.#pageSize)
  }

  get recordings(): Recordings {
    return bulutfonRecordings(this.#rest, this.#url)
  }

  get writes(): Writes {
    return bulutfonWrites(this.#rest, this.#url, this.#account)
  }

  #collection<T>(
    path: keyof typeof LISTS,
    pageOf: (reply: Reply, account: AccountFacts) => Page<T>,
    detail: (item: T) => Promise<Partial<T>>,
  ): Collection<T> {
    const [rest, url, account, freshness] = [this.#rest, this.#url, this.#account, FRESHNESS[path]]
    return {
      pages: () =>
        onePage(() => andThen(rest.get(`${url}/${path}`, {}, { freshness }), (reply) => pageOf(reply, account))),
      detail,
    }
  }

  async #detail(path: keyof typeof LISTS, key: 'did' | 'extension' | 'group', id: string): Promise<object> {
    const reading = { freshness: FRESHNESS[key], keys: 1 }
    const segment = pathSegment(id)
    if (segment === null) throw wrongShape('id')
    const found = field(await this.#rest.get(`${this.#url}/${path}/${segment}`, {}, reading), key)
    const type = `${RECORD_TYPE[path]}Detail` as const
    reportRecordDrift(this.#account, type, RECORD_RULES[type], found)
    return found
  }
}

/**
 * The object under the response's only key.
 *
 * @throws ProviderError PROVIDER_BAD_RESPONSE without it: the response is no detail, rather than
 * one full of nulls
 */
function field(reply: Reply, key: string): object {
  const value = received<Record<string, unknown>>(received<Record<string, unknown>>(reply.body)?.[key])
  if (!value) throw wrongShape(key)
  return value
}
