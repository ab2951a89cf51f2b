import { useWords } from '../words/use-words.js'
import { Button } from './button.js'
import { Choice } from './choice.js'
import { Empty } from './states.js'
import { words } from './words.js'

interface Props {
  /** None while they are asked for. */
  readonly accounts: readonly { readonly key: string; readonly label: string }[]
  /** The key of the account that is looked at; empty: all are. */
  readonly value: string
  onChange(key: string): void
}

/** Whether the account that stands in the address is none of those that there are. */
export const isUnknownAccount = ({ accounts, value }: Pick<Props, 'accounts' | 'value'>): boolean =>
  value !== '' && accounts.length > 0 && accounts.every(({ key }) => key !== value)

/** Which account a view shows; one that there is not stands there by its key. */
export function AccountChoice({ accounts, value, onChange }: Props) {
  const said = useWords(words)
  const options = [
    { value: '', name: said.allAccounts },
    ...accounts.map(({ key, label }) => ({ value: key, name: label })),
    ...(isUnknownAccount({ accounts, value }) ? [{ value, name: value }] : []),
  ]
  return <Choice label={said.account} value={value} options={options} onChange={onChange} />
}

/** Stands in the place of what a view would show of an account that there is not. */
export function UnknownAccount({ value, onChange }: Omit<Props, 'accounts'>) {
  const said = useWords(words)
  return (
    <div role="status">
      <Empty title={said.unknownAccount(value)} hint={said.unknownAccountHint}>
        <Button onPress={() => onChange('')}>{said.showAllAccounts}</Button>
      </Empty>
    </div>
  )
}
