import { asListed } from './numbers.js'
import type { Switchboard, User } from './switchboard.js'

/** A forwarding profile; at most one of a user's is active. */
export interface Profile {
  readonly id: number
  readonly name: string
  readonly active: boolean
  readonly description: string
  readonly params: {
    readonly hasDevice: boolean
    readonly hasForward: boolean
    readonly alert: boolean
    /** The phone that rings; null: none. */
    readonly endpointId: number | null
    readonly fwd: 'none' | 'mymobile' | 'another' | null
    readonly fwdNum: string | null
  }
}

/** What a change may name; what it does not name stays. */
export interface ProfileChange {
  readonly active?: boolean
  readonly fwd?: 'none' | 'mymobile' | 'another'
  readonly fwdNum?: string
  readonly endpointId?: number
}

/** The forwarding profiles of one PBX, and what has become of them. */
export interface Profiles {
  of(user: User): readonly Profile[]
  /** With its owner; null for an unknown id. */
  find(id: number): { readonly user: User; readonly profile: Profile } | null
  change(id: number, change: ProfileChange): void
  /** Restores the initial state. */
  reset(): void
}

export function createProfiles({ users }: Switchboard): Profiles {
  let profiles = new Map<User, readonly Profile[]>()

  const of = (user: User): readonly Profile[] => profiles.get(user) ?? initialProfiles(user)

  function find(id: number): { readonly user: User; readonly profile: Profile } | null {
    for (const user of users) {
      const profile = of(user).find((one) => one.id === id)
      if (profile) return { user, profile }
    }
    return null
  }

  return {
    of,
    find,
    change(id, change) {
      const found = find(id)
      if (!found) throw new Error(`The IPEX emulator has no profile ${id}`)
      const { user, profile } = found
      const changed = changedProfile(profile, change)
      const others = (other: Profile) => (change.active ? { ...other, active: false } : other)
      profiles.set(
        user,
        of(user).map((other) => (other.id === id ? changed : others(other))),
      )
    },
    reset: () => void (profiles = new Map()),
  }
}

function changedProfile(profile: Profile, { active = profile.active, ...change }: ProfileChange): Profile {
  const params = { ...profile.params, ...change }
  return {
    ...profile,
    active,
    params: {
      ...params,
      hasDevice: params.endpointId !== null,
      hasForward: params.fwd !== null && params.fwd !== 'none',
    },
  }
}

/**
 * Two profiles per user. `fwd` has no condition: a user whose phone rings first (`hasDevice`) is
 * forwarded when nobody answers, one without a device always.
 */
function initialProfiles({ extension, pbxUserId }: User): readonly Profile[] {
  const { forwarding, person } = extension
  const to = forwarding?.to.number ?? null
  const away = to !== null && to === person?.mobile ? 'mymobile' : to !== null ? 'another' : 'none'
  const rings = forwarding?.when !== 'ALWAYS'
  const params = { alert: true, endpointId: rings ? extension.id : null }
  return [
    {
      id: pbxUserId * 10 + 1,
      name: 'V kanceláři',
      active: forwarding === null,
      description: 'Vyzvání telefon na stole',
      params: { ...params, endpointId: extension.id, hasDevice: true, hasForward: false, fwd: 'none', fwdNum: null },
    },
    {
      id: pbxUserId * 10 + 2,
      name: 'Na cestách',
      active: forwarding !== null,
      description: '',
      params: {
        ...params,
        hasDevice: rings,
        hasForward: to !== null,
        fwd: to === null ? null : away,
        fwdNum: to && forwardNumber(to),
      },
    },
  ]
}

const forwardNumber = (to: string) => (to.startsWith('+') ? asListed(to) : to)
