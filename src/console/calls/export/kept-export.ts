import { useEffect, useState } from 'react'
import { useSearch } from 'wouter'

import { onCallerKey } from '../../graph/caller-key.js'

/** The last file that was begun: whoever looks at another view meanwhile finds it again. */
let lastId: string | null = null
onCallerKey(() => {
  lastId = null
  note(null)
})

/** The same, after the page was loaded anew: it stands beside the address, and is stored nowhere. */
const noted = () => (history.state as { readonly exportId?: string } | null)?.exportId ?? null

function note(id: string | null): void {
  if (id === noted()) return
  const { exportId: _, ...others } = (history.state ?? {}) as { readonly exportId?: string }
  history.replaceState(id === null ? others : { ...others, exportId: id }, '')
}

/** The id of the last file that was begun, and how to keep that of another; null: there is none. */
export function useKeptExport(): readonly [id: string | null, keep: (id: string | null) => void] {
  const [id, setId] = useState(() => lastId ?? noted())
  const search = useSearch()
  // Each choice of filters is another entry of the browser's history.
  useEffect(() => {
    lastId = id
    note(id)
  }, [id, search])
  return [id, setId]
}
