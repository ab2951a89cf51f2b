import { InvalidInput } from '../../errors.js'
import { parseGlobalId, type NodeType } from '../../model/id.js'
import type { Node } from '../../model/node.js'
import type { Context } from '../context.js'
import { MAXIMUM_IDS, nodesById } from '../resolvers/node.resolver.js'

/** The types that other subgraphs may refer to and add fields to, each by its `id`. */
export const ENTITIES = [
  'Account',
  'AutoAttendant',
  'CallRecord',
  'Did',
  'Extension',
  'Group',
  'Provider',
  'Recording',
] as const satisfies readonly NodeType[]

/**
 * The objects that representations refer to, in their order: as `nodes` gives them for their ids. A
 * gateway may send a representation for every place in its answer, so equal ones are looked up once,
 * and only different ones count against the limit.
 *
 * Null: no such object, or none of this caller's. An error: its lookup failed, or it is no
 * reference to an entity of this graph.
 *
 * @throws InvalidInput for more different ids than `nodes` takes.
 */
export async function entities(
  representations: readonly unknown[],
  context: Context,
): Promise<readonly (Node | Error | null)[]> {
  const references = representations.map(referenceAt)
  const ids = [...new Set(references.filter((one) => typeof one === 'string'))]
  if (ids.length > MAXIMUM_IDS)
    throw new InvalidInput(
      `\`representations\` may refer to at most ${MAXIMUM_IDS} different objects, but they refer to ${ids.length}.`,
    )
  const nodes = await nodesById(ids, context)
  const found = new Map(ids.map((id, at) => [id, nodes[at] ?? null]))
  return references.map((one) => (typeof one === 'string' ? (found.get(one) ?? null) : one))
}

/**
 * The id in a representation, or what is wrong with it. Fields besides the key are those that other
 * subgraphs require; they are ignored.
 */
function referenceAt(representation: unknown, at: number): string | InvalidInput {
  const { __typename: type, id } = (representation ?? {}) as Readonly<Record<string, unknown>>
  const wrong = (what: string) => new InvalidInput(`\`representations[${at}]\` ${what}`)
  if (typeof type !== 'string') return wrong('needs a __typename: the type its id belongs to.')
  if (!ENTITIES.some((one) => one === type))
    return wrong(`is of the type \`${type}\`, which has no key here; compose the supergraph anew.`)
  if (typeof id !== 'string') return wrong(`needs an id: it is the key of \`${type}\`.`)
  const actual = parseGlobalId(id)?.type ?? type
  return actual === type ? id : wrong(`is of the type \`${type}\`, but its id is that of another, \`${actual}\`.`)
}
