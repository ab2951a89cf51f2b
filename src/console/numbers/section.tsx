import type { ReactNode } from 'react'

import { Empty, Failed, Loading, Partial } from '../parts/states.js'
import { useWords } from '../words/use-words.js'
import type { Listing } from './listings.js'
import { words } from './words.js'

interface Props<Item> {
  readonly title: string
  readonly listing: Listing<Item>
  readonly typed: string
  keep(item: Item): boolean
  row(item: Item): ReactNode
}

/** One of the three lists: what was found of it, what is missing, or why there is nothing. */
export function Section<Item>({ title, listing, typed, keep, row }: Props<Item>) {
  const said = useWords(words)
  const { items, sources, error, again } = listing
  const found = items?.filter(keep) ?? []
  const missing = sources.flatMap(({ state, errorCode, account }) =>
    (state === 'FAILED' || state === 'PARTIAL') && errorCode ? [{ account: account.label, code: errorCode }] : [],
  )
  return (
    <section className="panel section" aria-labelledby={`${title}-title`}>
      <header className="section-head">
        <h2 id={`${title}-title`}>{title}</h2>
        {items && <span className="muted">{said.count(found.length, items.length)}</span>}
      </header>
      {error !== undefined && !items && <Failed title={said.failed} error={error} onRetry={again} />}
      <Partial missing={missing} onRetry={again} />
      {!items && error === undefined && <Loading rows={12} look="entry" />}
      {items?.length === 0 && missing.length === 0 && <Empty title={said.empty} />}
      {items && items.length > 0 && found.length === 0 && (
        <Empty title={said.notFound(typed)} hint={said.notFoundHint} />
      )}
      <ul className="entries">{found.map(row)}</ul>
    </section>
  )
}
