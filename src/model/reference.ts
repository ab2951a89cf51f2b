/** How a provider refers to an extension or group; the fields are tried in this order. */
export interface ItemReference {
  /** The provider's own id in the list of that noun. */
  readonly id?: string | null
  /** Internal number, as text. */
  readonly number?: string | null
  /**
   * The provider sent the number as a JSON number, which loses leading zeros. When no item has this
   * very number, it means the only one that has it after leading zeros are removed.
   */
  readonly zerosLost?: boolean
  /** Which one is meant where several items have this number; says nothing where it is none of them. */
  readonly preferredId?: string | null
  /** Person whose line it is, where the provider refers to the person only: the first of their lines. */
  readonly ownerId?: string | null
  /** Name, where the provider refers by name only. */
  readonly name?: string | null
  /** The provider's own word for the type, for an UnresolvedDestination. */
  readonly nativeType?: string | null
}

/** A kind that was read off the number itself: the lists know better. */
interface Guess {
  /** What it is where the list of its kind has no such number. */
  readonly otherwise?: Reference
}

/**
 * An edge as mappers leave it: what a provider says about another object, before it is looked up.
 * Loaders turn it into the object; what cannot be found becomes an UnresolvedDestination.
 */
export type Reference =
  | ({ readonly kind: 'Extension' } & ItemReference & Guess)
  | ({ readonly kind: 'Group' } & ItemReference & Guess)
  /** By number in E.164. */
  | ({
      readonly kind: 'Did'
      readonly number: string | null
      readonly rawNumber: string
      readonly id?: string | null
    } & Guess)
  /** Providers list no menus: `id` is the provider's id of this one, or else its number. */
  | {
      readonly kind: 'AutoAttendant'
      readonly id: string
      readonly number: string | null
      readonly name: string | null
    }
  | { readonly kind: 'VoicemailBox'; readonly number: string | null }
  | {
      readonly kind: 'ExternalNumber'
      readonly number: string | null
      readonly rawNumber: string
      /** The provider may have put one of our own numbers where an outside one should be: then it is nobody's. */
      readonly unlessOurs?: true
    }
  | {
      readonly kind: 'Unresolved'
      readonly nativeType: string | null
      readonly nativeId: string | null
      readonly rawNumber: string | null
      readonly reason: 'NOT_FOUND' | 'UNKNOWN_TYPE' | 'NOT_PERMITTED'
    }

type ReferenceOf<K extends Reference['kind']> = Extract<Reference, { readonly kind: K }>

/** The reference to an object of this kind: itself, or what it is otherwise; null when neither is. */
export function referenceOf<K extends 'Extension' | 'Group' | 'Did'>(
  reference: Reference | null | undefined,
  kind: K,
): ReferenceOf<K> | null {
  for (let one = reference; one; one = 'otherwise' in one ? one.otherwise : null) {
    if (one.kind === kind) return one as ReferenceOf<K>
  }
  return null
}
