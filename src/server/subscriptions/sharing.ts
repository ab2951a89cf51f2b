import type { DocumentNode } from 'graphql'

import type { ExecutedFor } from './event-execution.js'

/**
 * Equal for subscriptions whose events have the same results: the same operation and variables but
 * for the cursor, and the same rights. Where an event may hold a credential, such as a signed link,
 * that is made for one caller, and nobody else is of its group.
 */
export function groupKey(
  { subscription, caller: { identity, viewer }, explain }: ExecutedFor,
  selectsCredential: (document: DocumentNode) => boolean,
): string {
  const { document, operation, variables, cursorVariable } = subscription
  const { [cursorVariable ?? '']: _cursor, ...others } = variables
  const declared = (operation.variableDefinitions ?? []).map(({ variable }) => variable.name.value)
  return JSON.stringify([
    document.loc?.source.body,
    operation.name?.value,
    declared.map((name) => others[name] ?? null),
    declared.filter((name) => name in others),
    viewer.workspace,
    [...viewer.scopes].sort(),
    viewer.extension,
    explain,
    selectsCredential(document) ? identity : null,
  ])
}
