import { Link } from 'wouter'

import { Icon } from '../parts/icon.js'
import { useWords } from '../words/use-words.js'
import { VIEWS } from './views.js'
import { words } from './words.js'

/** The links to the views. */
export function Navigation({ current }: { readonly current: string }) {
  const { views, navigation } = useWords(words)
  return (
    <nav className="views" aria-label={navigation}>
      {VIEWS.map(({ name }) => (
        <Link key={name} href={`/${name}`} className="view-link" aria-current={current === name ? 'page' : undefined}>
          <Icon name={name} />
          <span>{views[name]}</span>
        </Link>
      ))}
    </nav>
  )
}
