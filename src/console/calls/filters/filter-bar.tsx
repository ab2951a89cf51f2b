import { Button as Widget } from 'react-aria-components/Button'
import { Disclosure, DisclosurePanel } from 'react-aria-components/Disclosure'

import { useSeesWholeAccounts } from '../../frame/viewer.js'
import { Button } from '../../parts/button.js'
import { AccountChoice } from '../../parts/account-choice.js'
import { Choice } from '../../parts/choice.js'
import { DateField } from '../../parts/date-field.js'
import { Icon } from '../../parts/icon.js'
import { Tick } from '../../parts/tick.js'
import { useWords } from '../../words/use-words.js'
import type { CallAccount } from '../accounts.js'
import { words as calls } from '../words.js'
import { areSwapped, countOf, DIRECTIONS, OUTCOMES, PERIODS } from './filters.js'
import { LineFilter } from './line-filter.js'
import { NumberFilter } from './number-filter.js'
import type { FiltersInAddress } from './use-filters.js'
import { words } from './words.js'

interface Props extends FiltersInAddress {
  readonly accounts: readonly CallAccount[]
  /** What was typed is no number. */
  readonly isNoNumber: boolean
  /** There is no room for all of them: they are behind a button. */
  readonly isNarrow: boolean
}

/** What of the log is looked at. */
export function FilterBar(props: Props) {
  const said = useWords(words)
  const count = countOf(props.filters)
  if (!props.isNarrow) return <FilterFields {...props} />
  return (
    <Disclosure className="filters-folded">
      <Widget slot="trigger" className="button">
        <Icon name="chevron" />
        <span>{said.filters}</span>
        {count > 0 && <small>{said.set(count)}</small>}
      </Widget>
      <DisclosurePanel>
        <FilterFields {...props} />
      </DisclosurePanel>
    </Disclosure>
  )
}

function FilterFields({ filters, change, clear, accounts, isNoNumber }: Props) {
  const said = useWords(words)
  const { direction, outcome } = useWords(calls)
  const whole = useSeesWholeAccounts()
  return (
    <div className="call-filters" role="group" aria-label={said.filters}>
      <NumberFilter value={filters.number} isWrong={isNoNumber} onChange={(number) => change({ number })} />
      {whole && (
        <>
          <LineFilter filters={filters} onChange={change} />
          <AccountChoice accounts={accounts} value={filters.account} onChange={(account) => change({ account })} />
        </>
      )}
      <Choice
        label={said.period}
        value={filters.period}
        options={[
          { value: '', name: said.periods.all },
          ...[...PERIODS, 'dates' as const].map((value) => ({ value, name: said.periods[value] })),
        ]}
        onChange={(period) => change({ period, ...(period !== 'dates' && { from: '', until: '' }) })}
      />
      {filters.period === 'dates' && (
        <>
          <DateField label={said.from} value={filters.from} onChange={(from) => change({ from })} />
          <DateField
            label={said.until}
            value={filters.until}
            onChange={(until) => change({ until })}
            error={areSwapped(filters) ? said.swapped : null}
          />
        </>
      )}
      <Choice
        label={said.direction}
        value={filters.direction}
        options={[
          { value: '', name: said.allDirections },
          ...DIRECTIONS.map((value) => ({ value, name: direction[value] })),
        ]}
        onChange={(direction) => change({ direction })}
      />
      <Choice
        label={said.outcome}
        value={filters.outcome}
        options={[{ value: '', name: said.allOutcomes }, ...OUTCOMES.map((value) => ({ value, name: outcome[value] }))]}
        onChange={(outcome) => change({ outcome })}
      />
      <div className="filters-end">
        <Tick
          isSelected={filters.recording !== ''}
          onChange={(isSelected) => change({ recording: isSelected ? 'yes' : '' })}
        >
          {said.recorded}
        </Tick>
        {countOf(filters) > 0 && (
          <Button look="quiet" icon="close" onPress={clear}>
            {said.clear}
          </Button>
        )}
      </div>
    </div>
  )
}
