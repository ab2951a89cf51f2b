import type { CallRecord } from '../model/call-record.js'
import { referenceOf, type Reference } from '../model/reference.js'
import type { TallyDimension } from '../store/tally-store.js'

/** A kind of objects that take part in calls. */
export type ParticipantKind = Exclude<TallyDimension, 'NONE'>

/** Who took part in a call, of one kind, as the provider refers to them. */
export interface Participants {
  readonly references: readonly Reference[]
  /** False where only the call's detail, which is not archived, tells them all. */
  readonly isWhole: boolean
}

const REFERENCE_KINDS = { EXTENSION: 'Extension', GROUP: 'Group', DID: 'Did' } as const

/** Of whom a call with this filter or in this row is: as `CallRecordFilter` has it. */
export function participantsOf(call: CallRecord, kind: ParticipantKind): Participants {
  const { caller, callee, answeredByRef, steps, groupRefs, didRef } = call
  const sides = [caller.endpointRef, callee.endpointRef]
  const of = (references: readonly (Reference | null | undefined)[], isWhole: boolean): Participants => ({
    references: references.flatMap((one) => referenceOf(one, REFERENCE_KINDS[kind]) ?? []),
    isWhole,
  })
  if (kind === 'DID') return of([didRef], true)
  if (kind === 'GROUP') return of([...sides, ...(groupRefs ?? [])], groupRefs !== undefined)
  const rang = steps?.map(({ targetRef }) => targetRef) ?? []
  return of([...sides, answeredByRef, ...rang], answeredByRef !== undefined && steps !== undefined)
}

/** The same for calls that refer to the same objects in the same words; each object once. */
export function participantsText({ references, isWhole }: Participants): string {
  const texts = new Set(references.map((reference) => JSON.stringify(reference, MEMBERS)))
  return `${isWhole ? '' : NOT_WHOLE}[${[...texts].sort().join()}]`
}

export function participantsIn(text: string): Participants {
  const isWhole = !text.startsWith(NOT_WHOLE)
  return { references: JSON.parse(isWhole ? text : text.slice(1)) as readonly Reference[], isWhole }
}

const NOT_WHOLE = '?'

/** Members of a reference by which its object is found; in one order. */
const MEMBERS = ['kind', 'id', 'number', 'rawNumber', 'zerosLost', 'preferredId', 'ownerId', 'name']
