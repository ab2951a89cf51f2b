import { useQuery } from '@apollo/client/react'

import { useAllPages } from '../../graph/all-pages.js'
import { numberFirst } from '../../parts/named.js'
import {
  ConsoleCallExtensionsDocument,
  ConsoleCallGroupsDocument,
  ConsoleCallLineDocument,
} from '../generated/graphql.js'
import type { Filters } from './filters.js'

/** An extension or a group, to choose from. */
export interface Line {
  readonly id: string
  readonly kind: 'extension' | 'group'
  readonly name: string
  readonly account: string
}

/** Extensions and groups, once they are wanted; what is chosen already is named before that. */
export function useLines(isWanted: boolean, chosen: Pick<Line, 'id' | 'kind'> | null) {
  const extensions = useQuery(ConsoleCallExtensionsDocument, { skip: !isWanted })
  const groups = useQuery(ConsoleCallGroupsDocument, { skip: !isWanted })
  const one = useQuery(ConsoleCallLineDocument, {
    variables: { id: chosen?.id ?? '' },
    skip: chosen === null || isWanted,
  })
  const later = [
    useAllPages(extensions.data?.extensions, (after) => extensions.fetchMore({ variables: { after } })),
    useAllPages(groups.data?.groups, (after) => groups.fetchMore({ variables: { after } })),
  ]
  const lines: Line[] = [
    ...linesOf('group', groups.data?.groups?.edges ?? []),
    ...linesOf('extension', extensions.data?.extensions?.edges ?? []),
  ]
  if (chosen && lines.every(({ id }) => id !== chosen.id)) {
    const node = one.data?.node
    const label = node && 'label' in node ? numberFirst(node.label, node.displayNumber) : ''
    // One that there is not stands there by its id.
    if (label || node === null) lines.push({ ...chosen, name: label || chosen.id, account: '' })
  }
  return {
    lines,
    isLoading: extensions.loading || groups.loading,
    error: extensions.error ?? groups.error ?? later.flatMap(({ errors }) => errors)[0],
    /** Accounts whose lists are not all here. */
    lacking: [
      ...new Set(
        [extensions.data?.extensions, groups.data?.groups].flatMap((list) =>
          (list?.sources ?? [])
            .filter(({ state }) => state === 'FAILED' || state === 'PARTIAL')
            .map(({ account }) => account.label),
        ),
      ),
    ],
    again() {
      for (const [at, { isStopped, goOn, forget }] of later.entries()) {
        if (isStopped) goOn()
        else {
          forget()
          void [extensions, groups][at]!.refetch().catch(() => {})
        }
      }
    },
  }
}

/**
 * Whether an extension or group is none that the reader may see; null: not known yet. `isDoubtful`: no call came of it,
 * which alone is a reason to ask.
 */
export function useIsUnknown({ extension, group }: Pick<Filters, Line['kind']>, isDoubtful: boolean): boolean | null {
  const id = extension || group
  const { data, error } = useQuery(ConsoleCallLineDocument, { variables: { id }, skip: id === '' || !isDoubtful })
  if (id === '' || !isDoubtful || error !== undefined) return false
  return data === undefined ? null : data.node?.__typename !== (extension ? 'Extension' : 'Group')
}

interface Listed {
  readonly node: {
    readonly id: string
    readonly label: string
    readonly number?: string | null
    readonly account: { readonly label: string }
  }
}

const linesOf = (kind: Line['kind'], edges: readonly Listed[]): readonly Line[] =>
  edges.map(({ node: { id, label, number, account } }) => ({
    ...{ id, kind, name: numberFirst(label, number), account: account.label },
  }))
