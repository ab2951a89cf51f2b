import { useQuery } from '@apollo/client/react'

import { useSeesWholeAccounts } from '../frame/viewer.js'
import { ConsoleZonesDocument } from './generated/graphql.js'

/** The zone of this browser. */
const ownZone = (): string => new Intl.DateTimeFormat().resolvedOptions().timeZone

/** The zones that are offered. */
export interface Zones {
  /** In which figures are unless another is chosen; null: not known yet. */
  readonly usual: string | null
  /** All that are worth offering. */
  readonly all: readonly string[]
  readonly error: unknown
  again(): void
}

/** The zones that accounts are in: the first with an archive has the usual one. */
export function useZones(): Zones {
  const whole = useSeesWholeAccounts()
  const { data, error, refetch } = useQuery(ConsoleZonesDocument, { variables: { whole } })
  const accounts = data?.accounts.edges.map(({ node }) => node)
  const usual = (accounts?.find(({ archive }) => archive) ?? accounts?.[0])?.timeZone ?? ownZone()
  return {
    usual: accounts ? usual : null,
    all: [...new Set([...(accounts ?? []).map(({ timeZone }) => timeZone).sort(), ownZone(), 'UTC'])],
    error: accounts ? undefined : error,
    again: () => void refetch(),
  }
}
