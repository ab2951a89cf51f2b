import { useMonaco } from '@graphiql/react'
import { useEffect } from 'react'

const OPTIONS = {
  // Highlights letters that look like others, such as the dotless ı: wrong for names from İzmir.
  unicodeHighlight: { ambiguousCharacters: false },
  // Half a window is narrow, and a phone is narrower.
  wordWrap: 'on',
} as const

/** Sets what GraphiQL has no property for, in every editor there is and will be. */
export function EditorOptions(): null {
  const monaco = useMonaco((state) => state.monaco)
  useEffect(() => {
    if (!monaco) return
    for (const editor of monaco.editor.getEditors()) editor.updateOptions(OPTIONS)
    const listening = monaco.editor.onDidCreateEditor((editor) => editor.updateOptions(OPTIONS as never))
    return () => listening.dispose()
  }, [monaco])
  return null
}
