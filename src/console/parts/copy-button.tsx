import { useEffect, useState } from 'react'

import { useWords } from '../words/use-words.js'
import { Button } from './button.js'
import { words } from './words.js'

const SAID_FOR_MS = 2_000

/** Puts a text on the clipboard, and says so for a moment. */
export const CopyButton = ({ text, label }: { readonly text: string; readonly label: string }) => {
  const { copy, copied } = useWords(words)
  const [isCopied, setCopied] = useState(false)
  useEffect(() => {
    if (!isCopied) return
    const timer = setTimeout(() => setCopied(false), SAID_FOR_MS)
    return () => clearTimeout(timer)
  }, [isCopied])
  return (
    <Button
      icon={isCopied ? 'check' : 'copy'}
      aria-label={isCopied ? copied : label}
      onPress={() => void navigator.clipboard.writeText(text).then(() => setCopied(true))}
    >
      {isCopied ? copied : copy}
    </Button>
  )
}
