import './live.css'

import { useMemo } from 'react'

import { useMay } from '../frame/viewer.js'
import { AccountChoice, isUnknownAccount, UnknownAccount } from '../parts/account-choice.js'
import { useAddress } from '../parts/address.js'
import { Choice } from '../parts/choice.js'
import { Search } from '../parts/search.js'
import { Empty, Failed, Loading, Partial } from '../parts/states.js'
import { useFormats } from '../words/formats.js'
import { finder } from '../words/search.js'
import { useWords } from '../words/use-words.js'
import { useAccounts, usePowers, type Account } from './account.js'
import { StoppedAt } from './duration.js'
import { useCalls } from './follow.js'
import { inOrder, lanesOf, waitingIn, type GroupedBy } from './grouping.js'
import { Lane } from './lane.js'
import { GapNote, SilentAccounts, Standing } from './notes.js'
import { findable } from './parties.js'
import { PlaceCall } from './place-call.js'
import { words } from './words.js'

/** One list, so that what is worked out from it is worked out once. */
const NO_ACCOUNTS: readonly Account[] = []

/** The calls of now, as they go on. */
export function View() {
  const said = useWords(words)
  const { locale } = useFormats()
  const { get, change } = useAddress()
  const [typed, account] = [get('search'), get('account')]
  const by: GroupedBy = get('by') === 'extension' ? 'extension' : 'group'
  const known = useAccounts()
  const accounts = known ?? NO_ACCOUNTS
  const mayWrite = useMay('telephony:write')
  const powers = usePowers(accounts)
  const { board, sources, error, silentSince, gap, again, closeGap } = useCalls()
  const all = useMemo(() => board && inOrder(board), [board])
  const isFound = useMemo(() => finder(typed, locale), [typed, locale])
  const found = useMemo(
    () => all?.filter(({ call }) => (account === '' || call.account.key === account) && isFound(findable(call))) ?? [],
    [all, account, isFound],
  )
  const lanes = useMemo(() => lanesOf(found, by, locale), [found, by, locale])
  const underWay = all?.filter(({ endedAt }) => endedAt === null) ?? []
  const talking = underWay.filter(({ call }) => call.state === 'ANSWERED').length
  const isUnknown = isUnknownAccount({ accounts, value: account })
  const changeAccount = (key: string) => change({ account: key })
  const placing = accounts.filter(({ id }) => powers.get(id)?.mayPlace).map(({ id }) => id)
  const missing = sources.flatMap(({ state, errorCode, account: source }) =>
    (state === 'FAILED' || state === 'PARTIAL') && errorCode ? [{ account: source.label, code: errorCode }] : [],
  )
  return (
    <StoppedAt value={silentSince}>
      <div className="view-head">
        <div>
          <h1>{said.title}</h1>
          <Standing
            silentSince={silentSince}
            counts={all && said.standing(underWay.length, waitingIn(underWay).count, talking)}
          />
        </div>
        {(known ? placing.length > 0 : mayWrite) && <PlaceCall accounts={placing} />}
      </div>
      <div className="filters live-filters">
        <Search label={said.search} value={typed} onChange={(text) => change({ search: text })} />
        <AccountChoice accounts={accounts} value={account} onChange={changeAccount} />
        <Choice
          label={said.by}
          value={by}
          options={[
            { value: 'group', name: said.byGroup },
            { value: 'extension', name: said.byExtension },
          ]}
          onChange={(chosen) => change({ by: chosen === 'group' ? '' : chosen })}
        />
      </div>
      {error !== undefined && <Failed title={said.failed} error={error} onRetry={again} />}
      <GapNote gap={gap} onClose={closeGap} />
      <Partial missing={missing} onRetry={again} />
      {!all && error === undefined && <Loading rows={3} look="lane" />}
      <div className="live-lanes">
        {lanes.map((lane) => (
          <Lane key={lane.id} lane={lane} by={by} powers={powers} />
        ))}
      </div>
      {all?.length === 0 && !isUnknown && <Empty title={said.empty} hint={said.emptyHint} />}
      {isUnknown && <UnknownAccount value={account} onChange={changeAccount} />}
      {all && all.length > 0 && found.length === 0 && !isUnknown && (
        <Empty title={said.notFound} hint={said.notFoundHint} />
      )}
      {all && <SilentAccounts accounts={accounts} />}
    </StoppedAt>
  )
}
