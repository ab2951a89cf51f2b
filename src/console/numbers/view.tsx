import './numbers.css'

import { useMemo } from 'react'

import { AccountChoice, isUnknownAccount, UnknownAccount } from '../parts/account-choice.js'
import { useAddress } from '../parts/address.js'
import { Search } from '../parts/search.js'
import { useFormats } from '../words/formats.js'
import { finder } from '../words/search.js'
import { useWords } from '../words/use-words.js'
import { DidRow } from './did-row.js'
import { ExtensionRow } from './extension-row.js'
import type { ConsoleSourceFragment } from './generated/graphql.js'
import { GroupRow } from './group-row.js'
import { useDids, useExtensions, useGroups, type Did, type Extension, type Group } from './listings.js'
import { Section } from './section.js'
import { words } from './words.js'

/** Every number, group and extension, and a search over all of them. */
export function View() {
  const said = useWords(words)
  const { locale } = useFormats()
  const { get, change } = useAddress()
  const [typed, account] = [get('search'), get('account')]
  const [dids, groups, extensions] = [useDids(), useGroups(), useExtensions()]
  const accounts = accountsOf([...dids.sources, ...groups.sources, ...extensions.sources])
  const isUnknown = isUnknownAccount({ accounts, value: account })
  const changeAccount = (key: string) => change({ account: key })
  const isFound = useMemo(() => finder(typed, locale), [typed, locale])
  const isMeant = (item: Did | Group | Extension) => account === '' || item.account.key === account
  return (
    <>
      <div className="view-head">
        <h1>{said.title}</h1>
      </div>
      <div className="filters">
        <Search label={said.search} value={typed} onChange={(text) => change({ search: text })} />
        <AccountChoice accounts={accounts} value={account} onChange={changeAccount} />
      </div>
      {isUnknown ? (
        <UnknownAccount value={account} onChange={changeAccount} />
      ) : (
        <div className="sections">
          <Section
            title={said.dids}
            listing={dids}
            typed={typed}
            keep={(did) => isMeant(did) && isFound({ names: [did.label], numbers: [did.number, did.rawNumber] })}
            row={(did) => <DidRow key={did.id} did={did} />}
          />
          <Section
            title={said.groups}
            listing={groups}
            typed={typed}
            keep={(group) => isMeant(group) && isFound({ names: [group.label, group.name], numbers: [group.number] })}
            row={(group) => <GroupRow key={group.id} group={group} />}
          />
          <Section
            title={said.extensions}
            listing={extensions}
            typed={typed}
            keep={(extension) =>
              isMeant(extension) &&
              isFound({ names: [extension.label, extension.displayName], numbers: [extension.number] })
            }
            row={(extension) => <ExtensionRow key={extension.id} extension={extension} />}
          />
        </div>
      )}
    </>
  )
}

/** The accounts that were asked, each once. */
const accountsOf = (sources: readonly ConsoleSourceFragment[]) => [
  ...new Map(sources.map(({ account }) => [account.id, account])).values(),
]
