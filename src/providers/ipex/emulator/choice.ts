/**
 * Chooses by key: the same key gets the same choice in every run, so spellings vary reproducibly.
 */
export function choiceFor<T>(key: string, choices: readonly [T, ...T[]]): T {
  return choices[hash(key) % choices.length] as T
}

/**
 * FNV-1a, 32 bits, with a final mix, so that keys that differ in one digit spread over few choices.
 */
function hash(text: string): number {
  let value = 0x811c9dc5
  for (let index = 0; index < text.length; index += 1) {
    value = Math.imul(value ^ text.charCodeAt(index), 0x01000193)
  }
  return (value ^ (value >>> 15)) >>> 0
}
