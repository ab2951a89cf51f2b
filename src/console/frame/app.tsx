import { ApolloProvider } from '@apollo/client/react'
import { Suspense, useContext, useEffect, useRef } from 'react'
import { I18nProvider } from 'react-aria-components/I18nProvider'
import { Redirect, Route, Router, Switch, useLocation } from 'wouter'

import { CONSOLE_PATH } from '../graph/addresses.js'
import { client } from '../graph/client.js'
import { useKeptFocus } from '../parts/kept-focus.js'
import { Empty, Loading } from '../parts/states.js'
import { localeOf, useLanguage } from '../words/language.js'
import { useWords } from '../words/use-words.js'
import { ConnectionNote } from './connection-note.js'
import { FallenView } from './fallen-view.js'
import { KeyGate } from './key-gate.js'
import { Navigation } from './navigation.js'
import { Settings } from './settings.js'
import { useSeesOwnOnly, useSeesWholeAccounts, ViewerContext } from './viewer.js'
import { VIEWS, type ViewName } from './views.js'
import { words } from './words.js'

/** The whole page. */
export function App() {
  const language = useLanguage()
  return (
    <I18nProvider locale={localeOf(language)}>
      <ApolloProvider client={client}>
        <Router base={CONSOLE_PATH}>
          <Frame />
        </Router>
      </ApolloProvider>
    </I18nProvider>
  )
}

function Frame() {
  const said = useWords(words)
  const [path] = useLocation()
  const current = path.slice(1)
  const main = useRef<HTMLElement>(null)
  const shown = useRef(current)
  useKeptFocus(main)
  useEffect(() => {
    const name = said.views[current as ViewName] as string | undefined
    document.title = name === undefined ? 'Dialgraph' : `${name} · Dialgraph`
    // Whoever hears the page is taken to the new view; at the first look nothing has changed.
    if (shown.current !== current && shown.current !== '') main.current?.focus()
    shown.current = current
  }, [current, said])
  return (
    <div className="frame">
      <a className="skip" href="#content">
        {said.skip}
      </a>
      <header className="head">
        <p className="brand">
          <span className="brand-mark" aria-hidden="true" />
          Dialgraph
        </p>
        <Navigation current={current} />
        <div className="head-end">
          <ConnectionNote />
          <Settings />
        </div>
      </header>
      <main id="content" className="content" tabIndex={-1} ref={main}>
        <KeyGate>
          <WhoNote />
          <FallenView key={current}>
            <Suspense fallback={<Loading rows={4} />}>
              <Views />
            </Suspense>
          </FallenView>
        </KeyGate>
      </main>
    </div>
  )
}

/** The view that the address names, or why there is none. */
function Views() {
  const said = useWords(words)
  const [seesWhole, seesOwn] = [useSeesWholeAccounts(), useSeesOwnOnly()]
  if (!seesWhole && !seesOwn) return <Empty title={said.seesNothing} hint={said.seesNothingHint} />
  return (
    <Switch>
      {VIEWS.map(({ name, Component }) => (
        <Route key={name} path={`/${name}`} component={Component} />
      ))}
      <Route path="/">
        <Redirect to={`/${VIEWS[0]!.name}`} replace />
      </Route>
      <Route>
        <Empty title={said.notFound} hint={said.notFoundHint} />
      </Route>
    </Switch>
  )
}

/** Whose key it is, where it has a name or shows less than everything. */
function WhoNote() {
  const said = useWords(words)
  const { name } = useContext(ViewerContext)
  const seesOwn = useSeesOwnOnly()
  if (name === null && !seesOwn) return null
  return (
    <p className="who">
      {name !== null && <b>{said.signedInAs(name)}</b>} {seesOwn && said.ownOnly}
    </p>
  )
}
