import { readdirSync, readFileSync } from 'node:fs'

const FOLDER = new URL('../../schema/operations/', import.meta.url)

/** The worked operations that one answer answers, by file: all but the subscriptions. */
export const workedOperations: readonly (readonly [file: string, text: string])[] = readdirSync(FOLDER)
  .sort()
  .map((file) => [file, readFileSync(new URL(file, FOLDER), 'utf8')] as const)
  .filter(([, text]) => !/^subscription /m.test(text))
