import { CDR_QUERIES, type CdrParts } from './call-queries.js'
import { destinationText } from './destinations.js'
import { slice, type PageArguments } from './paging.js'
import { internalError } from './protocol.js'
import { secretFor, type GroupRow, type RouteRow, type UserRow } from './tables.js'
import type { WriteParts } from './writes.js'

/** What resolvers read. */
export type QueryParts = CdrParts & Pick<WriteParts, 'reloads'>

const base64 = (text: string): string => Buffer.from(text).toString('base64')
const fails = () => {
  throw internalError()
}

/** Resolvers of the queries by name; which of them a token may ask is the schema's business. */
export function queryResolvers(parts: QueryParts): Record<string, unknown> {
  const { tables, knobs, reloads } = parts
  /** By text, as the database sorts them. */
  const users = () => [...tables.users.values()].sort((a, b) => (a.extension < b.extension ? -1 : 1))
  const coreUser = (row: UserRow) => ({
    ...row,
    id: base64(`coreuser:${row.extension}`),
    ringtimer: 0,
    noanswer: '',
    recording: '',
    sipname: '',
    mohclass: 'default',
    callwaiting: 'enabled',
  })
  const device = (row: UserRow) => ({
    id: base64(`extension:${row.extension}`),
    deviceId: row.extension,
    dial: `${row.tech.toUpperCase()}/${row.extension}`,
    devicetype: 'fixed',
    description: row.name,
    emergencyCid: row.emergencyCid,
    tech: row.tech,
  })
  const extension = (row: UserRow, id = base64(`extension:${row.extension}`)) => ({
    id,
    extensionId: row.extension,
    tech: row.tech,
    coreDevice: device(row),
    // Some twenty look-ups in the manager interface for each.
    user: () => (knobs.managerInterface ? coreUser(row) : fails()),
  })
  const extensions = (args: PageArguments) => {
    const rows = users()
    return {
      status: true,
      message: 'List of extensions',
      totalCount: rows.length,
      count: rows.length,
      edges: null,
      pageInfo: fails,
      // The id of a row is the same for all.
      extension: slice(rows, args).rows.map((row) => extension(row, base64('extension:'))),
    }
  }
  const route = (row: RouteRow) => ({
    ...row,
    id: `${row.extension}/${row.cidnum}`,
    destinationConnection: destinationText(row.destination, tables),
    ...{ privacyman: false, ringing: false, pricid: false, reversal: false, fanswer: false },
    ...{ alertinfo: '', mohclass: 'default', grppre: '', delay_answer: 0 },
  })
  const routes = () =>
    [...tables.routes].sort((a, b) => (`${a.extension}/${a.cidnum}` < `${b.extension}/${b.cidnum}` ? -1 : 1))
  const group = (row: GroupRow) => ({
    id: base64(`ringgroup:${row.number}`),
    // Int: leading zeros are lost.
    groupNumber: Number(row.number),
    description: row.description,
    groupList: row.list,
    groupTime: row.seconds,
    strategy: row.strategy,
    postAnswer: row.postAnswer,
    groupPrefix: row.prefix,
    needConf: false,
  })
  const groups = () => [...tables.groups].sort((a, b) => Number(a.number) - Number(b.number))

  return {
    ...CDR_QUERIES(parts),
    node: fails,
    coreUser: fails,
    fetchAllExtensions: extensions,
    fetchAllValidExtensions: extensions,
    fetchExtension: ({ extensionId }: { extensionId?: string }) => {
      const row = tables.users.get(extensionId ?? '')
      return row ? { ...extension(row), status: true, message: 'Extension found' } : absent('Extension does not exists')
    },
    allCoreUsers: (args: PageArguments) => {
      const rows = users()
      const page = slice(rows, args)
      return {
        totalCount: fails,
        pageInfo: page.pageInfo,
        // The key of the row is counted into its cursor; of those without a zero before, it begins anew.
        edges: page.rows.map((row, at) => ({
          node: coreUser(row),
          cursor: base64(
            `arrayconnection:${page.offset + (row.extension.startsWith('0') ? Number(row.extension) : at)}`,
          ),
        })),
        // Only three columns are read.
        coreUser: page.rows.map(({ extension, name, voicemail }) => ({
          ...{ id: base64(`coreuser:${extension}`), extension, name, voicemail },
        })),
      }
    },
    fetchAllCoreDevices: (args: PageArguments) => {
      const rows = users()
      return { totalCount: rows.length, edges: null, pageInfo: fails, coreDevice: slice(rows, args).rows.map(device) }
    },
    fetchCoreDevice: ({ device_id }: { device_id?: string }) => {
      const row = tables.users.get(device_id ?? '')
      return row ? { ...device(row), status: true } : absent('Device does not exists')
    },
    allInboundRoutes: (args: PageArguments) => {
      const rows = routes()
      const page = slice(rows, args)
      return {
        totalCount: rows.length,
        pageInfo: page.pageInfo,
        edges: page.rows.map((row, at) => ({
          node: route(row),
          cursor: base64(`arrayconnection:${page.offset + at}`),
        })),
        inboundRoutes: page.rows.map(route),
      }
    },
    inboundRoute: ({ id = '' }: { id?: string }) => {
      const wanted = id.includes('/') ? id : `${id}/`
      const row = tables.routes.find((one) => `${one.extension}/${one.cidnum}` === wanted)
      return row ? route(row) : { privacyman: false, ringing: false }
    },
    fetchAllRingGroups: (args: PageArguments) => {
      const rows = groups()
      return {
        status: true,
        message: null,
        totalCount: rows.length,
        edges: null,
        pageInfo: fails,
        ringgroups: slice(rows, args).rows.map(group),
      }
    },
    // Compared as numbers; where there is none, the first group's data is sent.
    fetchRingGroup: ({ groupNumber }: { groupNumber?: string }) => {
      const rows = groups()
      const row = rows.find(({ number }) => Number(number) === Number(groupNumber))
      return row
        ? { ...group(row), status: true, message: 'Ring group found' }
        : { ...(rows[0] && group(rows[0])), ...absent('Ring group does not exists') }
    },
    fetchVoiceMail: ({ extensionId }: { extensionId?: string }) => {
      const row = tables.users.get(extensionId ?? '')
      if (!row || row.voicemail === 'novm') return absent('No voicemail found')
      const { name, email, voicemail: context } = row
      return {
        status: true,
        message: 'Voicemail found',
        name,
        email,
        context,
        password: secretFor(`pin ${extensionId}`),
      }
    },
    fetchNeedReload: () => ({
      status: true,
      message: reloads.isNeeded() ? 'Doreload is required' : 'Doreload is not required',
    }),
    fetchApiStatus: ({ txnId }: { txnId?: string }) => ({ status: true, message: reloads.state(txnId ?? '') }),
    system: (_: unknown, { isOlder }: { readonly isOlder: boolean }) => ({
      status: true,
      message: 'System',
      version: isOlder ? '16.0.33' : knobs.profile === '16' ? '16.0.40.7' : '17.0.19.1',
      engine: '20.9.3',
      needReload: reloads.isNeeded(),
    }),
  }
}

const absent = (message: string) => ({ status: false, message })
