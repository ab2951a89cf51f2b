import { useSyncExternalStore } from 'react'

import { browserStorage } from '../parts/browser-storage.js'
import type { Language } from './catalogue.js'

/** Each language by the name that its speakers give it. */
export const LANGUAGES: Readonly<Record<Language, string>> = { en: 'English', tr: 'Türkçe', cs: 'Čeština' }

/** Where a choice is remembered, on demand alone. */
const KEPT_AS = 'dialgraph:language'

const isLanguage = (text: string | null): text is Language => text !== null && text in LANGUAGES
const baseOf = (tag: string): string => tag.toLowerCase().split('-')[0]!

const storage = browserStorage('localStorage')
/** Whether the browser lets a page remember anything. */
export const canRememberLanguage = storage !== null

const remembered = storage?.getItem(KEPT_AS) ?? null
let language: Language = isLanguage(remembered)
  ? remembered
  : (navigator.languages.map(baseOf).find(isLanguage) ?? 'en')
document.documentElement.lang = language

const listeners = new Set<() => void>()

/** Speaks another language from now on; `remember`: the next time, too. */
export function setLanguage(next: Language, remember: boolean): void {
  language = next
  document.documentElement.lang = next
  if (remember) storage?.setItem(KEPT_AS, next)
  else storage?.removeItem(KEPT_AS)
  listeners.forEach((listener) => listener())
}

/** Whether the choice is remembered. */
export const isLanguageRemembered = (): boolean => storage?.getItem(KEPT_AS) != null

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

/** The language that is spoken, for a component. */
export const useLanguage = (): Language => useSyncExternalStore(subscribe, () => language)

/** The locale of dates and numbers: the browser's own for this language where it has one, as `en-GB`. */
export const localeOf = (spoken: Language): string =>
  navigator.languages.find((tag) => baseOf(tag) === spoken) ?? spoken
