import { useState } from 'react'
import { Autocomplete } from 'react-aria-components/Autocomplete'
import { Button } from 'react-aria-components/Button'
import { Input } from 'react-aria-components/Input'
import { Label } from 'react-aria-components/Label'
import { ListBox, ListBoxItem } from 'react-aria-components/ListBox'
import { Popover } from 'react-aria-components/Popover'
import { SearchField } from 'react-aria-components/SearchField'
import { Select, SelectValue } from 'react-aria-components/Select'

import { Icon } from '../../parts/icon.js'
import { useFormats } from '../../words/formats.js'
import { finder } from '../../words/search.js'
import { useWords } from '../../words/use-words.js'
import type { Filters } from './filters.js'
import { useLines, type Line } from './lines.js'
import { words } from './words.js'

interface Props {
  readonly filters: Pick<Filters, 'extension' | 'group'>
  onChange(filters: Pick<Filters, 'extension' | 'group'>): void
}

/** One extension or one group, found by a part of its name or number. */
export function LineFilter({ filters: { extension, group }, onChange }: Props) {
  const said = useWords(words)
  const { locale, list } = useFormats()
  const [isWanted, setWanted] = useState(false)
  const kind = extension ? 'extension' : 'group'
  const { lines, isLoading, error, lacking, again } = useLines(
    isWanted,
    extension || group ? { id: extension || group, kind } : null,
  )
  const choose = (id: unknown) => {
    const line = lines.find((one) => one.id === id)
    onChange({ extension: '', group: '', ...(line && { [line.kind]: line.id }) })
  }
  // Whoever opens it anew asks anew for what it lacks.
  const open = (isOpen: boolean) => {
    if (isOpen && (error !== undefined || lacking.length > 0)) again()
    if (isOpen) setWanted(true)
  }
  const all: Line = { id: '', kind: 'group', name: said.allLines, account: '' }
  return (
    <Select className="field" value={extension || group} onChange={choose} onOpenChange={open}>
      <Label>{said.line}</Label>
      <Button className="choice">
        <SelectValue>{({ selectedText }) => selectedText}</SelectValue>
        <Icon name="chevron" />
      </Button>
      <Popover className="popover lines">
        <Autocomplete filter={(name, typed) => finder(typed, locale)({ names: [name], numbers: [] })}>
          <SearchField className="search" aria-label={said.line} autoFocus>
            <Icon name="search" />
            <Input placeholder={said.lineHint} spellCheck={false} />
          </SearchField>
          <ListBox
            className="options"
            items={[all, ...lines]}
            renderEmptyState={() => <p className="option muted">{said.noLine}</p>}
          >
            {(line) => (
              <ListBoxItem id={line.id} className="option line-option" textValue={line.name}>
                <span>{line.name}</span>
                {line.id && (
                  <small>
                    {said[line.kind]}
                    {line.account && ` · ${line.account}`}
                  </small>
                )}
              </ListBoxItem>
            )}
          </ListBox>
          {(isLoading || error !== undefined || lacking.length > 0) && (
            <p role="status" className="option muted">
              {isLoading ? said.loading : lacking.length > 0 ? said.linesLack(list(lacking)) : said.linesFailed}
            </p>
          )}
        </Autocomplete>
      </Popover>
    </Select>
  )
}
