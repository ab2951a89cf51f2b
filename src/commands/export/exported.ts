import { ask, type Graph } from './graph.js'

/** An export, as this command asks for it. */
export interface Exported {
  readonly id: string
  readonly status: 'RUNNING' | 'COMPLETED' | 'COMPLETED_WITH_GAPS' | 'FAILED' | 'CANCELLED' | 'EXPIRED'
  readonly recordCount: number
  readonly bytes: number
  readonly error: string | null
  readonly link: { readonly url: string } | null
  readonly sources: readonly {
    readonly account: { readonly key: string; readonly label: string }
    readonly state: string
    readonly message: string | null
    readonly gap: { readonly from: string | null; readonly until: string | null } | null
  }[]
}

const FIELDS = `id status recordCount bytes error link { url }
  sources { account { id key label } state message gap { from until } }`

const CREATE = `mutation Export($input: CallRecordsExportInput!) {
  callRecordsExport(input: $input) { export { ${FIELDS} } userErrors { field message } }
}`

const FIND = `query Export($id: ID!) { export(id: $id) { ${FIELDS} } }`

interface Created {
  readonly callRecordsExport: {
    readonly export: Exported | null
    readonly userErrors: readonly { readonly field: readonly string[] | null; readonly message: string }[]
  }
}

/** Begins an export; otherwise says why not. */
export async function createExport(graph: Graph, input: object): Promise<Exported | readonly string[]> {
  const { callRecordsExport } = await ask<Created>(graph, CREATE, { input })
  const { export: created, userErrors } = callRecordsExport
  return created ?? userErrors.map(({ field, message }) => [...(field ?? []), message].join(': '))
}

/** Null where there is none, or it is somebody else's. */
export async function findExport(graph: Graph, id: string): Promise<Exported | null> {
  const { export: found } = await ask<{ export: Exported | null }>(graph, FIND, { id })
  return found
}

/** The gaps of a file, a line each. */
export const gapsOf = ({ sources }: Exported): readonly string[] =>
  sources
    .filter(({ state }) => state !== 'COMPLETE' && state !== 'UNSUPPORTED')
    .map(({ account: { key, label }, message, gap }) => {
      const time = gap ? ` from ${gap.from ?? 'the beginning'} until ${gap.until ?? 'the end'}` : ''
      return `${label} (${key})${time}: ${message ?? 'some calls are missing'}`
    })
