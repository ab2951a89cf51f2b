/**
 * The seed data: one company, in terms of no provider. Each emulator serves its own part of it. Ege
 * Yelken sells sailing gear from İzmir (TR, on Bulutfon) and Prague (CZ, on IPEX), has opened an office
 * in Ankara that runs a switchboard of its own, writes to its customers through Postacell and
 * keeps the staff directory of the first two in a Rails API v1 application.
 */

export type OfficeName = 'izmir' | 'prague' | 'ankara'

export interface Story {
  /** The moment the story ends, ms; calls lie in the 90 days before it. */
  readonly now: number
  readonly offices: Readonly<Record<OfficeName, Office>>
  readonly contactLists: readonly StoryContactList[]
  readonly staff: readonly StoryPerson[]
}

export interface Office {
  readonly name: OfficeName
  readonly label: string
  readonly country: string
  readonly timeZone: string
  readonly extensions: readonly StoryExtension[]
  readonly groups: readonly StoryGroup[]
  readonly menus: readonly StoryMenu[]
  readonly dids: readonly StoryDid[]
  /** Oldest first. */
  readonly calls: readonly StoryCall[]
}

export interface StoryPerson {
  readonly id: number
  readonly firstName: string
  readonly lastName: string
  readonly email: string
  /** E.164. */
  readonly mobile: string
  readonly office: OfficeName
  readonly role: 'default' | 'admin'
}

export interface StoryExtension {
  readonly id: number
  /** Internal number as dialled; leading zeros matter in Prague and Ankara. */
  readonly number: string
  readonly person: StoryPerson | null
  readonly registered: boolean
  /** E.164 of the DID shown on outgoing calls. */
  readonly callerId: string | null
  readonly voicemail: boolean
  readonly forwarding: null | { readonly when: 'ALWAYS' | 'UNREACHABLE'; readonly to: StoryTarget }
  readonly permissions: readonly ('domestic' | 'gsm' | 'international')[]
}

export type StoryTarget =
  | { readonly kind: 'extension' | 'group' | 'menu'; readonly id: number; readonly number: string }
  | { readonly kind: 'external'; readonly number: string }

export interface StoryGroup {
  readonly id: number
  readonly number: string
  readonly name: string
  readonly kind: 'ring' | 'queue' | 'skill'
  readonly timeoutSeconds: number
  readonly delaySeconds: number
  readonly ringSeconds: number
  /** Ids of extensions, in order. */
  readonly members: readonly number[]
}

export interface StoryMenu {
  readonly id: number
  readonly number: string
  readonly name: string
}

export interface StoryDid {
  readonly id: number
  /** E.164. */
  readonly number: string
  /** One in eight is pending, porting, cancelled or terminated. */
  readonly state: 'active' | 'pending' | 'porting' | 'cancelled' | 'terminated'
  readonly destination: StoryTarget | null
  readonly hours: null | { readonly lunch: boolean; readonly saturday: boolean }
}

/**
 * How a call went. A phone that rings after another has talked received a transfer. The emulators
 * derive their columns from it.
 */
export interface StoryCall {
  readonly id: number
  readonly direction: 'in' | 'out' | 'local'
  readonly kind: 'voice' | 'fax'
  /** E.164 of the outside party; null for local calls and anonymous callers. */
  readonly outside: string | null
  /** Name shown with the outside number, when known. */
  readonly outsideName: string | null
  /** E.164 of our number in the call; null for local calls. */
  readonly did: string | null
  /** The calling extension (out, local). */
  readonly from: number | null
  /** The called extension (local). */
  readonly to: number | null
  /** ms. */
  readonly startedAt: number
  readonly endedAt: number
  /** The steps of the call, in order; the last ring with `answered` talked. */
  readonly steps: readonly StoryStep[]
  readonly outcome: 'answered' | 'missed' | 'no answer' | 'busy' | 'rejected' | 'cancelled' | 'failed' | 'voicemail'
  /** ms when somebody or a menu first answered. */
  readonly answeredAt: number | null
  readonly hungUpBy: 'caller' | 'callee' | 'system'
  readonly recording: 'yes' | 'no' | 'removed'
  /** Money in the office's currency, for outgoing answered calls. */
  readonly price: number | null
}

export type StoryStep =
  | { readonly at: number; readonly kind: 'menu'; readonly menu: number; readonly until: number }
  | {
      readonly at: number
      readonly kind: 'group'
      readonly group: number
      readonly until: number
      readonly rings: readonly StoryRing[]
    }
  | {
      readonly at: number
      readonly kind: 'extension'
      readonly extension: number
      readonly until: number
      readonly rings: readonly StoryRing[]
      /** An attended transfer: this colleague was called first, while the caller was on hold. */
      readonly askedFirst?: true
    }
  | {
      readonly at: number
      readonly kind: 'forward'
      readonly to: string
      readonly until: number
      readonly answered: boolean
    }

export interface StoryRing {
  readonly extension: number
  readonly from: number
  readonly answeredAt: number | null
  readonly until: number
  readonly result: 'answered' | 'elsewhere' | 'no answer' | 'busy' | 'rejected'
}

export interface StoryContactList {
  /** 24 hex characters. */
  readonly id: string
  readonly title: string
  readonly subscribers: number
  readonly createdAt: number
  readonly updatedAt: number
}
