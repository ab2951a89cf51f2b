import { badResponse, list, ProviderError, received, text } from '../../provider.js'
import type { Freshness, Judge, Received, Reply, Rest } from '../../provider.js'
import type { HiddenFields } from './hidden-fields.js'
import type { Question } from './questions.js'

/** What a source is asked with. */
export interface Asking {
  readonly rest: Rest
  readonly url: string
  readonly hidden: HiddenFields
}

interface ReadBy {
  readonly freshness: Freshness
  readonly keys?: number
  readonly pushedDown?: readonly string[]
  readonly fresh?: boolean
}

/**
 * Asks one question. The body is read whatever the status and its type say: 15 and 16 send errors with
 * 400 and lose all data, 17 with 200 as `text/html`.
 *
 * @throws ProviderError for an error in the body, and as `Rest.post` does.
 */
export function ask(
  { rest, url, hidden }: Asking,
  { field, query }: Question,
  variables: Readonly<Record<string, unknown>>,
  reading: ReadBy,
): Promise<Reply> {
  const judge: Judge = ({ status, body, receivedAt }) => errorIn(body, status, field, hidden, receivedAt)
  return rest.post(url, { query, variables }, { ...reading, judge })
}

/** What the root field of a question answered. */
export function answerOf<Wire>({ body }: Reply, { field }: Question): Received<Wire> {
  const data = received<{ data: unknown }>(body)?.data
  const root = received<Wire>(received<Record<string, unknown>>(data)?.[field])
  if (root === null) throw badResponse(`${field} answered something else than an object`, 'WRONG_SHAPE')
  return root
}

/** A list within the answer of a question. */
export function rowsOf(reply: Reply, question: Question, name: string): readonly unknown[] {
  const rows = list(answerOf<Record<string, unknown>>(reply, question)[name])
  if (rows === null) throw badResponse(`${question.field} answered without ${name}`, 'WRONG_SHAPE')
  return rows
}

/** What an error says, for a person: texts are translated by the switchboard, so none is compared. */
export function saidBy(answer: unknown): string | null {
  const body = received<{ errors: unknown; data: unknown }>(answer)
  const [first] = list(body?.errors) ?? []
  const root = received<Record<string, unknown>>(body?.data)
  const [reply] = Object.values(root ?? {})
  return text(received<{ message: unknown }>(first)?.message) ?? text(received<{ message: unknown }>(reply)?.message)
}

/** English on every host: the library's, and so its beginning alone is compared. */
const HIDDEN_FIELD = /^Cannot query field /

function errorIn(
  body: unknown,
  status: number,
  field: string,
  hidden: HiddenFields,
  receivedAt: string,
): ProviderError | null {
  const answer = received<{ errors: unknown; data: unknown }>(body)
  const errors = list(answer?.errors) ?? []
  if (errors.length === 0) {
    const root = received<{ status: unknown }>(received<Record<string, unknown>>(answer?.data)?.[field])
    if (root?.status === false) return failed(field, 'it refused')
    if (status === 200 && root) hidden.seen(field)
    return null
  }
  if (HIDDEN_FIELD.test(saidBy(body) ?? '')) return hidden.failure(field, receivedAt)
  return failed(field, 'it failed there, and does not say why')
}

const failed = (field: string, why: string) =>
  new ProviderError('PROVIDER_BAD_RESPONSE', `${field} was asked of FreePBX: ${why}`, { reason: 'GRAPHQL_ERROR' })
