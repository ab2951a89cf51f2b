import { useQuery } from '@apollo/client/react'

import { Badge } from '../parts/badge.js'
import { Fact } from '../parts/fact.js'
import { targetName } from '../parts/named.js'
import { useWords } from '../words/use-words.js'
import { Detail, Entry } from './entry.js'
import { ConsoleMembersDocument } from './generated/graphql.js'
import type { Group } from './listings.js'
import { Registration } from './registration.js'
import { words } from './words.js'

/** One group. */
export function GroupRow({ group }: { readonly group: Group }) {
  const said = useWords(words)
  const { label, number, kind, memberCount, account } = group
  return (
    <Entry
      title={
        <>
          {number != null && number !== label && <b className="entry-number">{number}</b>} {label}
        </>
      }
      end={said.kind[kind] && <Badge tone="neutral">{said.kind[kind]}</Badge>}
      note={
        <>
          {memberCount != null && <span>{said.memberCount(memberCount)}</span>}
          <span className="entry-account">{account.label}</span>
        </>
      }
    >
      <Members group={group} />
    </Entry>
  )
}

function Members({ group: { id } }: { readonly group: Group }) {
  const said = useWords(words)
  const { data, error, refetch } = useQuery(ConsoleMembersDocument, { variables: { id } })
  const node = data?.node?.__typename === 'Group' ? data.node : null
  const members = node?.members?.edges ?? []
  const unlisted = Math.max(0, (node?.members?.totalCount ?? 0) - members.length)
  return (
    <Detail isHere={node !== null} error={error} onRetry={() => void refetch()}>
      <dl>
        <Fact term={said.rings}>{node?.ringTimeoutSeconds != null && said.seconds(node.ringTimeoutSeconds)}</Fact>
        <Fact term={said.members}>
          {members.length === 0 ? (
            said.noMembers
          ) : (
            <ul className="members">
              {members.map(({ cursor, node: member }) => (
                <li key={cursor}>
                  {targetName(member)}
                  {member.__typename === 'Extension' && <Registration of={member.registration} />}
                </li>
              ))}
              {unlisted > 0 && <li className="muted">{said.moreMembers(unlisted)}</li>}
            </ul>
          )}
        </Fact>
      </dl>
    </Detail>
  )
}
