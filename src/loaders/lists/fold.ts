/**
 * A text as it is compared without regard to case. Turkish has two letters i, and Unicode's rules pair them in a way that no
 * Turkish reader expects: I, ı, İ and i all count as one here, in every language, so that AYDIN, Aydın and aydin are one name.
 */
export function fold(text: string): string {
  return text.normalize('NFC').toLowerCase().replaceAll('i\u0307', 'i').replaceAll('ı', 'i').normalize('NFC')
}
