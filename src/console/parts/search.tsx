import { Input } from 'react-aria-components/Input'
import { SearchField } from 'react-aria-components/SearchField'

import { Icon } from './icon.js'

interface Props {
  readonly label: string
  readonly value: string
  onChange(value: string): void
}

/** A line to type what is looked for. */
export const Search = ({ label, value, onChange }: Props) => (
  <SearchField className="search" aria-label={label} value={value} onChange={onChange}>
    <Icon name="search" />
    <Input placeholder={label} spellCheck={false} />
  </SearchField>
)
