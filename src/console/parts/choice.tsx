import { Button } from 'react-aria-components/Button'
import { Label } from 'react-aria-components/Label'
import { ListBox, ListBoxItem } from 'react-aria-components/ListBox'
import { Popover } from 'react-aria-components/Popover'
import { Select, SelectValue } from 'react-aria-components/Select'

import { Icon } from './icon.js'

interface Props<Value extends string> {
  readonly label: string
  readonly value: Value
  readonly options: readonly { readonly value: Value; readonly name: string; readonly language?: string }[]
  onChange(value: Value): void
}

/** One of a few, from a list that opens. */
export const Choice = <Value extends string>({ label, value, options, onChange }: Props<Value>) => (
  <Select className="field" value={value} onChange={(key) => onChange(key as Value)}>
    <Label>{label}</Label>
    <Button className="choice">
      <SelectValue />
      <Icon name="chevron" />
    </Button>
    <Popover className="popover">
      <ListBox className="options">
        {options.map((option) => (
          <ListBoxItem key={option.value} id={option.value} className="option" textValue={option.name}>
            <span lang={option.language}>{option.name}</span>
          </ListBoxItem>
        ))}
      </ListBox>
    </Popover>
  </Select>
)
