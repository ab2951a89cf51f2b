import type { ReactNode } from 'react'

import { Empty, Failed, Loading, Partial } from '../parts/states.js'
import { failuresOf } from '../graph/failures.js'
import { useFormats } from '../words/formats.js'
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
  const { number } = useFormats()
  const { items, error, again } = listing
  const found = items?.filter(keep) ?? []
  return (
    <section className="panel section" aria-labelledby={`${title}-title`}>
      <header className="section-head">
        <h2 id={`${title}-title`}>{title}</h2>
        {items && (
          <span className="muted">
            {found.length === items.length
              ? number(items.length)
              : said.count(number(found.length), number(items.length))}
          </span>
        )}
      </header>
      {error !== undefined && !items && <Failed title={said.failed} error={error} onRetry={again} />}
      {!items && error === undefined && <Loading rows={12} look="entry" />}
      {items && <Lacks listing={listing} />}
      {items?.length === 0 && missingIn(listing).length === 0 && <Empty title={said.empty} />}
      {items && items.length > 0 && found.length === 0 && (
        <Empty
          title={typed.trim() === '' ? said.empty : said.notFound(typed)}
          hint={typed.trim() === '' ? undefined : said.notFoundHint}
        />
      )}
      <ul className="entries">{found.map(row)}</ul>
    </section>
  )
}

/** What is missing of a list that is here otherwise, each with its own way to try again. */
function Lacks<Item>({ listing }: Pick<Props<Item>, 'listing'>) {
  const said = useWords(words)
  const { list, number } = useFormats()
  const { items, sources, error, again, later } = listing
  const remembered = [...new Set(sources.flatMap(({ state, account }) => (state === 'STALE' ? [account.label] : [])))]
  const failures = [error, ...later.errors].flatMap(failuresOf)
  return (
    <>
      {failures.length > 0 && (
        <Failed
          title={later.isStopped ? said.moreFailed : said.partly}
          failures={[...new Map(failures.map((failure) => [failure.code, failure])).values()]}
          onRetry={later.isStopped ? later.goOn : again}
        />
      )}
      <Partial missing={missingIn(listing)} onRetry={again} />
      {remembered.length > 0 && <p className="section-note">{said.remembered(list(remembered))}</p>}
      {later.isCut && <p className="section-note">{said.cut(number(items?.length ?? 0))}</p>}
    </>
  )
}

/** The accounts that gave nothing or not all to some page, each once for each reason. */
function missingIn({ sources }: Pick<Listing<unknown>, 'sources'>) {
  const parts = sources.flatMap(({ state, errorCode, account }) =>
    (state === 'FAILED' || state === 'PARTIAL') && errorCode ? [{ account: account.label, code: errorCode }] : [],
  )
  return [...new Map(parts.map((part) => [`${part.account} ${part.code}`, part])).values()]
}
