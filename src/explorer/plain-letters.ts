import { useMonaco } from '@graphiql/react'
import { useEffect } from 'react'

/**
 * The editor frames letters that could be taken for others, among them the dotless ı: right for source code of strangers,
 * wrong for the names of people in İzmir.
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
