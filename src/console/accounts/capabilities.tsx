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
    <section>
      <h3>{said.capabilities}</h3>
      {error && <Failed title={said.capabilitiesFailed} error={error} onRetry={() => void refetch()} />}
      {!capabilities && !error && <Loading rows={6} look="line" />}
      {capabilities && (
        <ul className="capability-list">
          {gathered(capabilities).map(({ operations, capability }) => (
            <li key={`${capability.resource} ${capability.operation}`}>
              <span>
                {said.resource[capability.resource]}{' '}
                <small>{operations.map((operation) => said.operation[operation]).join(', ')}</small>
              </span>
              <Badge tone={TONES[capability.support]}>{said.support[capability.support]}</Badge>
              <Reasons capability={capability} />
            </li>
          ))}
        </ul>
      )}
    </section>
  )
}

/** Operations on a resource of which the same is to be said stand together, so that it is said once. */
function gathered(capabilities: readonly Capability[]) {
  const lines = new Map<string, { readonly capability: Capability; readonly operations: Capability['operation'][] }>()
  const byResource = capabilities.toSorted((one, other) => placeOf(one) - placeOf(other))
  for (const capability of byResource) {
    const { resource, support, reason, unavailableFields } = capability
    const key = JSON.stringify([resource, support, reason, unavailableFields])
    const line = lines.get(key)
    if (line) line.operations.push(capability.operation)
    else lines.set(key, { capability, operations: [capability.operation] })
  }
  return [...lines.values()]
}

const RESOURCES = Object.keys(words.en.resource)
const placeOf = ({ resource }: Capability): number => RESOURCES.indexOf(resource)

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
