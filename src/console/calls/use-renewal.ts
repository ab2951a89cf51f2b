import { useState } from 'react'

import { client } from '../graph/client.js'
import { ConsoleCallsDocument, type ConsoleCallsQueryVariables } from './generated/graphql.js'

interface Renewal {
  /** Why what was asked for now could not be read anew. */
  readonly error: unknown
  readonly isPending: boolean
  /** How often a log was read anew. */
  readonly count: number
  begin(): void
}

/** Reads the log anew: what was read before stays until something newer is there. */
export function useRenewal(variables: ConsoleCallsQueryVariables, onRenewed: () => void): Renewal {
  const of = JSON.stringify(variables)
  const [state, setState] = useState<{ of: string; isPending: boolean; error?: unknown } | null>(null)
  const [count, setCount] = useState(0)
  const { isPending, error } = state?.of === of ? state : { isPending: false, error: undefined }
  const begin = async () => {
    if (isPending) return
    // What went wrong is said until it is known to be right again.
    setState({ of, isPending: true, error })
    const { data, error: cause } = await client
      .query({ query: ConsoleCallsDocument, variables, fetchPolicy: 'no-cache' })
      .catch((cause: unknown) => ({ data: undefined, error: cause }))
    const isRead = data?.callRecords != null
    if (isRead) {
      client.writeQuery({ query: ConsoleCallsDocument, variables, data })
      onRenewed()
      setCount((before) => before + 1)
    }
    setState((now) => (now?.of === of ? { of, isPending: false, ...(!isRead && { error: cause }) } : now))
  }
  return { error, isPending, count, begin: () => void begin() }
}
