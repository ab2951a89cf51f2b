import type { FreepbxKnobs } from './knobs.js'
import type { Reloads } from './reloads.js'
import { secretFor, type Tables, type UserRow } from './tables.js'

export interface WriteParts {
  readonly tables: Tables
  readonly knobs: FreepbxKnobs
  readonly reloads: Reloads
}

interface ExtensionInput {
  readonly extensionId: string
  readonly name?: string | null
  readonly email?: string | null
  readonly tech?: string | null
  readonly outboundCid?: string | null
  readonly emergencyCid?: string | null
  readonly umEnable?: boolean | null
  readonly umPassword?: string | null
  readonly vmEnable?: boolean | null
  readonly maxContacts?: string | null
  readonly extPassword?: string | null
  readonly clientMutationId?: string | null
}

interface Input<T> {
  readonly input: T
}

/** Resolvers of the mutations by name. */
export function mutationResolvers({ tables, knobs, reloads }: WriteParts): Record<string, unknown> {
  let generation = 0
  const refused = (message: string) => ({ status: false, message })

  /** What is not said gets its default, whatever it was before. */
  const made = (input: ExtensionInput): UserRow => ({
    extension: input.extensionId,
    name: input.name ?? '',
    voicemail: input.vmEnable === false ? 'novm' : 'default',
    outboundCid: input.outboundCid ?? '',
    emergencyCid: input.emergencyCid ?? '',
    noanswerDestination: '',
    busyDestination: '',
    chanunavailDestination: '',
    tech: input.tech ?? 'pjsip',
    email: input.email ?? '',
    maxContacts: input.maxContacts ?? '1',
    password: secretFor(`device ${input.extensionId}`),
    extPassword: input.extPassword ?? secretFor(`sip ${input.extensionId} ${(generation += 1)}`),
  })

  return {
    addExtension({ input }: Input<ExtensionInput>) {
      if (!/^\d+$/.test(input.extensionId)) return refused('Extension should be numeric')
      if (tables.users.has(input.extensionId)) return refused(`This extension ${input.extensionId} is already in use`)
      if (input.umEnable === true && !input.umPassword) return refused('Please provide a password for User Manager')
      tables.users.set(input.extensionId, made(input))
      reloads.need()
      return { status: true, message: 'Extension has been created Successfully', ...echo(input) }
    },
    updateExtension({ input }: Input<ExtensionInput>) {
      const before = tables.users.get(input.extensionId)
      if (!before) return refused('Extension does not exists')
      // Delete, then create: where the second fails the first has happened.
      tables.users.delete(input.extensionId)
      reloads.need()
      if (knobs.driverFails || !input.name) return { status: null, message: null }
      tables.users.set(input.extensionId, { ...made(input), maxContacts: input.maxContacts ?? before.maxContacts })
      return { status: true, message: 'Extension has been updated Successfully', ...echo(input) }
    },
    deleteExtension({ input }: Input<ExtensionInput>) {
      if (!tables.users.delete(input.extensionId)) return refused('Extension does not exists')
      reloads.need()
      return { status: true, message: 'Extension has been deleted Successfully', ...echo(input) }
    },
    doreload: () => ({
      status: true,
      message: 'Doreload/apply config has been initiated. Please check the status using fetchApiStatus api',
      transaction_id: reloads.begin(),
    }),
  }
}

const echo = ({ clientMutationId = null }: ExtensionInput) => ({ clientMutationId })
