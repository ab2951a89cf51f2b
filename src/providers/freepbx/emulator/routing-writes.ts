import { destinationText } from './destinations.js'
import { internalError } from './protocol.js'
import type { RouteRow, Tables } from './tables.js'

interface RouteInput {
  readonly destination: string
  readonly extension?: string | null
  readonly cidnum?: string | null
  readonly description?: string | null
  readonly oldExtension?: string | null
  readonly oldCidnum?: string | null
}

interface GroupInput {
  readonly groupNumber: string
  readonly strategy: string
  readonly extensionList: string
  readonly ringTime?: string | null
  readonly description?: string | null
  readonly postAnswer?: string | null
  readonly groupPrefix?: string | null
}

/**
 * Resolvers of the mutations of inbound routes and ring groups. None of them says that a reload is
 * needed.
 */
export function routingResolvers(tables: Tables): Record<string, unknown> {
  // Asking for the route of a refusal turns it into an error.
  const refused = (message: string) => ({
    status: false,
    message,
    inboundRoute: () => {
      throw internalError()
    },
  })
  const done = (message: string, row: RouteRow) => ({
    ...{ status: true, message },
    inboundRoute: { ...row, id: keyOf(row), destinationConnection: destinationText(row.destination, tables) },
  })
  const indexOf = (key: string) => tables.routes.findIndex((row) => keyOf(row) === key)
  const isDestination = (destination: string) =>
    destination.split(',').length === 3 && destinationText(destination, tables) !== null
  const rowOf = (input: RouteInput): RouteRow => ({
    ...{ extension: input.extension ?? '', cidnum: input.cidnum ?? '', description: input.description ?? '' },
    destination: input.destination,
  })
  return {
    addInboundRoute({ input }: { readonly input: RouteInput }) {
      const row = rowOf(input)
      if (!isDestination(input.destination)) return refused('Please provide a valid destination')
      if (indexOf(keyOf(row)) >= 0) return refused('A route for this DID/CID already exists!')
      tables.routes.push(row)
      return done('Inbound Route created successfully', row)
    },
    updateInboundRoute({ input }: { readonly input: RouteInput }) {
      const row = rowOf(input)
      // Renumbering works only where the old condition is not empty.
      const isRenumbered = Boolean(input.oldExtension && input.oldCidnum)
      const at = indexOf(isRenumbered ? `${input.oldExtension}/${input.oldCidnum}` : keyOf(row))
      if (!isDestination(input.destination)) return refused('Please provide a valid destination')
      if (at < 0 && !isRenumbered) return refused('Inbound Route does not exists')
      // What is not said is not kept.
      tables.routes.splice(at < 0 ? tables.routes.length : at, 1, row)
      return done('Inbound Route updated successfully', row)
    },
    removeInboundRoute({ input: { id } }: { readonly input: { readonly id: string } }) {
      const at = indexOf(id.includes('/') ? id : `${id}/`)
      if (at < 0) return refused('Inbound Route does not exists')
      tables.routes.splice(at, 1)
      return { status: true, message: 'Inbound Route deleted successfully', deletedId: id }
    },
    addRingGroup({ input }: { readonly input: GroupInput }) {
      tables.groups.push({
        number: input.groupNumber,
        description: input.description ?? `ring group${input.groupNumber}`,
        list: input.extensionList,
        seconds: Number(input.ringTime ?? 20),
        strategy: input.strategy,
        postAnswer: input.postAnswer ?? 'app-blackhole,hangup,1',
        // Not said, it is a word that belongs elsewhere.
        prefix: input.groupPrefix ?? 'ringall',
      })
      return { status: true, message: 'Ring Group has been created successfully' }
    },
    deleteRingGroup({ input: { groupNumber } }: { readonly input: { readonly groupNumber: number } }) {
      const at = tables.groups.findIndex(({ number }) => number === String(groupNumber))
      if (at >= 0) tables.groups.splice(at, 1)
      return { status: true, message: 'Ring Group has been deleted successfully' }
    },
  }
}

const keyOf = ({ extension, cidnum }: RouteRow): string => `${extension}/${cidnum}`
