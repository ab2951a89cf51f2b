/** What graphql and we put in quotes: names and values, a quote within them escaped. */
const QUOTED = /"(?:[^"\\]|\\.)*"|`[^`]*`/g
const NAME = /[_A-Za-z][_0-9A-Za-z]*/g

/** How many names of variables are looked at: a question that a person has written has fewer. */
const MOST_NAMES = 1_000

/**
 * Takes the words of the schema that its reader has not used out of a message: whatever is quoted in it stays only where all its names
 * stand in the document that was asked, or are names of fields in its variables. So who may not explore the schema learns what was wrong
 * with a question, and no name from being wrong. Values of variables are not repeated either.
 */
export function schemaHider(document: string, variables: unknown): (message: string) => string {
  let words: ReadonlySet<string> | null = null
  return (message) =>
    message.replace(QUOTED, (quoted) => {
      words ??= wordsOf(document, variables)
      const names = quoted.slice(1, -1).match(NAME) ?? []
      return names.every((name) => words!.has(name)) ? quoted : `${quoted[0]}…${quoted[0]}`
    })
}

function wordsOf(document: string, variables: unknown): ReadonlySet<string> {
  const words = new Set(document.match(NAME))
  const left: unknown[] = [variables]
  for (let at = 0; at < left.length && left.length < MOST_NAMES; at += 1) {
    const value = left[at]
    if (typeof value !== 'object' || value === null) continue
    for (const [name, below] of Object.entries(value).slice(0, MOST_NAMES)) {
      words.add(name)
      left.push(below)
    }
  }
  return words
}
