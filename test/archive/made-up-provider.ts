import type { ArchivedAccount, ArchiveSettings } from '../../src/archive/archived-account.js'
import { ProviderError } from '../../src/errors.js'
import type { CallRecord } from '../../src/model/call-record.js'
import { globalId } from '../../src/model/id.js'
import type { CallLog, CallPage, CallPosition, CallQuery } from '../../src/providers/provider.js'

export const DAY = 86_400_000
export const HOUR = 3_600_000
export const KEY = 'izmir'

/** A call of the made-up provider: what its table holds. */
export interface Row {
  readonly id: string
  /** Wall-clock ms. */
  readonly startedAt: number
  readonly talkSeconds: number
  readonly cost: string | null
}

/** A provider whose table of calls a test changes, between any two of its pages too. */
export class MadeUpProvider {
  readonly rows = new Map<string, Row>()
  /** Of each page, and each call asked for: what it was. */
  readonly requests: string[] = []
  pageSize = 7
  /** Called before each request, with what it asks for. */
  beforeRequest: (what: string) => void = () => {}
  /** Called with each call that a reader of its pages misses, because it has moved to a page that was read. */
  onMissed: (call: CallRecord) => void = () => {}
  /** Calls that cannot be read, by id. */
  readonly unreadable = new Set<string>()
  /** Calls that spoil the whole page they are on, by id; what that page is answered with. */
  readonly spoilt = new Set<string>()
  spoiltPage = () => new ProviderError('PROVIDER_BAD_RESPONSE', 'The page is no JSON', { reason: 'NOT_JSON' })
  health = { circuit: 'CLOSED', rateLimitResetAt: null as string | null, lastSuccessAt: null, lastFailureAt: null }

  account(archive: Partial<ArchiveSettings> = {}, workspace = 'default', slug = 'made-up'): ArchivedAccount {
    return {
      key: KEY,
      id: globalId('Account', KEY),
      workspace,
      provider: { slug },
      archive: {
        ...{ sinceMs: 30 * DAY, everySeconds: 60, recheckMs: 2 * DAY, retentionMs: 30 * DAY, sealed: false },
        ...archive,
      },
      live: { webhook: false, pollSeconds: 0, always: false },
      health: () => this.health,
      source: () => ({ callRecords: this.#log() }),
    } as unknown as ArchivedAccount
  }

  /** Every call of the table as it would be read now. */
  calls(): readonly CallRecord[] {
    return [...this.rows.values()].map(toCall)
  }

  #log(): CallLog {
    const ask = (what: string) => {
      this.beforeRequest(what)
      this.requests.push(what)
    }
    return {
      pushdown: () => [],
      byId: async (id) => {
        ask(`call ${id}`)
        const row = this.rows.get(id)
        if (this.unreadable.has(id)) throw new ProviderError('PROVIDER_BAD_RESPONSE', 'It cannot be read')
        return row ? toCall(row) : null
      },
      pages: (query) => this.#pages(query, ask),
    }
  }

  /** Numbered pages over a table that changes: what was given already is left out, what moved up is missed. */
  async *#pages({ order, after, filter, hint }: CallQuery, ask: (what: string) => void): AsyncGenerator<CallPage> {
    const turned = order === 'ASC' ? 1 : -1
    const compare = (one: CallPosition, other: CallPosition) =>
      turned * (compareText(one.startedAt, other.startedAt) || compareText(one.id, other.id))
    let last = after
    let lastOfPage = after
    for (let page = 0; ; page += 1) {
      ask(`page ${page + 1}${hint === null ? '' : ' on'}`)
      const inRange = this.calls()
        .filter(({ startedAt }) => filter.from === null || startedAt >= filter.from)
        .filter(({ startedAt }) => filter.until === null || startedAt < filter.until)
        .sort(compare)
      const rows = inRange.slice(page * this.pageSize, (page + 1) * this.pageSize)
      const before = inRange.slice(0, page * this.pageSize)
      for (const call of before) if (lastOfPage && compare(call, lastOfPage) > 0) this.onMissed(call)
      lastOfPage = rows.at(-1) ?? lastOfPage
      if (rows.some(({ providerResourceId }) => this.spoilt.has(providerResourceId))) throw this.spoiltPage()
      const fresh = rows.filter((call) => last === null || compare(call, last) > 0)
      const calls = fresh.filter(({ providerResourceId }) => !this.unreadable.has(providerResourceId))
      last = fresh.at(-1) ?? last
      if (fresh.length > 0) yield { calls, totalCount: null, hint: 'on', unreadable: fresh.length - calls.length }
      if ((page + 1) * this.pageSize >= inRange.length) return
    }
  }
}

const compareText = (one: string, other: string) => (one < other ? -1 : one > other ? 1 : 0)

function toCall({ id, startedAt, talkSeconds, cost }: Row): CallRecord {
  const nobody = { number: null, rawNumber: null, displayName: null, endpointRef: null, accountKey: KEY }
  return {
    __typename: 'CallRecord',
    id: globalId('CallRecord', KEY, id),
    accountKey: KEY,
    providerResourceId: id,
    fetchedAt: '2026-12-01T00:00:00.000Z',
    startedAt: new Date(startedAt).toISOString(),
    kind: 'VOICE',
    direction: 'INBOUND',
    disposition: 'ANSWERED',
    caller: nobody,
    callee: nobody,
    durationSeconds: talkSeconds,
    waitSeconds: 0,
    talkSeconds,
    cost: cost === null ? null : { amount: cost, currency: 'TRY' },
    answeredByRef: null,
    steps: null,
  } as unknown as CallRecord
}
