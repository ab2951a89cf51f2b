import {
  getNamedType,
  isAbstractType,
  isCompositeType,
  isLeafType,
  type GraphQLField,
  type GraphQLObjectType,
  type GraphQLSchema,
} from 'graphql'

/** One field of a type on a path. */
interface Step {
  readonly on: GraphQLObjectType
  readonly field: GraphQLField<unknown, unknown>
  /** Reached through a union or an interface, so that a type condition is needed. */
  readonly conditional: boolean
}

/** A path from the root to a field, printed as `Query.dids.nodes.destination.Extension.number`. */
export type FieldPath = readonly Step[]

export const printedPath = (path: FieldPath): string =>
  path.map(({ on, field, conditional }, at) => `${at === 0 || conditional ? `${on.name}.` : ''}${field.name}`).join('.')

/**
 * Every path to a value below a root field, `depth` objects deep; connections do not count as
 * depth. `stop` gets coordinates and ends a path.
 */
export function fieldPaths(
  schema: GraphQLSchema,
  root: string,
  { depth, stop }: { readonly depth: number; readonly stop: (coordinate: string) => boolean },
): readonly FieldPath[] {
  const found: FieldPath[] = []
  const query = schema.getQueryType()!
  enter([{ on: query, field: query.getFields()[root]!, conditional: false }], depth)
  return found

  function enter(path: FieldPath, left: number): void {
    const { field } = path.at(-1)!
    const type = getNamedType(field.type)
    if (!isCompositeType(type)) return void found.push(path)
    const conditional = isAbstractType(type)
    const types = conditional ? schema.getPossibleTypes(type) : [type]
    for (const on of types) {
      const pages = on.name.endsWith('Connection')
      for (const below of Object.values(on.getFields())) {
        // A page's edges lead to the same objects as its nodes, and its other fields are values.
        if (below.name === 'edges' && 'nodes' in on.getFields()) continue
        if (stop(`${on.name}.${below.name}`) || needsMore(below)) continue
        const isLeaf = isLeafType(getNamedType(below.type))
        if (isLeaf || pages || below.name === 'node') enter([...path, { on, field: below, conditional }], left)
        else if (left > 1) enter([...path, { on, field: below, conditional }], left - 1)
      }
    }
  }
}

/**
 * One query for all paths: lists of the first `outer` objects, and in them lists of the first
 * `inner`.
 */
export function queryFor(paths: readonly FieldPath[], { outer, inner }: { outer: number; inner: number }): string {
  const root: Selection = new Map()
  for (const path of paths) {
    let here = root
    for (const step of path) here = into(here, step)
  }
  return printed(root, outer, inner)
}

type Selection = Map<string, { readonly step: Step; readonly below: Selection }>

function into(selection: Selection, step: Step): Selection {
  const key = `${step.conditional ? step.on.name : ''}.${step.field.name}`
  const known = selection.get(key) ?? { step, below: new Map() }
  selection.set(key, known)
  return known.below
}

function printed(selection: Selection, size: number, inner: number): string {
  const fields = [...selection.values()].map(({ step: { on, field, conditional }, below }) => {
    const pages = field.args.some(({ name }) => name === 'first')
    // Below a union two types may use one name for different fields.
    const name = conditional ? `${on.name}_${field.name}: ${field.name}` : field.name
    const printedField = `${name}${pages ? `(first: ${size})` : ''} ${below.size > 0 ? printed(below, pages ? inner : size, inner) : ''}`
    return conditional ? `... on ${on.name} { ${printedField} }` : printedField
  })
  return `{ __typename ${fields.join(' ')} }`
}

const needsMore = ({ args }: GraphQLField<unknown, unknown>): boolean =>
  args.some(({ type, defaultValue }) => String(type).endsWith('!') && defaultValue === undefined)
