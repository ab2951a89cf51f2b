/** The languages of the console. */
export type Language = 'en' | 'tr' | 'cs'

/** Text, or a function that makes one of what it is given. */
type Words = { readonly [key: string]: Entry }
type Entry = string | ((...values: never[]) => string) | { readonly [key: string]: Entry }

/** What another language must have: the same keys, and functions that take the same. */
type Same<Original> = {
  readonly [Key in keyof Original]: Original[Key] extends string
    ? string
    : Original[Key] extends (...values: infer Values) => string
      ? (...values: Values) => string
      : Same<Original[Key]>
}

/** The words of one part of the console. */
export type Catalogue<Original> = Readonly<Record<Language, Original>>

/**
 * The words of one part of the console, in every language: a key that one of them lacks, or has
 * besides, does not compile.
 */
export const catalogue = <const Original extends Words>(words: {
  readonly en: Original
  readonly tr: NoInfer<Same<Original>>
  readonly cs: NoInfer<Same<Original>>
}): Catalogue<Same<Original>> => words as unknown as Catalogue<Same<Original>>

/** The forms of a word that is counted; Czech needs `few`. */
export interface Forms {
  readonly one: string
  readonly few?: string
  readonly other: string
}

/** The form that this number takes in this language, after the number itself. */
export function counted(language: Language, count: number, { one, few, other }: Forms): string {
  const form = new Intl.PluralRules(language).select(count)
  const word = form === 'one' ? one : form === 'few' ? (few ?? other) : other
  return `${new Intl.NumberFormat(language).format(count)} ${word}`
}
