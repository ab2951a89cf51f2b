import { useConnection } from '../graph/connection.js'
import { useWords } from '../words/use-words.js'
import { words } from './words.js'

/** Whether what is shown is kept up to date; says nothing where nothing is watched. */
export function ConnectionNote() {
  const state = useConnection()
  const { connection } = useWords(words)
  return (
    <p className={`connection connection-${state}`} role="status">
      {connection[state]}
    </p>
  )
}
