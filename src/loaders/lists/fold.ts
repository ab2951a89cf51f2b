/**
 * Case folding for searches. Turkish has two letters i, which Unicode's folding pairs in a way no
 * Turkish reader expects: here I, ı, İ and i are equal in every language, so AYDIN, Aydın and aydin
 * match.
 */
export function fold(text: string): string {
  return text.normalize('NFC').toLowerCase().replaceAll('i\u0307', 'i').replaceAll('ı', 'i').normalize('NFC')
}
