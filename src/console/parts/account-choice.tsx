import { useWords } from '../words/use-words.js'
import { Choice } from './choice.js'
import { words } from './words.js'

interface Props {
  readonly accounts: readonly { readonly key: string; readonly label: string }[]
  /** The key of the account that is looked at; empty: all are. */
  readonly value: string
  onChange(key: string): void
}

/** Which account a view shows. */
export function AccountChoice({ accounts, value, onChange }: Props) {
  const said = useWords(words)
  const all = { value: '', name: said.allAccounts }
  const options = [all, ...accounts.map(({ key, label }) => ({ value: key, name: label }))]
  return <Choice label={said.account} value={value} options={options} onChange={onChange} />
}
