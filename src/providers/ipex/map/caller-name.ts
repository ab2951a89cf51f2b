const QUOTED = /^"(.*)"\s*(?:<[^<>]*>?)?$/s
const PLAIN = /^([^<]*)(?:<[^<>]*>?)?$/s

/**
 * The name of a caller id: `"Novak" <777000111>`. It may have quotes in it, and the text may be cut
 * off anywhere: the name is what is there of it. A number in place of the name is no name.
 */
export function callerName(clid: string | null): string | null {
  const written = (clid ?? '').replace(/\uFFFD+$/, '').trim()
  const [, quoted] = QUOTED.exec(written) ?? []
  // A quotation mark that is never closed: the text ends within the name.
  const cutOff = written.startsWith('"') ? written.slice(1) : null
  const [, plain] = cutOff === null ? (PLAIN.exec(written) ?? [null, written]) : []
  const name = (quoted ?? cutOff ?? plain ?? '').replace(/\\(["\\])/g, '$1').trim()
  return name === '' || /^[+\d\s]+$/.test(name) ? null : name
}
