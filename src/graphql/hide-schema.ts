/** What graphql and this server put in quotes: names and values, quotes within them escaped. */
const QUOTED = /"(?:[^"\\]|\\.)*"|`[^`]*`/g
const NAME = /[_A-Za-z][_0-9A-Za-z]*/g

/** How many names in variables are read: an operation written by a person has fewer. */
const MOST_NAMES = 1_000

/**
 * Hides from a message every word of the schema that the caller has not used: a quotation stays
 * only if all its names are in the caller's document or are field names in its variables. A caller
 * who may not explore the schema learns what was wrong, and no new name. Values of variables are
 * hidden as well.
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
  const queue: unknown[] = [variables]
  for (let at = 0; at < queue.length && queue.length < MOST_NAMES; at += 1) {
    const value = queue[at]
    if (typeof value !== 'object' || value === null) continue
    for (const [name, below] of Object.entries(value).slice(0, MOST_NAMES)) {
      words.add(name)
      queue.push(below)
    }
  }
  return words
}
