/**
 * Edges as mappers leave them: what a provider says about another object, before anyone has looked it up.
 * Loaders turn a reference into the object; what cannot be found becomes an UnresolvedDestination.
 */

interface Target {
  /** The provider's own id inside that noun's list; tried first. */
  readonly id?: string | null
  /** Internal number, as text; tried second. */
  readonly number?: string | null
  /** Name, where the provider refers by name only; tried last. */
  readonly name?: string | null
  /** The provider sent the number as a JSON number, so zeros before it may be missing: of no such number, the one it is but for them. */
  readonly zerosLost?: boolean
  /** The provider's own word for the type, for an UnresolvedDestination. */
  readonly nativeType?: string | null
}

export type Reference =
  | ({ readonly kind: 'Extension' } & Target)
  | ({ readonly kind: 'Group' } & Target)
  /** By number in E.164. */
  | { readonly kind: 'Did'; readonly number: string | null; readonly rawNumber: string; readonly id?: string | null }
  /** The provider lists no menus: `id` is what it calls this one, or its number. */
  | {
      readonly kind: 'AutoAttendant'
      readonly id: string
      readonly number: string | null
      readonly name: string | null
    }
  | { readonly kind: 'VoicemailBox'; readonly number: string | null }
  | { readonly kind: 'ExternalNumber'; readonly number: string | null; readonly rawNumber: string }
  | {
      readonly kind: 'Unresolved'
      readonly nativeType: string | null
      readonly nativeId: string | null
      readonly rawNumber: string | null
      readonly reason: 'NOT_FOUND' | 'UNKNOWN_TYPE' | 'NOT_PERMITTED'
    }

/**
 * A value the provider may keep apart: `undefined` says that only the detail has it (one more request, made when the field is asked),
 * anything else, null included, is the answer.
 */
export type InDetail<T> = T | undefined
