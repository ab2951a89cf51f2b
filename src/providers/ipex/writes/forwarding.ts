import { pathSegment } from '../../../http/path-segment.js'
import type { Extension } from '../../../model/extension.js'
import type { Reference } from '../../../model/reference.js'
import { flag, received, text } from '../../../model/values/wire-value.js'
import { conflict, forwardingMistakes, invalid, nothingSaid, type ForwardingRules } from '../../write-problems.js'
import { FORWARDING_TARGETS, targetMistakes } from '../../write-targets.js'
import type { ExtensionInput, ExtensionWrites, ReadyInput, WriteProblem } from '../../writes.js'
import { FORWARDING_READ, FRESHNESS } from '../freshness.js'
import { bareArray, wrongShape } from '../list-response.js'
import { forwardTo } from '../map/endpoints.js'
import { toForwardingRules } from '../map/forwarding.js'
import type { WireProfile, WireProfileBody } from '../wire.js'
import { checked, dialledNumber, type Dialled } from './dial.js'
import type { Switchboard } from './switchboard.js'

/** Menus are not listed with the numbers that reach them. */
const { AutoAttendant: _, ...TARGETS } = FORWARDING_TARGETS
const FORWARDING: ForwardingRules = {
  provider: 'IPEX',
  conditions: ['ALWAYS', 'UNKNOWN'],
  target: (rule, path) => targetMistakes(rule, TARGETS, path),
}

type Ready = ReadyInput<ExtensionInput> & { readonly extension: Extension }

/**
 * `PUT /profiles/{id}` of the active profile of the user whose line it is: its forwarding and
 * nothing else. Whether the phone rings first belongs to the profile, and is not changed.
 */
export function updateForwarding(switchboard: Switchboard): NonNullable<ExtensionWrites['update']> {
  const { rest, url, account } = switchboard

  async function profiles({ extension }: Ready, fresh: boolean): Promise<readonly unknown[]> {
    const query = { ...switchboard.pbx, userId: extension.ownerId ?? null }
    const options = { freshness: FRESHNESS.profiles, keys: 1, fresh }
    return bareArray('/profiles', await rest.get(`${url}/profiles`, query, options))
  }

  return {
    affects: FORWARDING_READ,
    mistakes: ({ forwarding }) => [
      ...(forwarding === undefined ? [nothingSaid] : []),
      ...forwardingMistakes(forwarding, FORWARDING),
    ],
    async check(ready) {
      const { extension } = ready
      const problem = (await target(ready, switchboard))?.problem
      const problems = problem ? [problem] : []
      if (extension.ownerId == null) return [...problems, nobodys(extension)]
      const active = activeProfiles(await profiles(ready, true))
      return active.length === 1 ? problems : [...problems, noProfile(extension, active.length)]
    },
    async send(ready) {
      const to = await target(ready, switchboard)
      const body: WireProfileBody = to ? { fwd: 'another', fwdNum: checked(to) } : { fwd: 'none' }
      const [active] = activeProfiles(await profiles(ready, false))
      const id = pathSegment(text(active?.id) ?? '')
      if (id === null) throw wrongShape('/profiles', 'profiles with ids')
      await rest.write('PUT', `${url}/profiles/${id}`, body, FORWARDING_READ)
      return {}
    },
    async look(ready) {
      if (ready.extension.ownerId == null) return null
      const to = await target(ready, switchboard)
      const rules = toForwardingRules(account, await profiles(ready, true))
      if (!to) return rules.length === 0 ? {} : null
      if (to.number === null) return null
      const wanted = forwardTo(to.number, account)
      return rules.length === 1 && isSame(rules[0]!.destinationRef, wanted) ? {} : null
    },
  }
}

/** Where to; null: nowhere. */
async function target({ input, named }: Ready, switchboard: Switchboard): Promise<Dialled | null> {
  const rule = input.forwarding?.[0]
  if (!rule) return null
  return dialledNumber({ input: rule, fields: TARGETS, path: ['forwarding', '0'], named }, switchboard)
}

const activeProfiles = (profiles: readonly unknown[]) =>
  profiles.flatMap((entry) => {
    const profile = received<WireProfile>(entry)
    return profile && flag(profile.active) === true ? [profile] : []
  })

const nobodys = ({ number }: Extension): WriteProblem =>
  invalid(['forwarding'], `The line ${number} belongs to no user, and IPEX forwards only the lines of users.`)

const noProfile = ({ number }: Extension, active: number): WriteProblem =>
  conflict(
    ['forwarding'],
    `The user of the line ${number} has ${active === 0 ? 'no' : active} active forwarding ${active === 0 ? 'profile' : 'profiles'}. Activate one in the IPEX portal.`,
  )

function isSame(found: Reference | null, wanted: Reference): boolean {
  if (found === null || found.kind !== wanted.kind) return false
  return 'number' in found && 'number' in wanted && found.number === wanted.number
}
