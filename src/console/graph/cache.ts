import { InMemoryCache, type FieldMergeFunction, type FieldPolicy, type TypePolicies } from '@apollo/client'
import { relayStylePagination } from '@apollo/client/utilities'

import { POSSIBLE_TYPES } from './possible-types.js'

/** Objects without an id belong to the object that has them: what one view asks for adds to what another did. */
const VALUES = [
  'AccountHealth',
  'AccountProfile',
  'ArchiveStatus',
  'Authorization',
  'CallParty',
  'Viewer',
  'WebhookEndpoint',
] as const

/** An id names one object of the whole graph: `node(id:)` finds what is there already. */
const node: FieldPolicy = {
  read: (known, { args, toReference }) => known ?? toReference(String(args?.['id'])),
}

/** What makes a list another list. */
const LIST_ARGUMENTS = ['filter', 'orderBy', 'onSourceFailure']

/** Read page by page. */
const pages = () => relayStylePagination(LIST_ARGUMENTS)

interface Sourced {
  /** Only where the document asks for them. */
  readonly sources?: readonly unknown[]
}

/** The same of several accounts: what one page lacks is lacking still when the next has come. */
function sourcedPages(): FieldPolicy {
  const policy = pages() as FieldPolicy<Sourced | null>
  const merge = policy.merge as FieldMergeFunction<Sourced | null>
  return {
    ...policy,
    merge(known, page, options) {
      const all = merge(known, page, options)
      if (options.args?.['after'] == null || !known || !page || !all) return all
      return { ...all, ...(page.sources && { sources: [...(known.sources ?? []), ...page.sources] }) }
    },
  }
}

interface Log {
  readonly pageInfo: { readonly endCursor?: string | null }
  readonly edges: readonly unknown[]
  readonly sources: readonly unknown[]
}

/** The log of calls, likewise; what each page lacks is kept until it is there. */
const log: FieldPolicy<Log | null> = {
  keyArgs: LIST_ARGUMENTS,
  merge(known, page, { args }) {
    const after = args?.['after'] as string | null | undefined
    if (after == null || !known) return page
    // The same page asked twice is there once.
    if (!page || known.pageInfo.endCursor !== after) return known
    return { ...page, edges: [...known.edges, ...page.edges], sources: [...known.sources, ...page.sources] }
  },
}

const typePolicies: TypePolicies = {
  ...Object.fromEntries(VALUES.map((type) => [type, { merge: true }])),
  Query: {
    fields: {
      ...{ node, accounts: pages(), callRecords: log },
      ...{ dids: sourcedPages(), extensions: sourcedPages(), groups: sourcedPages() },
    },
  },
}

/** Keeps each object once, by its id. */
export const newCache = (): InMemoryCache =>
  new InMemoryCache({
    possibleTypes: POSSIBLE_TYPES,
    dataIdFromObject: ({ id }) => (typeof id === 'string' ? id : undefined),
    typePolicies,
  })
