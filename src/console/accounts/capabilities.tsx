import { useQuery } from '@apollo/client/react'

import { Badge, type Tone } from '../parts/badge.js'
import { Failed, Loading } from '../parts/states.js'
import { useWords } from '../words/use-words.js'
import { ConsoleCapabilitiesDocument, type ConsoleCapabilitiesQuery } from './generated/graphql.js'
import { words } from './words.js'

type Node = NonNullable<ConsoleCapabilitiesQuery['node']>
type Capability = Extract<Node, { __typename: 'Account' }>['capabilities'][number]

const TONES: Readonly<Record<Capability['support'], Tone>> = {
  NATIVE: 'good',
  EMULATED: 'busy',
  UNSUPPORTED: 'neutral',
}

/** What an account can and cannot do, and why. */
export function Capabilities({ id }: { readonly id: string }) {
  const said = useWords(words)
  const { data, error, refetch } = useQuery(ConsoleCapabilitiesDocument, { variables: { id } })
  const capabilities = data?.node?.__typename === 'Account' ? data.node.capabilities : null
  return (
    <section className="capabilities">
      <h3>{said.capabilities}</h3>
      {error && <Failed title={said.capabilitiesFailed} error={error} onRetry={() => void refetch()} />}
      {!capabilities && !error && <Loading rows={6} look="line" />}
      <ul>
        {capabilities?.map((capability) => (
          <li key={`${capability.resource} ${capability.operation}`}>
            <span className="capability-name">
              {said.resource[capability.resource]} <small>{said.operation[capability.operation]}</small>
            </span>
            <Badge tone={TONES[capability.support]}>{said.support[capability.support]}</Badge>
            <Reasons capability={capability} />
          </li>
        ))}
      </ul>
    </section>
  )
}

function Reasons({ capability: { reason, unavailableFields } }: { readonly capability: Capability }) {
  const { lacks } = useWords(words)
  if (reason == null && unavailableFields.length === 0) return null
  return (
    <small className="capability-reason">
      {reason}
      {reason != null && unavailableFields.length > 0 && ' '}
      {unavailableFields.length > 0 && (
        <>
          {lacks} <code>{unavailableFields.join(', ')}</code>
        </>
      )}
    </small>
  )
}
