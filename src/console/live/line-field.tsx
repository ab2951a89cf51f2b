import { Button } from 'react-aria-components/Button'
import { ComboBox } from 'react-aria-components/ComboBox'
import { FieldError } from 'react-aria-components/FieldError'
import { Input } from 'react-aria-components/Input'
import { Label } from 'react-aria-components/Label'
import { ListBox, ListBoxItem } from 'react-aria-components/ListBox'
import { Popover } from 'react-aria-components/Popover'
import { Text } from 'react-aria-components/Text'

import { Icon } from '../parts/icon.js'
import { useWords } from '../words/use-words.js'
import type { Line } from './lines.js'
import { words } from './words.js'

interface Props {
  readonly label: string
  readonly hint?: string
  readonly error?: string | null
  readonly lines: readonly Line[]
  readonly chosen: string | null
  onChoose(id: string | null): void
  /** Where something else than a line may be typed, too. */
  readonly typed?: string
  onType?(text: string): void
}

/** A line, found by a part of its name or number. */
export function LineField({ label, hint, error = null, lines, chosen, onChoose, typed, onType }: Props) {
  const { noLine } = useWords(words)
  const first = lines.find(({ id }) => id === chosen)
  const several = new Set(lines.map(({ account }) => account.id)).size > 1
  return (
    <ComboBox
      className="field"
      autoFocus
      isRequired
      isInvalid={error !== null}
      validationBehavior="aria"
      defaultItems={lines}
      selectedKey={chosen}
      // React Aria fills the field with what is chosen only when somebody chooses it.
      {...(first && { defaultInputValue: nameOf(first) })}
      onSelectionChange={(key) => onChoose(key === null ? null : String(key))}
      allowsEmptyCollection={!onType}
      {...(onType && { allowsCustomValue: true, inputValue: typed ?? '', onInputChange: onType })}
    >
      <Label>{label}</Label>
      <div className="live-line">
        <Input spellCheck={false} autoComplete="off" />
        <Button>
          <Icon name="chevron" />
        </Button>
      </div>
      {hint !== undefined && <Text slot="description">{hint}</Text>}
      <FieldError>{error}</FieldError>
      <Popover className="popover">
        <ListBox className="options" renderEmptyState={() => <p className="muted">{noLine}</p>}>
          {(line: Line) => (
            <ListBoxItem id={line.id} className="option" textValue={nameOf(line)}>
              <span>{nameOf(line)}</span> {several && <small>{line.account.label}</small>}
            </ListBoxItem>
          )}
        </ListBox>
      </Popover>
    </ComboBox>
  )
}

const nameOf = ({ number, label }: Line): string => (label === number ? number : `${number} ${label}`)
