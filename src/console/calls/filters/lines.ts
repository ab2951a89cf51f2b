import { useQuery } from '@apollo/client/react'
import { useEffect } from 'react'

import {
  ConsoleCallExtensionsDocument,
  ConsoleCallGroupsDocument,
  ConsoleCallLineDocument,
} from '../generated/graphql.js'

/** An extension or a group, to choose from. */
export interface Line {
  readonly id: string
  readonly kind: 'extension' | 'group'
  readonly name: string
  readonly account: string
}

/** As many are fetched by themselves. */
const MOST = 2_000

/** Extensions and groups, once they are wanted; what is chosen already is named before that. */
export function useLines(isWanted: boolean, chosen: Pick<Line, 'id' | 'kind'> | null) {
  const extensions = useQuery(ConsoleCallExtensionsDocument, { skip: !isWanted })
  const groups = useQuery(ConsoleCallGroupsDocument, { skip: !isWanted })
  const one = useQuery(ConsoleCallLineDocument, {
    variables: { id: chosen?.id ?? '' },
    skip: chosen === null || isWanted,
  })
  useRest(extensions.data?.extensions, (after) => void extensions.fetchMore({ variables: { after } }))
  useRest(groups.data?.groups, (after) => void groups.fetchMore({ variables: { after } }))
  const lines: Line[] = [
    ...linesOf('group', groups.data?.groups?.edges ?? []),
    ...linesOf('extension', extensions.data?.extensions?.edges ?? []),
  ]
  if (chosen && lines.every(({ id }) => id !== chosen.id)) {
    const node = one.data?.node
    const label = node && 'label' in node ? nameOf(node.label, node.displayNumber) : ''
    if (label) lines.push({ ...chosen, name: label, account: '' })
  }
  return {
    lines,
    isLoading: extensions.loading || groups.loading,
    error: extensions.error ?? groups.error,
  }
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
    ...{ id, kind, name: nameOf(label, number), account: account.label },
  }))

/** With its number, where the name does not say it. */
const nameOf = (label: string, number: string | null | undefined): string =>
  number == null || label.includes(number) ? label : `${number} ${label}`

interface Pages {
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor?: string | null }
  readonly edges: readonly unknown[]
}

/** Asks for page after page, so that whoever types finds everybody. */
function useRest(pages: Pages | null | undefined, fetchAfter: (cursor: string) => void): void {
  const { hasNextPage = false, endCursor } = pages?.pageInfo ?? {}
  const isEnough = (pages?.edges.length ?? 0) >= MOST
  useEffect(() => {
    if (hasNextPage && endCursor != null && !isEnough) fetchAfter(endCursor)
    // The function is another one each time; what it depends on is the cursor.
  }, [hasNextPage, endCursor, isEnough])
}
