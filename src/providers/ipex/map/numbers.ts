import { DidStatus, type Did } from '../../../model/did.js'
import { RegistrationStatus, type Extension } from '../../../model/extension.js'
import { globalId } from '../../../model/id.js'
import { toE164 } from '../../../model/values/phone-number.js'
import type { Reference } from '../../../model/reference.js'
import { received, text, type Received } from '../../../model/values/wire-value.js'
import { leavingOut } from '../../left-out.js'
import type { AccountFacts } from '../../provider.js'
import type { WireNumber, WireUser } from '../wire.js'

/** A readable entry of `/numbers`. */
interface NumberEntry {
  readonly id: string
  readonly number: string
  readonly type: string
  readonly owner: string | null
  readonly isUser: boolean
  readonly wire: Received<WireNumber>
}

/** `/numbers` holds outside numbers, extensions and caller ids; they are joined by their owner. */
export class NumberIndex {
  readonly #dids: readonly NumberEntry[]
  readonly #lines: readonly NumberEntry[]
  #didsMade: readonly Did[] | null = null
  #extensionsMade: { readonly users: readonly unknown[]; readonly made: readonly Extension[] } | null = null
  /** Entries that could not be read, of unknown type. */
  readonly unreadable: number

  constructor(
    private readonly account: AccountFacts,
    entries: readonly unknown[],
    private readonly fetchedAt: string,
  ) {
    const numbers = entries.flatMap((entry) => readEntry(entry) ?? [])
    this.unreadable = entries.length - numbers.length
    this.#dids = numbers.filter(({ type }) => type === 'ddi' || type === 'did')
    this.#lines = numbers.filter(({ type }) => type === 'exten')
  }

  /** Mapped once; shared, so read-only. */
  dids(): readonly Did[] {
    return (this.#didsMade ??= this.#dids.map((entry) => ({
      __typename: 'Did',
      id: globalId('Did', this.account.key, entry.id),
      ...this.#resource(entry),
      payload: entry.wire,
      number: toE164(entry.number, this.account.country),
      rawNumber: entry.number,
      // The list holds numbers in service and has no status.
      status: DidStatus.ACTIVE,
      nativeStatus: null,
      destinationRef: this.#destination(entry),
      hours: null,
    })))
  }

  /**
   * `users`: the entries of `/pbx/users`, which have the names and e-mail addresses. Mapped once
   * for the same users.
   */
  extensions(users: readonly unknown[]): readonly Extension[] {
    if (this.#extensionsMade?.users !== users) this.#extensionsMade = { users, made: this.#extensionsWith(users) }
    return this.#extensionsMade.made
  }

  #extensionsWith(users: readonly unknown[]): readonly Extension[] {
    const byId = new Map(users.map((user) => [text(received<WireUser>(user)?.id), received<WireUser>(user)]))
    return this.#lines.map((entry) => {
      const user = entry.isUser ? (byId.get(entry.owner) ?? null) : null
      return {
        __typename: 'Extension',
        id: globalId('Extension', this.account.key, entry.id),
        ...this.#resource(entry),
        payload: { ...entry.wire, user },
        number: entry.number,
        displayName: fullName(user?.name, user?.surname),
        email: asEmail(text(user?.login)),
        registration: RegistrationStatus.UNKNOWN,
        callerIdRef: null,
        voicemail: null,
        // Only people have forwarding profiles.
        forwardingRules: ownerOf(entry.wire) === null ? [] : undefined,
        permissions: null,
        ownerId: entry.isUser ? entry.owner : null,
        groupIds: undefined,
        didIds: this.#dids.filter((did) => sameOwner(did, entry)).map(({ id }) => id),
        // An entry that cannot be read may be a number of the same owner.
        ...leavingOut({ didIds: this.unreadable }),
      }
    })
  }

  #resource({ id }: NumberEntry) {
    return { accountKey: this.account.key, providerResourceId: id, fetchedAt: this.fetchedAt }
  }

  #destination(did: NumberEntry): Reference | null {
    const { owner } = did
    if (owner === null) return null
    const line = this.#lines.find((entry) => sameOwner(entry, did))
    if (did.isUser) {
      return line
        ? { kind: 'Extension', id: line.id, number: line.number, nativeType: 'user' }
        : { kind: 'Unresolved', nativeType: 'user', nativeId: owner, rawNumber: null, reason: 'NOT_FOUND' }
    }
    const nativeType = text(did.wire.applicationType)
    // Events have a menu's number and not its id, so the number is its identity.
    if (/ivr/i.test(nativeType ?? ''))
      return { kind: 'AutoAttendant', id: line?.number ?? owner, number: line?.number ?? null, name: null }
    if (/skill/i.test(nativeType ?? '')) return { kind: 'Group', id: `skill:${owner}`, nativeType }
    // The types are free text; but only queues have numeric ids.
    if (/queue/i.test(nativeType ?? '') || /^\d+$/.test(owner))
      return { kind: 'Group', id: `queue:${owner}`, nativeType }
    return {
      kind: 'Unresolved',
      nativeType: nativeType ?? 'application',
      nativeId: owner,
      rawNumber: null,
      reason: 'UNKNOWN_TYPE',
    }
  }
}

/** How many entries of `/pbx/users` cannot be told to belong to anybody. */
export const unreadableUsers = (users: readonly unknown[]): number =>
  users.filter((user) => text(received<WireUser>(user)?.id) === null).length

/** The user who owns an entry of `/numbers`; null for an application. */
export function ownerOf(number: unknown): string | null {
  const wire = received<WireNumber>(number)
  return text(wire?.ownerType)?.toLowerCase() === 'user' ? text(wire?.ownerId) : null
}

export function fullName(first: unknown, last: unknown): string | null {
  return (
    [text(first), text(last)]
      .filter((part) => part !== null)
      .join(' ')
      .trim() || null
  )
}

/** A login is an e-mail address for most users, else a plain name. */
export const asEmail = (login: string | null): string | null =>
  login !== null && /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(login) ? login : null

function readEntry(entry: unknown): NumberEntry | null {
  const wire = received<WireNumber>(entry)
  const [id, number, type] = [text(wire?.id), text(wire?.number), text(wire?.type)]
  if (!wire || id === null || number === null || type === null) return null
  return { id, number, type: type.toLowerCase(), owner: text(wire.ownerId), isUser: ownerOf(wire) !== null, wire }
}

const sameOwner = (a: NumberEntry, b: NumberEntry) => a.owner !== null && a.owner === b.owner && a.isUser === b.isUser
