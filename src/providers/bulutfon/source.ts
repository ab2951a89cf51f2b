import type { Reply, Rest } from '../../http/http.js'
import { pathSegment } from '../../http/path-segment.js'
import type { AccountProfile } from '../../model/account.js'
import type { Did } from '../../model/did.js'
import type { Extension } from '../../model/extension.js'
import { GroupKind, type Group } from '../../model/group.js'
import { list, received } from '../../model/wire-value.js'
import { oncePer } from '../../attached.js'
import { noteDrift, noteDriftIn } from '../drift.js'
import { onePage } from '../one-page.js'
import type { AccountFacts, CallLog, Collection, Page, Recordings, Source } from '../provider.js'
import { BulutfonCallLog, callRows, type RowsOf } from './call-log.js'
import { CONTRACT } from './contract.js'
import { FRESHNESS } from './freshness.js'
import { toProfile } from './map/account.js'
import { toBusinessHours } from './map/business-hours.js'
import { toDid } from './map/did.js'
import { toExtension, toExtensionDetail } from './map/extension.js'
import { toGroup, toMemberships } from './map/group.js'
import { bulutfonRecordings } from './recordings.js'
import type { WireMe } from './wire.js'
import { wrongShape } from './wrong-shape.js'

/**
 * Which path answers which question. Numbers, extensions and groups come whole in one answer, without what only their details have;
 * only calls are paged.
 */
export function bulutfonSource(url: string, account: AccountFacts, pageSize: number): (rest: Rest) => Source {
  const lists = {
    dids: oncePer((reply: Reply) => wholeList(reply, 'dids', account, toDid)),
    extensions: oncePer((reply: Reply) => wholeList(reply, 'extensions', account, toExtension)),
    groups: oncePer((reply: Reply) => wholeList(reply, 'groups', account, toGroup)),
  }
  const calls = callRows(account)
  return (rest) => new BulutfonSource(rest, url, account, pageSize, lists, calls)
}

interface Lists {
  dids(reply: Reply): Page<Did>
  extensions(reply: Reply): Page<Extension>
  groups(reply: Reply): Page<Group>
}

/** Each operation opens several of these, and reads one noun through each: the others are not even made. */
class BulutfonSource implements Source {
  readonly #rest: Rest
  readonly #url: string
  readonly #account: AccountFacts
  readonly #pageSize: number
  readonly #lists: Lists
  readonly #calls: RowsOf

  constructor(rest: Rest, url: string, account: AccountFacts, pageSize: number, lists: Lists, calls: RowsOf) {
    this.#rest = rest
    this.#url = url
    this.#account = account
    this.#pageSize = pageSize
    this.#lists = lists
    this.#calls = calls
  }

  async profile(): Promise<AccountProfile> {
    const { body } = await this.#rest.get(`${this.#url}/me`, {}, { freshness: FRESHNESS.me })
    noteProfileDrift(this.#account, body)
    const profile = toProfile(this.#account, body)
    if (!profile) throw wrongShape('me')
    return profile
  }

  get dids(): Collection<Did> {
    return this.#collection('dids', this.#lists.dids, async (did) => ({
      hours: toBusinessHours(this.#account, await this.#detail('dids', 'did', did.providerResourceId)),
    }))
  }

  get extensions(): Collection<Extension> {
    return this.#collection('extensions', this.#lists.extensions, async (extension) =>
      toExtensionDetail(this.#account, await this.#detail('extensions', 'extension', extension.providerResourceId)),
    )
  }

  get groups(): Collection<Group> {
    const { pages, detail } = this.#collection('groups', this.#lists.groups, async (group: Group) => {
      const memberships = toMemberships(await this.#detail('groups', 'group', group.providerResourceId), group.payload)
      return { memberships, countedMembers: memberships?.length ?? null }
    })
    return { pages, detail, only: { kind: [GroupKind.RING_GROUP] } }
  }

  get callRecords(): CallLog {
    return new BulutfonCallLog(this.#rest, this.#url, this.#account, this.#pageSize, this.#calls)
  }

  get recordings(): Recordings {
    return bulutfonRecordings(this.#rest, this.#url)
  }

  #collection<T>(
    path: keyof Lists,
    pageOf: (reply: Reply) => Page<T>,
    detail: (item: T) => Promise<Partial<T>>,
  ): Collection<T> {
    const [rest, url, freshness] = [this.#rest, this.#url, FRESHNESS[path]]
    return {
      pages: () => onePage(async () => pageOf(await rest.get(`${url}/${path}`, {}, { freshness }))),
      detail,
    }
  }

  async #detail(path: keyof Lists, key: 'did' | 'extension' | 'group', id: string): Promise<object> {
    const reading = { freshness: FRESHNESS[key], keys: 1 }
    const segment = pathSegment(id)
    if (segment === null) throw wrongShape('id')
    const found = field(await this.#rest.get(`${this.#url}/${path}/${segment}`, {}, reading), key)
    noteDriftIn(this.#account, `${NOUN[path]}Detail`, CONTRACT[`${NOUN[path]}Detail`], found)
    return found
  }
}

type Mapper<T> = (account: AccountFacts, row: unknown, fetchedAt: string) => T | null

const NOUN = { dids: 'Did', extensions: 'Extension', groups: 'Group' } as const

function wholeList<T>(reply: Reply, key: keyof Lists, account: AccountFacts, toItem: Mapper<T>): Page<T> {
  const rows = list(received<Record<string, unknown>>(reply.body)?.[key])
  if (!rows) throw wrongShape(key)
  const items = rows.flatMap((row) => toItem(account, row, reply.receivedAt) ?? [])
  noteDrift(account, NOUN[key], CONTRACT[NOUN[key]], rows, rows.length - items.length)
  return { items, totalCount: rows.length, unreadable: rows.length - items.length }
}

function noteProfileDrift(account: AccountFacts, body: unknown): void {
  const me = received<WireMe>(body)
  noteDriftIn(account, 'AccountProfile', CONTRACT.AccountProfile, body)
  noteDriftIn(account, 'Person', CONTRACT.Person, me?.user)
  noteDriftIn(account, 'Switchboard', CONTRACT.Switchboard, me?.pbx)
  noteDriftIn(account, 'Credit', CONTRACT.Credit, me?.credit)
}

/** The object under the answer's one key; an answer without it is no detail at all, and not one full of nulls. */
function field(reply: Reply, key: string): object {
  const value = received<Record<string, unknown>>(received<Record<string, unknown>>(reply.body)?.[key])
  if (!value) throw wrongShape(key)
  return value
}
