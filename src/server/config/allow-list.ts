import { hash } from 'node:crypto'
import { readFileSync } from 'node:fs'

import { z } from 'zod'

/** Operation texts by id, as code generators write them: `{ "sha256:7f56…": "query …" }`. */
export type AllowList = ReadonlyMap<string, string>

/** `operations` of the configuration. */
export interface OperationsSettings {
  readonly allowList: AllowList
  /** Whether operations that are not listed are refused. */
  readonly only: boolean
}

const manifest = z.record(z.string().min(1), z.string().min(1))

/**
 * Reads a manifest of persisted documents.
 * @throws Error whose message says what is wrong with the file, and quotes nothing of it.
 */
export function readAllowList(file: string): AllowList {
  const list = new Map(Object.entries(entriesOf(file)).map(([id, text]) => [plainId(id), text]))
  for (const [id, text] of list) {
    if (SHA_256.test(id) && id !== hash('sha256', text))
      throw new Error(`${file} holds an id that is not the hash of its text`)
  }
  return list
}

/** The id without its `sha256:` prefix, which automatic persisted queries leave out. */
export const plainId = (id: string): string => id.replace(/^sha256:/, '')

const SHA_256 = /^[0-9a-f]{64}$/

function entriesOf(file: string): Readonly<Record<string, string>> {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (error) {
    throw new Error(`${file} cannot be read (${(error as NodeJS.ErrnoException).code})`)
  }
  try {
    return manifest.parse(JSON.parse(text))
  } catch {
    throw new Error(`${file} is no manifest of persisted documents: it must be a JSON object of ids and texts`)
  }
}
