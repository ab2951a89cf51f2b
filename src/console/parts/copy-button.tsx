import { useEffect, useState } from 'react'
import { Input } from 'react-aria-components/Input'
import { Label } from 'react-aria-components/Label'
import { TextField } from 'react-aria-components/TextField'

import { useWords } from '../words/use-words.js'
import { Button } from './button.js'
import { words } from './words.js'

const SAID_FOR_MS = 2_000

/** Puts a text on the clipboard, and says so for a moment; where the browser forbids it, shows the text, selected. */
export const CopyButton = ({ text, label }: { readonly text: string; readonly label: string }) => {
  const { copy, copied, copyByHand } = useWords(words)
  const [isCopied, setCopied] = useState(false)
  const [refusals, setRefusals] = useState(0)
  useEffect(() => {
    if (!isCopied) return
    const timer = setTimeout(() => setCopied(false), SAID_FOR_MS)
    return () => clearTimeout(timer)
  }, [isCopied])
  const write = async () => {
    try {
      // Over plain http there is no clipboard: this throws as well.
      await navigator.clipboard.writeText(text)
      setCopied(true)
      setRefusals(0)
    } catch {
      setRefusals((count) => count + 1)
    }
  }
  return (
    <>
      <Button icon={isCopied ? 'check' : 'copy'} aria-label={isCopied ? copied : label} onPress={() => void write()}>
        {isCopied ? copied : copy}
      </Button>
      {refusals > 0 && (
        <TextField key={refusals} className="field copy-by-hand" value={text} isReadOnly autoFocus>
          <Label>{copyByHand}</Label>
          <Input onFocus={(event) => event.currentTarget.select()} />
        </TextField>
      )}
    </>
  )
}
