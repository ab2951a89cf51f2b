import type { Catalogue } from './catalogue.js'
import { useLanguage } from './language.js'

/** The words of a part in the language that is spoken. */
export const useWords = <Original>(words: Catalogue<Original>): Original => words[useLanguage()]
