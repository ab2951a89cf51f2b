import { createContext, useContext } from 'react'

import type { ConsoleViewerQuery } from './generated/graphql.js'

/** Who is asking, and what they may do. */
export type Viewer = ConsoleViewerQuery['viewer']

/** Whoever the key belongs to; set by `KeyGate`. */
export const ViewerContext = createContext<Viewer>({ name: null, workspace: '', scopes: [] })

/** Whether the caller has a scope. */
export const useMay = (scope: string): boolean => useContext(ViewerContext).scopes.includes(scope)

/** Whether the caller sees whole accounts, and not only one extension of them. */
export const useSeesWholeAccounts = (): boolean => useMay('telephony:read')

/** Whether the caller sees one extension only, and what belongs to it. */
export function useSeesOwnOnly(): boolean {
  const [seesOwn, seesWhole] = [useMay('telephony:read:own'), useSeesWholeAccounts()]
  return seesOwn && !seesWhole
}
