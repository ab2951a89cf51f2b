import type { AutoAttendant } from '../model/auto-attendant.js'
import type { Extension } from '../model/extension.js'
import type { Group } from '../model/group.js'
import { invalid } from './write-problems.js'
import type {
  ForwardingInput,
  NamedObject,
  NamedObjects,
  OriginateInput,
  TransferInput,
  WriteProblem,
} from './writes.js'

export type TargetKind = 'Extension' | 'Group' | 'AutoAttendant' | 'ExternalNumber'

/** The fields of an input of which exactly one says where to, by what each names. */
export type TargetFields<Input> = Readonly<Partial<Record<TargetKind, keyof Input & string>>>

export const FORWARDING_TARGETS: TargetFields<ForwardingInput> = {
  Extension: 'extensionId',
  Group: 'groupId',
  AutoAttendant: 'autoAttendantId',
  ExternalNumber: 'externalNumber',
}
export const ORIGINATE_SOURCES: TargetFields<OriginateInput> = {
  Extension: 'fromExtensionId',
  Group: 'fromGroupId',
  AutoAttendant: 'fromAutoAttendantId',
}
export const TRANSFER_TARGETS: TargetFields<TransferInput> = {
  Extension: 'toExtensionId',
  Group: 'toGroupId',
  ExternalNumber: 'toNumber',
}

/** Where an input points: one of ours, or a number outside (E.164). */
export type Target =
  | { readonly kind: 'ExternalNumber'; readonly field: string; readonly number: string }
  | { readonly kind: 'Extension'; readonly field: string; readonly object: Extension }
  | { readonly kind: 'Group'; readonly field: string; readonly object: Group }
  | { readonly kind: 'AutoAttendant'; readonly field: string; readonly object: AutoAttendant }

interface Given {
  readonly kind: TargetKind
  readonly field: string
  readonly value: string
}

function givenIn<Input>(input: Input, fields: TargetFields<Input>): Given[] {
  return (Object.keys(fields) as TargetKind[]).flatMap((kind) => {
    const field = fields[kind]
    const value: unknown = field && input[field]
    return field && typeof value === 'string' ? [{ kind, field, value }] : []
  })
}

/** The field that says where to; null where none does. */
export const targetField = <Input>(input: Input, fields: TargetFields<Input>): string | null =>
  givenIn(input, fields)[0]?.field ?? null

/** None or several targets, or one that is no number; `path`: where the input stands. */
export function targetMistakes<Input>(
  input: Input,
  fields: TargetFields<Input>,
  path: readonly string[] = [],
): WriteProblem[] {
  const given = givenIn(input, fields)
  const names = Object.values(fields).join(', ')
  if (given.length === 0) {
    const message = `Give exactly one of ${names}; there is none.`
    return [{ code: 'INVALID', field: path.length === 0 ? null : path, message }]
  }
  return [
    ...given.slice(1).map(({ field }) => invalid([...path, field], `Give exactly one of ${names}.`)),
    ...given.flatMap(({ kind, field, value }) =>
      kind === 'ExternalNumber' ? numberMistakes(value, [...path, field]) : [],
    ),
  ]
}

/** A number outside is written in E.164. */
export const numberMistakes = (number: string, path: readonly string[]): WriteProblem[] =>
  /^\+[1-9]\d{6,14}$/.test(number) ? [] : [invalid(path, 'Write the number in E.164, as in +420222333444.')]

/** Where an input points; null where its id names nothing of the kind that the field is for. */
export function targetIn<Input>(input: Input, fields: TargetFields<Input>, named: NamedObjects): Target | null {
  const [given] = givenIn(input, fields)
  if (!given) return null
  const { kind, field, value } = given
  if (kind === 'ExternalNumber') return { kind, field, number: value }
  const object = namedObject(named, value, kind)
  return object && ({ kind, field, object } as Target)
}

/** The object of this kind that an input names by its id. */
export function namedObject<Kind extends NamedObject['__typename']>(
  named: NamedObjects,
  id: string | null | undefined,
  kind: Kind,
): Extract<NamedObject, { readonly __typename: Kind }> | null {
  const object = id == null ? undefined : named.get(id)
  return object?.__typename === kind ? (object as Extract<NamedObject, { readonly __typename: Kind }>) : null
}
