import { badPayload, boom, Refusal } from '../boom.js'
import { asListed } from '../numbers.js'
import type { Profile, ProfileChange, Profiles } from '../profiles.js'
import type { Resource } from '../resource.js'
import type { Switchboard, User } from '../switchboard.js'
import { payloadOf, type Payload } from './payload.js'

/**
 * `PUT /profiles/{id}`: what the body does not name stays as it is. A profile that becomes active
 * takes that from the user's others.
 */
export const profileWrites = (profilesOf: (switchboard: Switchboard) => Profiles): readonly Resource[] => [
  {
    method: 'PUT',
    path: /\/profiles\/([^/]+)/,
    keys: ['pbxId'],
    userLevel: true,
    answer({ session, params, request }) {
      const profiles = profilesOf(session.access.switchboard)
      const found = /^\d+$/.test(params[0] ?? '') ? profiles.find(Number(params[0])) : null
      if (!found) throw new Refusal(boom(404, 'Profile not found'))
      const payload = payloadOf(request, ['active', 'fwd', 'fwdNum', 'endpointId'])
      profiles.change(found.profile.id, changeIn(payload, found.profile, found.user))
      return 'Profile updated'
    },
  },
]

function changeIn(payload: Payload, { params }: Profile, { extension }: User): ProfileChange {
  const fwd = payload.oneOf('fwd', ['none', 'mymobile', 'another'])
  const mobile = extension.person && asListed(extension.person.mobile)
  if (fwd === 'mymobile' && mobile === null) throw badPayload('fwd', 'is not available: the user has no mobile')
  const sent = payload.text('fwdNum')
  if (sent !== undefined && !/^\+?\d{3,15}$/.test(sent)) throw badPayload('fwdNum', 'must be a phone number')
  const fwdNum = sent ?? (fwd === 'mymobile' ? (mobile ?? undefined) : undefined)
  if (fwd === 'another' && (fwdNum ?? params.fwdNum) === null) throw badPayload('fwdNum', 'is required')
  const endpointId = payload.integer('endpointId')
  if (endpointId !== undefined && endpointId !== extension.id) throw badPayload('endpointId', 'is not known')
  const active = payload.flag('active')
  return {
    ...(active !== undefined && { active }),
    ...(fwd !== undefined && { fwd }),
    ...(fwdNum !== undefined && { fwdNum }),
    ...(endpointId !== undefined && { endpointId }),
  }
}
