/** An object by what the provider's own books say of it. */
export interface BookedObject {
  /** The provider's id, as text. */
  readonly id: string
  /** Of a number: E.164. Of an extension: as it is dialled, zeros and all. */
  readonly number?: string | null
  /** Of a group. */
  readonly name?: string | null
  /** Of a call: ms. */
  readonly startedAt?: number
  /** Of a call whose end the provider tells: ms. */
  readonly endedAt?: number
}

/** What the account of the suite holds; absent: the emulator does not say. */
export interface BookedContents {
  readonly dids?: readonly BookedObject[]
  readonly extensions?: readonly BookedObject[]
  readonly groups?: readonly BookedObject[]
  readonly calls?: readonly BookedObject[]
}

/** What the suite of conformance has to know of an emulator. */
export interface ConformanceFacts {
  /** Name of the account that is read. Default: the first one. */
  readonly account?: string
  /** Name of another customer's account. Default: `other`, where there is one. */
  readonly other?: string
  /**
   * Accounts whose login expires, by name: how many token requests one renewal costs. Default: every
   * account whose login says when it expires, and one request.
   */
  readonly renewable?: Readonly<Record<string, number>>
  /**
   * The same after `revokeAccessTokens`; null: only a person can log in again. Default: as `renewable`.
   */
  readonly revoked?: Readonly<Record<string, number | null>>
  /** The id of a call that does not exist, as the provider would spell it. */
  readonly unknownCall?: string
  /** What the account holds now, from the emulator's own books and not by way of its API. */
  readonly contents?: () => BookedContents
  /** Adds an object so that later pages of its list move by one; a shifting list is read then. */
  readonly grow?: Readonly<Partial<Record<keyof BookedContents, () => void>>>
  /** Switches that make pages of lists small. */
  readonly smallPages?: Readonly<Record<string, unknown>>
  /**
   * Which requests are the change that a write is about. Default: all but GET and HEAD, where reads are
   * not spelled as POST, and a change takes effect by itself.
   */
  readonly isWrite?: (request: { readonly method: string; readonly body: string }) => boolean
  /**
   * Fields that a write of this provider needs, or is to be tried with. `objects`: ids of the first
   * objects of each kind, as inputs name them.
   */
  readonly writes?: Readonly<Partial<Record<WriteName, (objects: NamedIds) => Readonly<Record<string, unknown>>>>>
}

export type WriteName = 'create' | 'update' | 'delete' | 'originate' | 'transfer' | 'hangUp'

/** Global ids of objects of the account; null where there is none. */
export interface NamedIds {
  readonly did: string | null
  readonly extension: string | null
  readonly group: string | null
}
