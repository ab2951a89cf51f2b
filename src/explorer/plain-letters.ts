import { useMonaco } from '@graphiql/react'
import { useEffect } from 'react'

/**
 * The editor highlights letters that look like others, such as the dotless ı: useful for foreign
 * source code, wrong for names from İzmir.
 */
export function PlainLetters(): null {
  const monaco = useMonaco((state) => state.monaco)
  useEffect(() => {
    if (!monaco) return
    const plain = { unicodeHighlight: { ambiguousCharacters: false } }
    for (const editor of monaco.editor.getEditors()) editor.updateOptions(plain)
    const listening = monaco.editor.onDidCreateEditor((editor) => editor.updateOptions(plain as never))
    return () => listening.dispose()
  }, [monaco])
  return null
}
