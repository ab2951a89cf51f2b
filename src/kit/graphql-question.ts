import { oncePer } from '../attached.js'
import type { Reply } from '../http/rest.js'
import { list, received, text, type Received } from '../model/values/wire-value.js'
import { badResponse } from '../providers/bad-response.js'
import type { RecordRules } from '../providers/drift.js'
import type { AccountFacts } from '../providers/provider.js'
import { readRecords, type Records } from '../providers/read-records.js'

/**
 * What is asked of a GraphQL API: one root field, so that the failure of another cannot lose it, and
 * what is selected of it.
 */
export interface GraphqlQuestion {
  readonly field: string
  /** The document. */
  readonly query: string
}

/** Arguments of a root field by their names, with their types: `{ first: 'Int' }`. Each is a variable of its name. */
export type GraphqlArguments = Readonly<Record<string, string>>

function question(kind: string, field: string, selection: string, parameters: GraphqlArguments): GraphqlQuestion {
  const names = Object.keys(parameters)
  const declared = names.map((name) => `$${name}: ${parameters[name]!}`).join(', ')
  const passed = names.map((name) => `${name}: $${name}`).join(', ')
  const bracketed = (inside: string) => (inside === '' ? '' : `(${inside})`)
  const document = `${kind} ${field}${bracketed(declared)} { ${field}${bracketed(passed)} { ${selection} } }`
  return { field, query: document }
}

/** A query for one root field. */
export const graphqlQuery = (field: string, selection: string, parameters: GraphqlArguments = {}): GraphqlQuestion =>
  question('query', field, selection, parameters)

/** A mutation in the manner of Relay: one argument `input`, of a type that is named after the field. */
export const graphqlMutation = (field: string, selection: string): GraphqlQuestion =>
  question('mutation', field, selection, { input: `${field}Input!` })

interface Listed<Fields extends RecordRules> {
  /** The root field. */
  readonly field: string
  /** The field below it that has the records. */
  readonly list: string
  /** The type of its records, for what is told of drift. */
  readonly noun: string
  readonly fields: Fields
}

/** A query for a list, whose records have documented fields; these are selected, and no others. */
export interface GraphqlList<Fields extends RecordRules = RecordRules> extends GraphqlQuestion, Listed<Fields> {}

/** A record of such a list, of which nothing is known yet. */
export type GraphqlRecord<List extends GraphqlList> = Received<Record<keyof List['fields'], unknown>>

/** Makes the question of a list; `beside`: what else is selected of its root field. */
export function graphqlList<Fields extends RecordRules>(
  { field, beside = '', list: name, noun, fields }: Listed<Fields> & { readonly beside?: string },
  parameters: GraphqlArguments = {},
): GraphqlList<Fields> {
  const selection = `${name} { ${Object.keys(fields).join(' ')} }`
  return { ...graphqlQuery(field, `${beside} ${selection}`.trim(), parameters), list: name, noun, fields }
}

/**
 * What a root field answered.
 *
 * @throws ProviderError PROVIDER_BAD_RESPONSE where that is no object
 */
export function graphqlAnswer<Wire>({ body }: Reply, { field }: GraphqlQuestion): Received<Wire> {
  const data = received<{ data: unknown }>(body)?.data
  const root = received<Wire>(received<Record<string, unknown>>(data)?.[field])
  if (root === null) throw badResponse(`${field} answered something else than an object`, 'WRONG_SHAPE')
  return root
}

/**
 * The records of a list within an answer, unread.
 *
 * @throws ProviderError PROVIDER_BAD_RESPONSE where there is no list
 */
export function graphqlRows(reply: Reply, asked: GraphqlQuestion, name: string): readonly unknown[] {
  const rows = list(graphqlAnswer<Record<string, unknown>>(reply, asked)[name])
  if (rows === null) throw badResponse(`${asked.field} answered without ${name}`, 'WRONG_SHAPE')
  return rows
}

/** A reader of the records of a list: maps those of one answer once, and tells of what is not as documented. */
export const graphqlRecords = <T>(
  asked: GraphqlList,
  toItem: (account: AccountFacts, record: unknown, fetchedAt: string) => T | null,
): ((reply: Reply, account: AccountFacts) => Records<T>) =>
  oncePer((reply: Reply, account: AccountFacts) => {
    const rows = graphqlRows(reply, asked, asked.list)
    return readRecords(account, asked.noun, asked.fields, rows, (row) => toItem(account, row, reply.receivedAt))
  })

/** What the first error of a GraphQL answer says, else the `message` of its root field; null: nothing. */
export function graphqlMessage(answer: unknown): string | null {
  const body = received<{ errors: unknown; data: unknown }>(answer)
  const [error] = list(body?.errors) ?? []
  const [root] = Object.values(received<Record<string, unknown>>(body?.data) ?? {})
  return text(received<{ message: unknown }>(error)?.message) ?? text(received<{ message: unknown }>(root)?.message)
}
