import { Button } from '../../parts/button.js'
import { Empty, Failed } from '../../parts/states.js'
import { useWords } from '../../words/use-words.js'
import { areSwapped } from './filters.js'
import type { FiltersInAddress } from './use-filters.js'
import type { MeantNumbers } from './use-numbers.js'
import { words } from './words.js'

interface Props extends FiltersInAddress {
  readonly meant: MeantNumbers
  /** There is no such extension or group. */
  readonly isUnknownLine: boolean
}

/** Why no call can be looked for with these filters, and what to do; nothing where some can. */
export function NotAsked({ filters, meant, isUnknownLine, change, clear }: Props) {
  const said = useWords(words)
  if (areSwapped(filters))
    return (
      <Empty title={said.swapped}>
        <Button onPress={() => change({ from: filters.until, until: filters.from })}>{said.swap}</Button>
      </Empty>
    )
  if (meant.error !== undefined) return <Failed title={said.notLookedUp} error={meant.error} onRetry={meant.again} />
  if (isUnknownLine)
    return (
      <div role="status">
        <Empty title={filters.extension ? said.unknownExtension : said.unknownGroup} hint={said.unknownLineHint}>
          <Button onPress={() => change({ extension: '', group: '' })}>{said.showAllLines}</Button>
        </Empty>
      </div>
    )
  if (filters.number === '' || meant.numbers?.length !== 0) return null
  return (
    <Empty title={said.noNumber} hint={said.noNumberHint}>
      <Button onPress={clear}>{said.clear}</Button>
    </Empty>
  )
}
