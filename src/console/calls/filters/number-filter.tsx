import { useEffect, useState } from 'react'

import { Field } from '../../parts/field.js'
import { useWords } from '../../words/use-words.js'
import { words } from './words.js'

interface Props {
  readonly value: string
  readonly isWrong: boolean
  onChange(value: string): void
}

/** A number in any spelling; looked for when it is whole: at Enter, or when the field is left. */
export function NumberFilter({ value, isWrong, onChange }: Props) {
  const said = useWords(words)
  const [typed, setTyped] = useState(value)
  useEffect(() => setTyped(value), [value])
  const done = () => typed.trim() !== value && onChange(typed.trim())
  return (
    <Field
      label={said.number}
      type="tel"
      placeholder={said.numberHint}
      value={typed}
      onChange={setTyped}
      onBlur={done}
      onKeyDown={({ key }) => key === 'Enter' && done()}
      error={isWrong && typed === value ? `${said.noNumber} ${said.noNumberHint}` : null}
    />
  )
}
