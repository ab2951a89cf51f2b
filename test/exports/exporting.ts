import { createHash } from 'node:crypto'

import type { Twin } from '../archive/twins.js'

export const EXPORT = `mutation ($input: CallRecordsExportInput!) {
  callRecordsExport(input: $input) {
    export { id status format recordCount bytes createdAt completedAt error link { url expiresAt } sources { account { key } state } }
    userErrors { field code message }
  }
}`
const STATE = `query ($id: ID!) {
  export(id: $id) {
    id status format recordCount bytes createdAt completedAt error
    link { url expiresAt }
    sources { account { key } state errorCode message stalenessSeconds upstreamRequests gap { from until retryCursor } }
  }
}`

export interface ShownExport {
  readonly id: string
  readonly status: string
  readonly recordCount: number
  readonly bytes: number
  readonly completedAt: string | null
  readonly error: string | null
  readonly link: { readonly url: string; readonly expiresAt: string } | null
  readonly sources: readonly {
    readonly account: { readonly key: string }
    readonly state: string
    readonly errorCode: string | null
    readonly upstreamRequests: number
    readonly stalenessSeconds: number | null
    readonly gap: { readonly from: string | null; readonly until: string | null; readonly retryCursor: string } | null
  }[]
}

export interface Begun {
  readonly export: ShownExport | null
  readonly userErrors: readonly { readonly field: readonly string[] | null; readonly code: string }[]
}

type Ask = Twin['ask']

export async function begin(ask: Ask, input: object, headers = {}): Promise<Begun> {
  const { data, errors } = await ask(EXPORT, { input }, headers)
  if (!data) throw new Error(JSON.stringify(errors))
  return (data as unknown as { callRecordsExport: Begun }).callRecordsExport
}

export async function shown(ask: Ask, id: string, headers = {}): Promise<ShownExport | null> {
  const { data, errors } = await ask(STATE, { id }, headers)
  if (!data) throw new Error(JSON.stringify(errors))
  return (data as unknown as { export: ShownExport | null }).export
}

/** The export once it has ended. */
export async function ended(ask: Ask, id: string, headers = {}): Promise<ShownExport> {
  for (;;) {
    const one = await shown(ask, id, headers)
    if (!one) throw new Error('There is no such export')
    if (one.status !== 'RUNNING') return one
    await new Promise((done) => setTimeout(done, 20))
  }
}

/** An export that has ended, and its file where there is one. */
export async function exported(
  ask: Ask,
  input: object,
  headers = {},
): Promise<ShownExport & { readonly file: Buffer }> {
  const begun = await begin(ask, input, headers)
  if (!begun.export) throw new Error(JSON.stringify(begun.userErrors))
  const one = await ended(ask, begun.export.id, headers)
  const file = one.link ? Buffer.from(await (await fetch(one.link.url)).arrayBuffer()) : Buffer.alloc(0)
  return { ...one, file }
}

export const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('base64')

export const linesIn = (file: Buffer): readonly Record<string, unknown>[] =>
  file
    .toString()
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Record<string, unknown>)
