import { useMutation, useQuery } from '@apollo/client/react'
import { useEffect } from 'react'

import {
  ConsoleCancelExportDocument,
  ConsoleExportCallsDocument,
  ConsoleExportDocument,
  type CallRecordsExportInput,
  type ConsoleExportCallsMutation,
  type ConsoleExportStateFragment,
} from '../generated/graphql.js'
import { useKeptExport } from './kept-export.js'

/** How often it is asked how far a file is, ms; no phone system is asked for that. */
const ASKED_EVERY_MS = 1_000

/** What the reader can mend. */
export type ExportProblem = NonNullable<ConsoleExportCallsMutation['callRecordsExport']>['userErrors'][number]

/** A file that is being made, or was. */
export interface MadeExport {
  /** Null: none was begun. */
  readonly state: ConsoleExportStateFragment | null
  readonly isBeginning: boolean
  readonly problem: ExportProblem | null
  /** Why it was not begun. */
  readonly error: unknown
  /** Why nobody knows how far it is. */
  readonly unknown: unknown
  readonly isStopping: boolean
  /** Why it was not stopped; null: nobody tried, or it was. */
  readonly notStopped: { readonly error: unknown; readonly code: ExportProblem['code'] | null } | null
  begin(input: CallRecordsExportInput): void
  cancel(): void
  forget(): void
}

/** One file of calls, from the question to the link. */
export function useExport(): MadeExport {
  const [id, keep] = useKeptExport()
  const [begin, begun] = useMutation(ConsoleExportCallsDocument)
  const [cancel, cancelled] = useMutation(ConsoleCancelExportDocument)
  const { data, error, startPolling, stopPolling } = useQuery(ConsoleExportDocument, {
    variables: { id: id ?? '' },
    skip: id === null,
    fetchPolicy: 'network-only',
    pollInterval: ASKED_EVERY_MS,
  })
  const state = (id !== null && data?.export) || null
  const refusal = cancelled.data?.callRecordsExportCancel?.userErrors[0]?.code ?? null
  const isOver = state !== null && state.status !== 'RUNNING'
  useEffect(() => {
    if (isOver) stopPolling()
  }, [isOver, stopPolling])
  return {
    state,
    isBeginning: begun.loading,
    problem: begun.data?.callRecordsExport?.userErrors[0] ?? null,
    error: begun.error,
    unknown: error,
    isStopping: cancelled.loading,
    notStopped: cancelled.error !== undefined || refusal !== null ? { error: cancelled.error, code: refusal } : null,
    begin(input) {
      void begin({ variables: { input } }).then(({ data }) => {
        keep(data?.callRecordsExport?.export?.id ?? null)
        startPolling(ASKED_EVERY_MS)
      })
    },
    cancel: () => void (id !== null && cancel({ variables: { id } }).catch(() => {})),
    forget: () => {
      begun.reset()
      cancelled.reset()
      keep(null)
    },
  }
}
