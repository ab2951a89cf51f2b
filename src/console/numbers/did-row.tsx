import { useQuery } from '@apollo/client/react'

import { Badge } from '../parts/badge.js'
import { Fact } from '../parts/fact.js'
import { Icon } from '../parts/icon.js'
import { targetName } from '../parts/named.js'
import { useFormats } from '../words/formats.js'
import { useWords } from '../words/use-words.js'
import { Detail, Entry } from './entry.js'
import { ConsoleDidDocument } from './generated/graphql.js'
import type { Did } from './listings.js'
import { words } from './words.js'

/** One number, and where it leads. */
export function DidRow({ did }: { readonly did: Did }) {
  const said = useWords(words)
  const { label, number, rawNumber, status, account, destination } = did
  const shown = number ?? rawNumber
  return (
    <Entry
      title={
        <>
          <b className="entry-number">{shown}</b>
          {label !== shown && ` ${label}`}
        </>
      }
      end={
        said.status[status] && (
          <Badge tone={status === 'PENDING' || status === 'PORTING' ? 'busy' : 'bad'}>{said.status[status]}</Badge>
        )
      }
      note={
        <>
          <span className="entry-target">
            <Icon name="arrow" />
            <span className="visually-hidden">{said.leadsTo}</span>
            <span>{destination ? targetName(destination) : said.nowhere}</span>
          </span>
          <span className="entry-account">{account.label}</span>
        </>
      }
    >
      <Hours did={did} />
    </Entry>
  )
}

function Hours({ did: { id, rawNumber } }: { readonly did: Did }) {
  const said = useWords(words)
  const { locale, zone } = useFormats()
  const { data, error, refetch } = useQuery(ConsoleDidDocument, { variables: { id } })
  const node = data?.node?.__typename === 'Did' ? data.node : null
  const hours = node?.businessHours
  return (
    <Detail isHere={node !== null} error={error} onRetry={() => void refetch()}>
      <dl>
        <Fact term={said.asWritten}>
          <span className="fixed">{rawNumber}</span>
        </Fact>
        <Fact term={said.hours}>
          {!hours?.enabled ? (
            said.noHours
          ) : (
            <ul className="hours">
              {hours.days.map(({ day, open, intervals }) => (
                <li key={day}>
                  <span>{dayName(day, locale)}</span>
                  <span>{open ? intervals.map(({ start, end }) => `${start}–${end}`).join(', ') : said.closed}</span>
                </li>
              ))}
              {hours.timeZone != null && <li className="muted">{zone(hours.timeZone)}</li>}
            </ul>
          )}
        </Fact>
      </dl>
    </Detail>
  )
}

const DAYS = ['MONDAY', 'TUESDAY', 'WEDNESDAY', 'THURSDAY', 'FRIDAY', 'SATURDAY', 'SUNDAY']

/** A day of the week as it is called; the first of January 2024 was a Monday. */
const dayName = (day: string, locale: string): string =>
  new Intl.DateTimeFormat(locale, { weekday: 'long', timeZone: 'UTC' }).format(Date.UTC(2024, 0, 1 + DAYS.indexOf(day)))
