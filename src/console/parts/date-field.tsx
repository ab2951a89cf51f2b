import { useEffect, useRef, useState, type KeyboardEvent } from 'react'
import { FieldError } from 'react-aria-components/FieldError'
import { Input } from 'react-aria-components/Input'
import { Label } from 'react-aria-components/Label'
import { TextField } from 'react-aria-components/TextField'

import { useWords } from '../words/use-words.js'
import { FIRST_DAY, isDay, LAST_DAY, type Day } from '../words/zone-days.js'
import { words } from './words.js'

interface Props {
  readonly label: string
  /** The day that is looked at; empty: any. */
  readonly value: Day
  readonly isRequired?: boolean
  /** What is wrong with that day. */
  readonly error?: string | null
  onChange(day: Day): void
}

/** Keys that change a part of a day; others open the calendar of the browser, or go on. */
const TYPING = /^(\d|Backspace|Delete|ArrowUp|ArrowDown)$/

/** A day; one that is typed counts once it is whole: at Enter, or when the field is left. */
export function DateField({ label, value, isRequired = false, error = null, onChange }: Props) {
  const { noDay } = useWords(words)
  const input = useRef<HTMLInputElement>(null)
  const [typed, setTyped] = useState(value)
  const [isWrong, setWrong] = useState(false)
  const isTyping = useRef(false)
  useEffect(() => {
    setTyped(value)
    setWrong(false)
  }, [value])
  const done = () => {
    const { value: day, validity } = input.current!
    // Of a day that is not whole the browser says only that there is none.
    const isNone = day === '' && !validity.badInput && !isRequired
    const isRight = isNone || isDay(day)
    setWrong(!isRight)
    if (isRight && day !== value) onChange(day)
  }
  const change = (day: string) => {
    setTyped(day)
    setWrong(false)
    if (!isTyping.current) done()
  }
  const press = ({ key, altKey }: KeyboardEvent) => {
    isTyping.current = TYPING.test(key) && !altKey
    if (key === 'Enter') done()
  }
  return (
    <TextField
      className="field"
      type="date"
      value={typed}
      onChange={change}
      onKeyDown={press}
      onKeyUp={() => (isTyping.current = false)}
      onBlur={done}
      isRequired={isRequired}
      isInvalid={isWrong || error !== null}
      validationBehavior="aria"
    >
      <Label>{label}</Label>
      <Input ref={input} min={FIRST_DAY} max={LAST_DAY} />
      <FieldError>{isWrong ? noDay : error}</FieldError>
    </TextField>
  )
}
