import { AccountStatus, DidStatus, graphqlAnswer, graphqlRecords, graphqlRows, GraphqlApi } from '../../provider.js'
import { GroupKind, oncePer, ProviderError, received, RegistrationStatus, text, wholeList } from '../../provider.js'
import type { AccountFacts, GraphqlClient, Reply, Rest, Source } from '../../provider.js'
import { freepbxCallLog } from './call-log.js'
import { FRESHNESS } from './freshness.js'
import { GroupLists } from './groups.js'
import { toDid } from './map/did.js'
import { toExtension, toExtensionDetail } from './map/extension.js'
import { EXTENSIONS, ROUTES, SYSTEM, USERS, type WireExtension, type WireUserDetail } from './questions.js'
import type { Addresses, FreepbxSettings } from './settings.js'
import { freepbxWrites } from './writes.js'

const usersIn = graphqlRecords(USERS, toExtension)
const routesIn = graphqlRecords(ROUTES, toDid)
const detailsIn = oncePer((reply: Reply) => {
  const rows = graphqlRows(reply, EXTENSIONS, 'extension').map((row) => received<WireExtension>(row))
  return new Map(rows.map((wire) => [text(wire?.extensionId), received<WireUserDetail>(wire?.user)]))
})

/** Which question has what: each list is one request, and is indexed here, as paging does not work there. */
export function freepbxSource(
  { gql, rest: restUrl }: Addresses,
  options: FreepbxSettings['options'],
  account: AccountFacts,
): (rest: Rest) => Source {
  const api = new GraphqlApi({ name: 'FreePBX', url: gql, isRefusal: ({ status }) => status === false })
  const groups = new GroupLists(restUrl, account)
  const host = new URL(gql).hostname
  return (rest) => sourceOver(api.over(rest), { groups, host, options }, account)
}

interface AccountParts {
  readonly groups: GroupLists
  readonly host: string
  readonly options: FreepbxSettings['options']
}

function sourceOver(pbx: GraphqlClient, { groups, host, options }: AccountParts, account: AccountFacts): Source {
  return {
    async profile() {
      const version = await pbx
        .ask(SYSTEM, { freshness: FRESHNESS.profile })
        .then((reply) => text(graphqlAnswer<{ version: unknown }>(reply, SYSTEM).version))
        .catch(nullWhereHidden)
      return { ...NO_PROFILE, host, status: AccountStatus.ACTIVE, nativeStatus: version }
    },
    dids: {
      pages: () => wholeList(async () => routesIn(await pbx.ask(ROUTES, { freshness: FRESHNESS.routes }), account)),
      only: { statuses: [DidStatus.ACTIVE] },
    },
    extensions: {
      pages: () => wholeList(async () => usersIn(await pbx.ask(USERS, { freshness: FRESHNESS.users }), account)),
      /** One costly list for all of them. */
      async detail({ number }) {
        const reply = await pbx.ask(EXTENSIONS, { freshness: FRESHNESS.extensionDetails })
        return toExtensionDetail(account, detailsIn(reply).get(number) ?? null)
      },
      only: { registrations: [RegistrationStatus.UNKNOWN] },
    },
    groups: {
      pages: () => wholeList(() => groups.read(pbx)),
      detail: (group) => groups.members(pbx.rest, group),
      only: { kinds: [GroupKind.RING_GROUP, GroupKind.QUEUE] },
    },
    callRecords: freepbxCallLog(pbx, options, account),
    get writes() {
      return freepbxWrites(pbx, options)
    },
  }
}

const NO_PROFILE = {
  ...{ name: null, contactName: null, email: null, phone: null, role: null, plan: null, customerType: null },
  ...{ balance: null, messageCredits: null, createdAt: null, updatedAt: null },
}

/** For what this login's scopes do not open. */
function nullWhereHidden(error: unknown): null {
  if (error instanceof ProviderError && error.reason === 'FIELD_HIDDEN') return null
  throw error
}
