import { hash } from 'node:crypto'
import { readFileSync } from 'node:fs'

import { parse } from 'graphql'
import { z } from 'zod'

import { describeIssue, problemsOf, problemText } from './problem.js'

/** Operation texts by id, without its `sha256:` prefix. */
export type AllowList = ReadonlyMap<string, string>

/** `operations` of the configuration. */
export interface OperationsSettings {
  readonly allowList: AllowList
  /** Whether operations that are not listed are refused. */
  readonly only: boolean
}

/** As Relay, the client preset and urql's tools write it: texts by id. */
const byId = z.record(z.string().min(1), z.string().min(1))

/** As `generate-persisted-query-manifest` writes it for Apollo Client. */
const apolloManifest = z.object({
  format: z.literal('apollo-persisted-query-manifest'),
  version: z.literal(1),
  operations: z.array(z.object({ id: z.string().min(1), body: z.string().min(1) })),
})

/**
 * Reads a manifest of persisted documents.
 * @throws Error whose message says what is wrong with the file, and quotes nothing of it.
 */
export function readAllowList(file: string): AllowList {
  const list = new Map<string, string>()
  for (const [index, [written, text]] of entriesOf(file).entries()) {
    const id = plainId(written)
    if (!isDocument(text)) throw new Error(`${file} holds a text that is no GraphQL document: entry ${index + 1}`)
    if (SHA_256.test(id) && id !== hash('sha256', text))
      throw new Error(`${file} holds an id that is not the hash of its text`)
    if ((list.get(id) ?? text) !== text) throw new Error(`${file} holds two texts with the same id`)
    list.set(id, text)
  }
  return list
}

/** The id without its `sha256:` prefix, which automatic persisted queries leave out. */
export const plainId = (id: string): string => id.replace(/^sha256:/, '')

const SHA_256 = /^[0-9a-f]{64}$/

function entriesOf(file: string): readonly (readonly [id: string, text: string])[] {
  const content = contentOf(file)
  if (isObject(content) && 'format' in content) {
    const { data, error } = apolloManifest.safeParse(content, { error: describeIssue })
    if (data) return data.operations.map(({ id, body }) => [id, body])
    const problems = error.issues.flatMap(problemsOf).map(problemText)
    throw new Error(`${file} is no manifest of persisted queries as Apollo Client has it: ${problems[0]}`)
  }
  const { data, error } = byId.safeParse(content)
  if (data) return Object.entries(data)
  const at = isObject(content) ? ` Entry ${placeIn(content, error)} is not one.` : ''
  throw new Error(
    `${file} is no manifest of persisted documents: it must be a JSON object of ids and texts, or Apollo's manifest.${at}`,
  )
}

function isDocument(text: string): boolean {
  try {
    return parse(text, { noLocation: true }).definitions.length > 0
  } catch {
    return false
  }
}

function contentOf(file: string): unknown {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (error) {
    throw new Error(`${file} cannot be read (${(error as NodeJS.ErrnoException).code})`)
  }
  try {
    return JSON.parse(text)
  } catch {
    throw new Error(`${file} is no manifest of persisted documents: it is not JSON`)
  }
}

const isObject = (content: unknown): content is object =>
  typeof content === 'object' && content !== null && !Array.isArray(content)

/** An id may be anything, so its entry is told by number. */
const placeIn = (content: object, { issues: [first] }: z.ZodError): number =>
  Object.keys(content).indexOf(String(first?.path[0])) + 1
