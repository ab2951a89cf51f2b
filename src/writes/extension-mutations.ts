import type { Extension } from '../model/extension.js'
import { parseGlobalId } from '../model/id.js'
import type { ExtensionInput, ReadyInput } from '../providers/writes.js'
import { mayNot, type Mutation, type Reading } from './mutation.js'
import { notFound } from './named-objects.js'
import { isWritable } from './own-rights.js'
import { withoutNulls } from './said.js'
import type { WrittenObject } from './write.js'

interface Keyed {
  readonly idempotencyKey?: string | null
}
export type ExtensionCreation = ExtensionInput & Keyed & { readonly accountId: string; readonly number: string }
export type ExtensionUpdate = ExtensionInput & Keyed & { readonly id: string }
export type ExtensionDeletion = Keyed & { readonly id: string }

export const extensionCreate = (input: ExtensionCreation): Mutation<ExtensionInput, ReadyInput<ExtensionInput>> => ({
  ...{ name: 'extensionCreate', inputType: 'ExtensionCreateInput', resource: 'EXTENSION', needs: 'CREATE' },
  input: withoutNulls(input),
  where: { field: 'accountId', id: input.accountId, type: 'Account' },
  targetId: null,
  object: `extension number ${input.number}`,
  requireRight: () => mayNot('create extensions'),
  writeOf: ({ extensions }) => extensions?.create,
  ready: async (_read, said, named) => ({ input: said, named }),
  readBack: ({ loader }) => wholeExtension({ loader }, { number: input.number }),
})

export const extensionUpdate = (
  input: ExtensionUpdate,
): Mutation<ExtensionInput, ReadyInput<ExtensionInput> & { readonly extension: Extension }> => ({
  ...{ name: 'extensionUpdate', inputType: 'ExtensionUpdateInput', resource: 'EXTENSION', needs: 'UPDATE' },
  input,
  where: { field: 'id', id: input.id, type: 'Extension' },
  targetId: input.id,
  object: `extension ${nativeOf(input.id)}`,
  requireRight() {
    const others = Object.entries(input).filter(([name, value]) => value !== undefined && !OWN_FIELDS.has(name))
    if (others.length > 0) mayNot(`change ${others.map(([name]) => name).join(', ')}, only its own forwarding`)
  },
  writeOf: ({ extensions }) => extensions?.update,
  async ready(read, said, named) {
    const extension = await writableExtension(read, input.id)
    return extension ? { input: said, named, extension } : { problems: [notFound(['id'])] }
  },
  readBack: (read) => wholeExtension(read, { id: nativeOf(input.id) }),
})

export const extensionDelete = (input: ExtensionDeletion): Mutation<object, { readonly extension: Extension }> => ({
  ...{ name: 'extensionDelete', inputType: 'ExtensionDeleteInput', resource: 'EXTENSION', needs: 'DELETE' },
  input,
  where: { field: 'id', id: input.id, type: 'Extension' },
  targetId: input.id,
  object: `extension ${nativeOf(input.id)}`,
  requireRight: () => mayNot('delete extensions'),
  writeOf: ({ extensions }) => extensions?.delete,
  async ready(read) {
    const extension = await writableExtension(read, input.id)
    return extension ? { extension } : { problems: [notFound(['id'])] }
  },
  lookAtObject: async (read) => ((await writableExtension(read, input.id)) === null ? {} : null),
  readBack: async () => null,
})

/** What a caller that is bound to an extension may change of it. */
const OWN_FIELDS: ReadonlySet<string> = new Set(['id', 'idempotencyKey', 'forwarding'])

const nativeOf = (id: string): string => parseGlobalId(id)?.native ?? ''

/** Null where there is none, or the caller may not write to it: nobody can tell which. */
async function writableExtension({ loader, bound }: Reading, id: string): Promise<Extension | null> {
  const extension = await loader.extensions?.existing(nativeOf(id))
  return extension && (await isWritable(extension, loader, bound)) ? extension : null
}

/** With all fields of its detail, so that a repeated request needs nothing more. */
async function wholeExtension(
  { loader }: Pick<Reading, 'loader'>,
  reference: { readonly id?: string; readonly number?: string },
): Promise<WrittenObject | null> {
  const extension = await loader.extensions?.find(reference)
  return extension ? { ...extension, ...(await loader.extensions!.detail(extension)) } : null
}
