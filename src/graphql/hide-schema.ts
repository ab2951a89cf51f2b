/** What graphql and we put in quotes: names and values, a quote within them escaped. */
const QUOTED = /"(?:[^"\\]|\\.)*"|`[^`]*`/g
const NAME = /[_A-Za-z][_0-9A-Za-z]*/g

/**
 * A message without the words of the schema that its reader has not used: whatever is quoted in it stays only where all its names
 * stand in what was asked. So who may not explore the schema learns what was wrong with a question, and no name from being wrong.
 */
export function hideSchema(message: string, asked: string): string {
  const words = new Set(asked.match(NAME))
  return message.replace(QUOTED, (quoted) => {
    const names = quoted.slice(1, -1).match(NAME) ?? []
    return names.every((name) => words.has(name)) ? quoted : `${quoted[0]}…${quoted[0]}`
  })
}
