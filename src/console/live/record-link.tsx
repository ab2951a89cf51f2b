import { useQuery } from '@apollo/client/react'
import { Link } from 'wouter'

import { useWords } from '../words/use-words.js'
import { ConsoleRecordOfCallDocument } from './generated/graphql.js'
import { words } from './words.js'

/** Leads to a call's record in the log, once it is there. */
export function RecordLink({ event }: { readonly event: string | null }) {
  const said = useWords(words)
  const { data } = useQuery(ConsoleRecordOfCallDocument, { variables: { event: event ?? '' }, skip: event === null })
  const record = data?.node?.__typename === 'CallEvent' ? data.node.callRecord : null
  return record ? (
    <Link href={`/calls?call=${encodeURIComponent(record.id)}`}>{said.record}</Link>
  ) : (
    <small>{said.noRecord}</small>
  )
}
