import { useQuery } from '@apollo/client/react'

import { Fact } from '../parts/fact.js'
import { targetName } from '../parts/named.js'
import { useWords } from '../words/use-words.js'
import { Detail, Entry } from './entry.js'
import { ConsoleExtensionDocument } from './generated/graphql.js'
import type { Extension } from './listings.js'
import { Registration } from './registration.js'
import { words } from './words.js'

/** One extension. */
export function ExtensionRow({ extension }: { readonly extension: Extension }) {
  const { number, label, registration, account } = extension
  return (
    <Entry
      title={
        <>
          <b className="entry-number">{number}</b> {label !== number && label}
        </>
      }
      note={
        <>
          <span>{account.label}</span>
          <span className="entry-end">
            <Registration of={registration} />
          </span>
        </>
      }
    >
      <Behaviour extension={extension} />
    </Entry>
  )
}

function Behaviour({ extension: { id } }: { readonly extension: Extension }) {
  const said = useWords(words)
  const { data, error, refetch } = useQuery(ConsoleExtensionDocument, { variables: { id } })
  const node = data?.node?.__typename === 'Extension' ? data.node : null
  const rules = node?.forwarding
  return (
    <Detail isHere={node !== null} error={error} onRetry={() => void refetch()}>
      <dl>
        <Fact term={said.forwarding}>
          {rules == null && said.unknownForwarding}
          {rules?.length === 0 && said.notForwarded}
          {rules && rules.length > 0 && (
            <ul className="members">
              {rules.map(({ condition, destination }, at) => (
                <li key={at}>
                  {said.condition[condition]}: {destination ? targetName(destination) : said.nowhere}
                </li>
              ))}
            </ul>
          )}
        </Fact>
        <Fact term={said.shownNumber}>{node?.callerIdDid?.label}</Fact>
        <Fact term={said.voicemail}>
          {node?.voicemailEnabled != null && (node.voicemailEnabled ? said.yes : said.no)}
        </Fact>
        <Fact term={said.email}>{node?.email}</Fact>
        <Fact term={said.permissions}>{node?.callPermissions?.join(', ')}</Fact>
      </dl>
    </Detail>
  )
}
