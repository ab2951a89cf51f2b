import { Badge } from '../parts/badge.js'
import { useWords } from '../words/use-words.js'
import type { RegistrationStatus } from './generated/graphql.js'
import { words } from './words.js'

/** Whether a device is there to ring; nothing where the phone system does not tell. */
export function Registration({ of }: { readonly of: RegistrationStatus }) {
  const { registration } = useWords(words)
  if (of === 'UNKNOWN') return null
  return <Badge tone={of === 'REGISTERED' ? 'good' : 'warning'}>{registration[of]}</Badge>
}
