import { useState } from 'react'

import { GRAPH_ADDRESS } from '../graph/addresses.js'
import { setCallerKey, useHasCallerKey } from '../graph/caller-key.js'
import { Button } from '../parts/button.js'
import { Choice } from '../parts/choice.js'
import { Dialog } from '../parts/dialog.js'
import { Tick } from '../parts/tick.js'
import type { Language } from '../words/catalogue.js'
import { canRememberLanguage, isLanguageRemembered, LANGUAGES, setLanguage, useLanguage } from '../words/language.js'
import { useWords } from '../words/use-words.js'
import { words } from './words.js'

const OPTIONS = (Object.keys(LANGUAGES) as Language[]).map((value) => ({
  value,
  name: LANGUAGES[value],
  language: value,
}))

/** Language and key, behind one button. */
export function Settings() {
  const said = useWords(words)
  const [isOpen, setOpen] = useState(false)
  return (
    <>
      <Button look="quiet" icon="settings" aria-label={said.settings} onPress={() => setOpen(true)} />
      <Dialog title={said.settings} isOpen={isOpen} onClose={() => setOpen(false)}>
        <Content onForgotten={() => setOpen(false)} />
      </Dialog>
    </>
  )
}

function Content({ onForgotten }: { onForgotten(): void }) {
  const said = useWords(words)
  const language = useLanguage()
  const [isRemembered, setRemembered] = useState(isLanguageRemembered)
  const hasKey = useHasCallerKey()
  const forget = () => {
    onForgotten()
    setCallerKey(null, false)
  }
  const choose = (next: Language, remember: boolean) => {
    setRemembered(remember)
    setLanguage(next, remember)
  }
  return (
    <div className="stack">
      <Choice
        label={said.language}
        value={language}
        options={OPTIONS}
        onChange={(next) => choose(next, isRemembered)}
      />
      {canRememberLanguage && (
        <Tick isSelected={isRemembered} onChange={(remember) => choose(language, remember)}>
          {said.rememberLanguage}
        </Tick>
      )}
      {hasKey && <Button onPress={forget}>{said.forgetKey}</Button>}
      <a href={GRAPH_ADDRESS}>{said.explorer}</a>
    </div>
  )
}
