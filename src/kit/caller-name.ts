const QUOTED = /^"(.*)"\s*(?:<[^<>]*>?)?$/s
const PLAIN = /^([^<]*)(?:<[^<>]*>?)?$/s
/** The number, and what may follow it in the header of a call: `<sip:101@pbx>;tag=1`. */
const NUMBER_AND_REST = /\s*<[^<>]*>(?:;\S*)?$/
/** A number however it is grouped, or a code. */
const NUMBER = /^[+\d\s().\-/*#]+$/

/**
 * The name of a caller id: `"Novak" <777000111>`. It may have quotes in it, and the text may be cut
 * off anywhere: the name is what is there of it. A number in place of the name is no name.
 */
export function callerName(clid: string | null): string | null {
  const written = (clid ?? '').replace(/\uFFFD+$/, '').trim()
  const [, name = looseName(written)] =
    QUOTED.exec(written) ?? (written.startsWith('"') ? [] : PLAIN.exec(written)) ?? []
  const shown = name.replace(/\\(["\\])/g, '$1').trim()
  return shown === '' || NUMBER.test(shown) ? null : shown
}

/** The name where quotes or brackets are not in pairs: without the first quotation mark and its partner. */
function looseName(written: string): string {
  const name = written.replace(NUMBER_AND_REST, '')
  if (!name.startsWith('"')) return name
  return name === written ? name.slice(1) : name.replace(/"(?=[^"]*$)/, '').replace(/^"/, '')
}
