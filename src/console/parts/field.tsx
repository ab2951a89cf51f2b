import { FieldError } from 'react-aria-components/FieldError'
import { Input } from 'react-aria-components/Input'
import { Label } from 'react-aria-components/Label'
import { Text } from 'react-aria-components/Text'
import { TextArea } from 'react-aria-components/TextArea'
import { TextField, type TextFieldProps } from 'react-aria-components/TextField'

interface Props extends Omit<TextFieldProps, 'children' | 'className'> {
  readonly label: string
  readonly hint?: string
  /** What it may look like; what has to be known stands in the label or the hint. */
  readonly placeholder?: string
  /** What the server says of what was entered. */
  readonly error?: string | null
  readonly isLong?: boolean
}

/** A line to type in, with its name above it and what is wrong with it below. */
export const Field = ({ label, hint, placeholder, error = null, isLong = false, ...rest }: Props) => (
  <TextField {...rest} className="field" isInvalid={error !== null} validationBehavior="aria">
    <Label>{label}</Label>
    {isLong ? <TextArea rows={3} spellCheck={false} /> : <Input spellCheck={false} placeholder={placeholder} />}
    {hint !== undefined && <Text slot="description">{hint}</Text>}
    <FieldError>{error}</FieldError>
  </TextField>
)
