import { InvalidInput } from '../errors.js'
import { parseGlobalId, type NodeType } from '../model/id.js'
import type { AccountSelection } from './account-selection.js'

/**
 * Checks that every id of an argument could name an object of this type. Whether there is such an
 * object is not asked, so that this tells nothing of other workspaces.
 *
 * @throws InvalidInput that names the argument, its place in the list, and what belongs there.
 */
export function requireIds(
  argument: string,
  ids: readonly string[] | null | undefined,
  type: NodeType,
  otherwise = '',
): void {
  const wrong = ids?.findIndex((id) => parseGlobalId(id)?.type !== type) ?? -1
  if (wrong === -1) return
  throw new InvalidInput(
    `\`${argument}[${wrong}]\` is not the id of ${ARTICLES[type]}; take the \`id\` that the graph gives.${otherwise}`,
  )
}

/** @throws InvalidInput as `requireIds`; says what takes the keys of the configuration. */
export const requireAccountIds = (ids: readonly string[] | null | undefined): void =>
  requireIds('filter.accountIds', ids, 'Account', ' `accountKeys` takes the keys of the configuration.')

/** The ids of a filter of calls: accounts, extensions, groups and numbers. @throws InvalidInput as `requireIds`. */
export function requireCallFilterIds(
  filter:
    | (AccountSelection & Partial<Record<'extensionIds' | 'groupIds' | 'didIds', readonly string[] | null>>)
    | null
    | undefined,
): void {
  requireAccountIds(filter?.accountIds)
  requireIds('filter.extensionIds', filter?.extensionIds, 'Extension')
  requireIds('filter.groupIds', filter?.groupIds, 'Group')
  requireIds('filter.didIds', filter?.didIds, 'Did')
}

const ARTICLES: Readonly<Record<NodeType, string>> = {
  Provider: 'a Provider',
  Account: 'an Account',
  Did: 'a Did',
  Extension: 'an Extension',
  Group: 'a Group',
  AutoAttendant: 'an AutoAttendant',
  CallRecord: 'a CallRecord',
  CallLeg: 'a CallLeg',
  Recording: 'a Recording',
  LiveCall: 'a LiveCall',
  CallEvent: 'a CallEvent',
  ProviderChange: 'a ProviderChange',
  CallRecordChange: 'a CallRecordChange',
  CallRecordExport: 'a CallRecordExport',
}
