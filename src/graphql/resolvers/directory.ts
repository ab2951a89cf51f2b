import { andThen, type Awaitable } from '../../awaitable.js'
import type { AccountLoader } from '../../loaders/account-loader.js'
import type { CollectionLoader } from '../../loaders/lists/collection-loader.js'
import { fold } from '../../loaders/lists/fold.js'
import { ListReading, type ListSource } from '../../loaders/lists/list-reading.js'
import { Listing } from '../../loaders/lists/listing.js'
import type { SortOrder } from '../../loaders/lists/order.js'
import { unreadableError } from '../../loaders/lists/unreadable.js'
import { whyUnsupported, type ResourceKind } from '../../model/capability.js'
import { DidStatus, type Did } from '../../model/did.js'
import type { Extension } from '../../model/extension.js'
import type { Group } from '../../model/group.js'
import type { ProviderResource } from '../../model/node.js'
import type { ListQuery } from '../../providers/provider.js'
import type { Context } from '../context.js'
import { connectionParts, type ConnectionParts, type FieldInfo } from './connection-parts.js'
import { DidOrderField, type DidFilter, type DidOrder } from '../types/did-connection.js'
import { ExtensionOrderField, type ExtensionFilter, type ExtensionOrder } from '../types/extension-connection.js'
import type { GroupFilter } from '../types/group-connection.js'
import { isSelected, type AccountSelection } from '../account-selection.js'
import { requireAccountIds } from '../require-ids.js'
import { pageSize } from '../page-size.js'
import type { PageArguments, SourceFailureArguments } from '../types/page-arguments.js'

type Keep<T> = (item: T) => Awaitable<boolean>

/** One kind of list: where it is read, how it is filtered and ordered. */
interface Directory<T, Filter, OrderBy> {
  readonly list: string
  readonly resource: 'DID' | 'EXTENSION' | 'GROUP'
  readonly loader: (account: AccountLoader) => CollectionLoader<T & ProviderResource> | null
  /** One check per field of the filter that is set. */
  readonly keep: (filter: Filter, context: Context) => readonly Keep<T>[]
  readonly order: (orderBy: OrderBy) => SortOrder<T>
}

type CommonFilter = AccountSelection

export interface DirectoryRequest<Filter, OrderBy> {
  /** Id of the object the list belongs to; null at the root. */
  readonly of: string | null
  readonly accounts: readonly AccountLoader[]
  readonly page: PageArguments
  readonly filter?: Filter | null
  readonly orderBy?: OrderBy | null
  readonly onSourceFailure: 'PARTIAL' | 'FAIL'
  /** Of the field that is the list. */
  readonly info: FieldInfo
}

export const DIDS: Directory<Did, DidFilter, DidOrder> = {
  list: 'dids',
  resource: 'DID',
  loader: (account) => account.dids,
  keep: ({ numbers, statuses }) => [
    ...oneOf(numbers, (did: Did) => did.number),
    ...oneOf(statuses, (did: Did) => did.status),
  ],
  order: ({ field, direction }) => ({
    direction,
    keys: field === DidOrderField.NUMBER ? (did) => [numberOf(did)] : (did) => [LIFE_CYCLE[did.status], numberOf(did)],
  }),
}

export const EXTENSIONS: Directory<Extension, ExtensionFilter, ExtensionOrder> = {
  list: 'extensions',
  resource: 'EXTENSION',
  loader: (account) => account.extensions,
  keep: ({ numbers, registrations, search }) => [
    ...oneOf(numbers, (extension: Extension) => extension.number),
    ...oneOf(registrations, (extension: Extension) => extension.registration),
    ...(search
      ? [containing<Extension>(search, ({ displayName, email, number }) => [displayName, email, number])]
      : []),
  ],
  order: ({ field, direction }) => ({
    direction,
    keys:
      field === ExtensionOrderField.NUMBER
        ? ({ number }) => [number]
        : ({ displayName, number }) => [displayName, number],
  }),
}

export const GROUPS: Directory<Group, GroupFilter, never> = {
  list: 'groups',
  resource: 'GROUP',
  loader: (account) => account.groups,
  keep: ({ kinds, numbers, search }, { loaders }) => {
    const numberOfGroup = (group: Group) => loaders.account(group.accountKey).groups!.value(group, 'internalNumber')
    const nameMatches = search ? containing<Group>(search, ({ name }) => [name]) : null
    return [
      ...oneOf(kinds, (group: Group) => group.kind),
      ...(numbers
        ? [(group: Group) => andThen(numberOfGroup(group), (number) => number !== null && numbers.includes(number))]
        : []),
      ...(search ? [(group: Group) => nameMatches!(group) || andThen(numberOfGroup(group), contains(search))] : []),
    ]
  },
  order: (never) => never,
}

/** A page of one kind of list, of these accounts together. */
export async function readDirectory<T extends ProviderResource, Filter extends CommonFilter, OrderBy extends object>(
  directory: Directory<T, Filter, OrderBy>,
  context: Context,
  { of, accounts, page, filter, orderBy, onSourceFailure, info }: DirectoryRequest<Filter, OrderBy>,
): Promise<ConnectionParts<T>> {
  const size = pageSize(page, context)
  requireAccountIds(filter?.accountIds)
  const set = setFields(filter)
  const checks = filter ? directory.keep(filter, context) : []
  const reading = new ListReading<T>({
    sources: accounts.filter(isSelected(filter)).map((account) => sourceOf(directory, account, set)),
    keep: checks.length === 0 ? null : (item) => passes(item, checks),
    order: orderBy ? directory.order(orderBy) : null,
    onSourceFailure,
    onDefect: context.onDefect,
  })
  const scope = {
    list: directory.list,
    of,
    workspace: context.viewer.workspace,
    filter: set,
    order: setFields(orderBy),
  }
  return connectionParts(reading, size, page.after, scope, context, info)
}

/** The same of all accounts of the viewer. */
export function readAllAccounts<T extends ProviderResource, Filter extends CommonFilter, OrderBy extends object>(
  directory: Directory<T, Filter, OrderBy>,
  context: Context,
  list: Pick<DirectoryRequest<Filter, OrderBy>, 'page' | 'filter' | 'orderBy' | 'info'>,
  { onSourceFailure }: SourceFailureArguments,
): Promise<ConnectionParts<T>> {
  const accounts = [...context.loaders.accounts.values()]
  return readDirectory(directory, context, {
    ...list,
    of: null,
    accounts,
    onSourceFailure: onSourceFailure ?? 'PARTIAL',
  })
}

function sourceOf<T extends ProviderResource>(
  { list, resource, loader }: Directory<T, never, never>,
  account: AccountLoader,
  { accountIds: _ids, accountKeys: _keys, ...filter }: SetFields,
): ListSource<T> {
  const collection = loader(account) as CollectionLoader<T> | null
  const fields = Object.keys(filter)
  const pushed = collection?.pushdown ?? []
  const pushedDown = fields.filter((field) => (pushed as readonly string[]).includes(field))
  const listing =
    collection && (canMeet(collection.only, filter) ? collection.list(filter as ListQuery) : Listing.of<T>([]))
  return {
    accountKey: account.account.key,
    listing,
    unreadableError: () => unreadableError(list, listing!, account.account),
    reason: collection ? undefined : reasonFor(account, resource),
    pushedDown,
    residual: fields.filter((field) => !pushedDown.includes(field)),
  }
}

/** False when the filter requires a value that the objects of this account never have. */
const canMeet = (only: object, filter: SetFields): boolean =>
  Object.entries(only as Readonly<Record<string, readonly unknown[]>>).every(
    ([field, values]) => !(field in filter) || [filter[field]].flat().some((value) => values.includes(value)),
  )

const reasonFor = ({ account: { provider } }: AccountLoader, resource: `${ResourceKind}`): string =>
  whyUnsupported(provider.capabilities, resource) ?? `This account at ${provider.name} does not have such objects.`

const oneOf = <T, V>(values: readonly V[] | null | undefined, valueOf: (item: T) => V | null): readonly Keep<T>[] => {
  if (!values) return []
  const set = new Set<V | null>(values)
  return [(item) => set.has(valueOf(item))]
}

const containing = <T>(search: string, texts: (item: T) => readonly (string | null)[]): ((item: T) => boolean) => {
  const matches = contains(search)
  return (item) => texts(item).some(matches)
}

function contains(search: string): (text: string | null) => boolean {
  const folded = fold(search)
  return (text) => text !== null && fold(text).includes(folded)
}

/**
 * One check after the other: one that costs a request runs only for items that passed those before
 * it.
 */
function passes<T>(item: T, checks: readonly Keep<T>[], from = 0): Awaitable<boolean> {
  for (let at = from; at < checks.length; at += 1) {
    const kept = checks[at]!(item)
    if (kept instanceof Promise) return kept.then((yes) => yes && passes(item, checks, at + 1))
    if (!kept) return false
  }
  return true
}

type SetFields = Readonly<Record<string, unknown>>

/**
 * The fields of an input that are set, sorted: equal inputs have equal cursors, however they are
 * written.
 */
function setFields(input: object | null | undefined): SetFields {
  const entries = Object.entries(input ?? {}).filter(([, value]) => value != null)
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)))
}

const numberOf = ({ number, rawNumber }: Did): string => number ?? rawNumber

/** The states of a number in the order of its life cycle, as text that sorts that way. */
const LIFE_CYCLE = Object.fromEntries(Object.values(DidStatus).map((status, at) => [status, String(at)])) as Record<
  DidStatus,
  string
>
