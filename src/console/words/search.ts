/** What can be found by what is typed: names, and numbers in any spelling. */
export interface Findable {
  readonly names: readonly (string | null | undefined)[]
  readonly numbers: readonly (string | null | undefined)[]
}

/** Shorter digits would be in every number. */
const FEWEST_DIGITS = 2

/** Whether an item is meant by what was typed. Nothing typed means everything. */
export function finder(typed: string, locale: string): (item: Findable) => boolean {
  const text = folded(typed.trim(), locale)
  if (text === '') return () => true
  const digits = /^[\s\d+()./-]+$/.test(typed) ? typed.replace(/\D/g, '') : ''
  const spellings = digits.length < FEWEST_DIGITS ? [] : [digits, digits.replace(/^0+/, '')]
  return ({ names, numbers }) =>
    [...names, ...numbers].some((name) => name != null && folded(name, locale).includes(text)) ||
    numbers.some((number) => number != null && isSpelt(number.replace(/\D/g, ''), spellings))
}

/** However it is dialled, from home or from abroad: what is left without leading zeros is a part of the number. */
const isSpelt = (number: string, spellings: readonly string[]): boolean =>
  spellings.some((spelling) => spelling.length >= FEWEST_DIGITS && number.includes(spelling))

/** Without case and accents, so that `sikayet` finds “Şikâyet”. */
const folded = (text: string, locale: string): string =>
  text.toLocaleLowerCase(locale).replaceAll('ı', 'i').normalize('NFD').replace(/\p{M}/gu, '')
