import { readdirSync, readFileSync } from 'node:fs'

const FOLDER = new URL('../../schema/operations/', import.meta.url)

/** The worked operations that one answer answers, by file: all but the subscriptions. */
export const workedOperations: readonly (readonly [file: string, text: string])[] = readdirSync(FOLDER)
  .sort()
  .map((file) => [file, readFileSync(new URL(file, FOLDER), 'utf8')] as const)
  .filter(([, text]) => !/^subscription /m.test(text))

/** Those that change something at a provider: asked twice, they do it twice, or say that it is done. */
const WRITES = ['place-a-call', 'transfer-a-call', 'hang-up', 'change-an-extension', 'export-calls']

/** The worked operations that may be asked as often as anybody likes. */
export const workedReadings = workedOperations.filter(
  ([file]) => !WRITES.some((name) => file.endsWith(`-${name}.graphql`)),
)
