import type { CallRecord } from '../model/call-record.js'
import { referenceOf, type Reference } from '../model/reference.js'
import type { TallyDimension } from '../store/tally-store.js'

/** A kind of objects that take part in calls. */
export type ParticipantKind = Exclude<TallyDimension, 'NONE'>

/** Who took part in a call, of one kind, as the provider refers to them. */
export interface Participants {
  /** Whose call it is: extensions that called or answered, and all groups and numbers. */
  readonly handlers: readonly Reference[]
  /** Extensions that were dialled, or rang; the same one may be a handler, too. */
  readonly bystanders: readonly Reference[]
  /** False where only the call's detail, which is not archived, tells them all. */
  readonly isWhole: boolean
}

const REFERENCE_KINDS = { EXTENSION: 'Extension', GROUP: 'Group', DID: 'Did' } as const

/** Of whom a call with this filter or in this row is: as `CallRecordFilter` has it. */
export function participantsOf(call: CallRecord, kind: ParticipantKind): Participants {
  const { caller, callee, answeredByRef, steps, groupRefs, didRef } = call
  const of = (references: readonly (Reference | null | undefined)[]) =>
    references.flatMap((one) => referenceOf(one, REFERENCE_KINDS[kind]) ?? [])
  if (kind === 'DID') return { handlers: of([didRef]), bystanders: [], isWhole: true }
  if (kind === 'GROUP') {
    const sides = [caller.endpointRef, callee.endpointRef]
    return { handlers: of([...sides, ...(groupRefs ?? [])]), bystanders: [], isWhole: groupRefs !== undefined }
  }
  const rang = steps?.map(({ targetRef }) => targetRef) ?? []
  return {
    handlers: of([caller.endpointRef, answeredByRef]),
    bystanders: of([callee.endpointRef, ...rang]),
    isWhole: answeredByRef !== undefined && steps !== undefined,
  }
}

/** All who took part. */
export const everybodyOf = ({ handlers, bystanders }: Participants): readonly Reference[] => [
  ...handlers,
  ...bystanders,
]

/** The same for calls that refer to the same objects in the same words; each object once. */
export function participantsText({ handlers, bystanders, isWhole }: Participants): string {
  const marked = bystanders.map((reference) => ({ ...reference, isBystander: true }))
  const texts = new Set([...handlers, ...marked].map((reference) => JSON.stringify(reference, MEMBERS)))
  return `${isWhole ? '' : NOT_WHOLE}[${[...texts].sort().join()}]`
}

export function participantsIn(text: string): Participants {
  const isWhole = !text.startsWith(NOT_WHOLE)
  const everybody = JSON.parse(isWhole ? text : text.slice(1)) as readonly (Reference & { isBystander?: true })[]
  return {
    handlers: everybody.filter(({ isBystander }) => !isBystander),
    bystanders: everybody.filter(({ isBystander }) => isBystander),
    isWhole,
  }
}

const NOT_WHOLE = '?'

/** Members of a reference by which its object is found; in one order. */
const MEMBERS = ['kind', 'id', 'number', 'rawNumber', 'zerosLost', 'preferredId', 'ownerId', 'name', 'isBystander']
