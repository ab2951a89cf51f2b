import { AccountStatus, DidStatus, GroupKind, oncePer, onePage, ProviderError, readRecords } from '../../provider.js'
import { received, RegistrationStatus, text } from '../../provider.js'
import type { AccountFacts, Reply, Rest, Source } from '../../provider.js'
import { answerOf, ask, rowsOf, type Asking } from './ask.js'
import { freepbxCallLog } from './call-log.js'
import { FRESHNESS } from './freshness.js'
import { GroupLists } from './groups.js'
import { HiddenFields } from './hidden-fields.js'
import { toDid } from './map/did.js'
import { toExtension, toExtensionDetail } from './map/extension.js'
import { EXTENSIONS, ROUTES, SYSTEM, USERS } from './questions.js'
import { RECORD_RULES } from './record-rules.js'
import type { Addresses, FreepbxSettings } from './settings.js'
import type { WireExtension, WireUserDetail } from './wire.js'
import { freepbxWrites } from './writes.js'

const usersIn = oncePer((reply: Reply, account: AccountFacts) => {
  const toItem = (value: unknown) => toExtension(account, value, reply.receivedAt)
  return readRecords(account, 'User', RECORD_RULES.User, rowsOf(reply, USERS, 'coreUser'), toItem)
})
const routesIn = oncePer((reply: Reply, account: AccountFacts) => {
  const toItem = (value: unknown) => toDid(account, value, reply.receivedAt)
  return readRecords(account, 'Route', RECORD_RULES.Route, rowsOf(reply, ROUTES, 'inboundRoutes'), toItem)
})
const detailsIn = oncePer((reply: Reply) => {
  const users = new Map<string, WireUserDetail | null>()
  for (const row of rowsOf(reply, EXTENSIONS, 'extension')) {
    const wire = received<WireExtension>(row)
    const number = text(wire?.extensionId)
    if (number !== null) users.set(number, received<WireUserDetail>(wire?.user) as WireUserDetail | null)
  }
  return users
})

/** Which question has what: each list is one request, and is indexed here, as paging does not work there. */
export function freepbxSource(
  { gql, rest: restUrl }: Addresses,
  options: FreepbxSettings['options'],
  account: AccountFacts,
): (rest: Rest) => Source {
  const hidden = new HiddenFields()
  const groups = new GroupLists(restUrl, account)
  const host = new URL(gql).hostname
  return (rest) => sourceOver({ rest, url: gql, hidden }, { groups, host, options }, account)
}

interface AccountParts {
  readonly groups: GroupLists
  readonly host: string
  readonly options: FreepbxSettings['options']
}

function sourceOver(asking: Asking, { groups, host, options }: AccountParts, account: AccountFacts): Source {
  const users = async () => usersIn(await ask(asking, USERS, {}, { freshness: FRESHNESS.users }), account)
  const routes = async () => routesIn(await ask(asking, ROUTES, {}, { freshness: FRESHNESS.routes }), account)
  const page = <T>({ items, unreadable }: { readonly items: readonly T[]; readonly unreadable: number }) => ({
    items,
    totalCount: items.length,
    unreadable,
  })

  return {
    async profile() {
      const version = await ask(asking, SYSTEM, {}, { freshness: FRESHNESS.profile })
        .then((reply) => text(answerOf<{ version: unknown }>(reply, SYSTEM).version))
        .catch(asNone(null))
      return { ...NO_PROFILE, host, status: AccountStatus.ACTIVE, nativeStatus: version }
    },
    dids: {
      pages: () => onePage(async () => page(await routes())),
      only: { statuses: [DidStatus.ACTIVE] },
    },
    extensions: {
      pages: () => onePage(async () => page(await users())),
      /** One costly list for all of them. */
      async detail({ number }) {
        const reply = await ask(asking, EXTENSIONS, {}, { freshness: FRESHNESS.extensionDetails })
        return toExtensionDetail(account, detailsIn(reply).get(number) ?? null)
      },
      only: { registrations: [RegistrationStatus.UNKNOWN] },
    },
    groups: {
      pages: () => onePage(() => groups.read(asking)),
      detail: (group) => groups.members(asking.rest, group),
      only: { kinds: [GroupKind.RING_GROUP, GroupKind.QUEUE] },
    },
    callRecords: freepbxCallLog(asking, options, account),
    get writes() {
      return freepbxWrites(asking, options, account)
    },
  }
}

const NO_PROFILE = {
  ...{ name: null, contactName: null, email: null, phone: null, role: null, plan: null, customerType: null },
  ...{ balance: null, messageCredits: null, createdAt: null, updatedAt: null },
}

/** For what this login's scopes do not open. */
const asNone =
  <T>(none: T) =>
  (error: unknown): T => {
    if (error instanceof ProviderError && error.reason === 'FIELD_HIDDEN') return none
    throw error
  }
