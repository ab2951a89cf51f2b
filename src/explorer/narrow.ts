import { useGraphiQL, useGraphiQLActions } from '@graphiql/react'
import { useEffect } from 'react'

/** As in explorer.css: a window where the side panel covers the editors. */
export const isNarrow = (): boolean => window.matchMedia('(max-width: 720px)').matches

/** In a narrow window: closes the side panel once a query has been opened from it. */
export function NarrowPanel(): null {
  const queryEditor = useGraphiQL((state) => state.queryEditor)
  const { setVisiblePlugin } = useGraphiQLActions()
  useEffect(() => {
    const listening = queryEditor?.onDidChangeModelContent(() => {
      if (isNarrow()) setVisiblePlugin(null)
    })
    return () => listening?.dispose()
  }, [queryEditor, setVisiblePlugin])
  return null
}
