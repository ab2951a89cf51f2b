import { Component, type ReactNode } from 'react'

import { Failed } from '../parts/states.js'
import { useWords } from '../words/use-words.js'
import { words } from './words.js'

interface Props {
  readonly children: ReactNode
}

/** Keeps the page standing when a view falls, as when the server has other files since the page was opened. */
export class FallenView extends Component<Props, { readonly hasFallen: boolean }> {
  override state = { hasFallen: false }

  static getDerivedStateFromError() {
    return { hasFallen: true }
  }

  override render() {
    return this.state.hasFallen ? <Fallen /> : this.props.children
  }
}

function Fallen() {
  const { fallen, fallenHint } = useWords(words)
  return (
    <Failed title={fallen} failures={[]} onRetry={() => location.reload()}>
      <p>{fallenHint}</p>
    </Failed>
  )
}
