import type { NewLiveCall } from '../../../../emulator/live/live.js'
import { badPayload, badQuery, boom, Refusal } from '../boom.js'
import { numbersOf } from '../directory.js'
import type { IpexKnobs } from '../knobs.js'
import type { LiveChannel, LiveOffices } from '../live-offices.js'
import { asE164 } from '../numbers.js'
import type { RequestContext, Resource } from '../resource.js'
import type { Switchboard, User } from '../switchboard.js'
import { callerFirst, numberOnly, ringsThere, talksThere, waitsThere } from './call-scripts.js'
import { payloadOf, type Payload } from './payload.js'

/** Calls are placed, ended and transferred; the number or user that is named must be of this PBX. */
export const callWrites = (living: () => LiveOffices, knobs: IpexKnobs): readonly Resource[] => [
  {
    method: 'POST',
    path: /\/calls/,
    keys: ['pbxId'],
    userLevel: true,
    answer: (context) => placeCall(context, living(), knobs),
  },
  {
    method: 'DELETE',
    path: /\/calls/,
    keys: ['callId', 'channelId', 'userId'],
    userLevel: true,
    answer: (context) => hangUp(context, living()),
  },
  {
    method: 'PUT',
    path: /\/calls\/transfer/,
    keys: [],
    userLevel: true,
    answer: (context) => transfer(context, living()),
  },
]

/** The phone of the caller rings first; the response does not wait for anybody. */
function placeCall({ session, request }: RequestContext, living: LiveOffices, knobs: IpexKnobs): object {
  const { switchboard } = session.access
  const payload = payloadOf(request, ['to', 'callerId', 'callerIdName', 'fromUser', 'fromApplication'])
  const to = payload.requiredText('to')
  payload.text('callerIdName')
  const caller = callerIn(payload, switchboard, session.user)
  const did = shownNumber(payload.text('callerId'), caller, switchboard, knobs)
  const call: NewLiveCall = { ...calledIn(to, switchboard), from: caller?.extension.number ?? null, ...did }
  const { id } = living.of(switchboard).place(call, caller ? callerFirst : numberOnly)
  return { callId: id, channelId: id }
}

/** Null: an application calls, which is no phone. */
function callerIn(payload: Payload, switchboard: Switchboard, actingAs: User | null): User | null {
  const { users, applications, office } = switchboard
  const fromUser = payload.within('fromUser', ['identityType', 'identityValue', 'outgoingQueue'])
  const fromApplication = payload.within('fromApplication', ['extenId', 'outRouteId'])
  if (fromUser && fromApplication) throw badPayload('fromApplication', 'conflicts with fromUser')
  if (fromApplication) {
    const number = fromApplication.requiredInteger('extenId')
    fromApplication.requiredInteger('outRouteId')
    if (applications.some((one) => Number(one.number) === number)) return null
    throw badPayload('fromApplication.extenId', 'is not known')
  }
  if (!fromUser) {
    if (actingAs) return actingAs
    throw badPayload('fromUser', 'is required')
  }
  const type = fromUser.oneOf('identityType', ['login', 'line'])
  if (type === undefined) throw badPayload('fromUser.identityType', 'is required')
  const value = fromUser.requiredText('identityValue')
  const queue = fromUser.text('outgoingQueue')
  if (queue !== undefined && !office.groups.some(({ name }) => name === queue))
    throw badPayload('fromUser.outgoingQueue', 'is not known')
  const user = users.find(({ login, extension }) => (type === 'login' ? login : extension.number) === value)
  if (!user) throw badPayload('fromUser.identityValue', 'is not known')
  return user
}

function calledIn(to: string, { users }: Switchboard): Pick<NewLiveCall, 'direction' | 'to' | 'outside'> {
  if (users.some(({ extension }) => extension.number === to)) return { direction: 'local', to }
  const outside = asE164(to)
  if (outside === null) throw badPayload('to', 'must be a phone number')
  return { direction: 'out', outside }
}

/** A number of ours, in any spelling; default: the one of the caller's line. */
function shownNumber(
  callerId: string | undefined,
  caller: User | null,
  switchboard: Switchboard,
  knobs: IpexKnobs,
): Pick<NewLiveCall, 'did'> {
  const wanted = callerId === undefined ? (caller?.extension.callerId ?? null) : asE164(callerId)
  if (callerId === undefined) return wanted === null ? {} : { did: wanted }
  const ours = numbersOf(switchboard, knobs).filter(({ type }) => type !== 'exten')
  if (wanted === null || !ours.some(({ number }) => asE164(number) === wanted))
    throw badPayload('callerId', 'is not one of the numbers')
  return { did: wanted }
}

/** Without a parameter: a call of the user that the token acts as. */
function hangUp({ session, query }: RequestContext, living: LiveOffices): string {
  const { switchboard } = session.access
  const [callId, channelId] = [query.text('callId'), query.text('channelId')]
  const userId = query.text('userId') ?? (callId === null && channelId === null ? (session.user?.id ?? null) : null)
  if (callId === null && channelId === null && userId === null) throw badQuery('callId', 'is required')
  const found = newestCall(
    living,
    switchboard,
    ({ row }) =>
      (callId ?? row.linkedid) === row.linkedid &&
      (channelId ?? row.uniqueid) === row.uniqueid &&
      (userId === null || row.user?.id === userId),
  )
  if (!found) throw new Refusal(boom(404, 'Call not found'))
  const { call, channels, meant } = found
  const { line, user, answered } = meant.row
  if (callId === null && channels.length > 1 && user !== null && answered === null) {
    // One of several phones that ring: the others go on.
    void call.silence(line, 'rejected')
    living.of(switchboard).follow(call, ringsThere)
  } else void call.hangUp(call.told.direction === 'in' ? 'callee' : 'caller')
  return 'Call hung up'
}

/** It names a user: of several calls of that user the newest is moved. */
function transfer({ session, request }: RequestContext, living: LiveOffices): string {
  const { switchboard } = session.access
  const payload = payloadOf(request, ['to', 'type', 'userId', 'customData'])
  const to = payload.requiredText('to')
  const attended = payload.oneOf('type', ['blind', 'attended']) === 'attended'
  payload.text('customData')
  const userId = payload.text('userId') ?? session.user?.id
  if (userId === undefined) throw badPayload('userId', 'is required')
  if (!switchboard.users.some(({ id }) => id === userId)) throw badPayload('userId', 'is not known')
  const place = placeIn(to, switchboard)
  const found = newestCall(living, switchboard, ({ row }) => row.user?.id === userId)
  if (!found) throw new Refusal(boom(404, 'Call not found'))
  const { call, meant } = found
  if (meant.state !== 'Up') throw new Refusal(boom(400, 'Call is not answered'))
  if (place.kind === 'menu') void call.enterMenu(place.number)
  else void call.transfer(place.number, { attended: attended && place.kind === 'phone' })
  const script = { menu: talksThere, group: waitsThere, outside: ringsThere, phone: attended ? talksThere : ringsThere }
  living.of(switchboard).follow(call, script[place.kind])
  return 'Call transferred'
}

interface Place {
  readonly kind: 'phone' | 'group' | 'menu' | 'outside'
  readonly number: string
}

function placeIn(to: string, { office }: Switchboard): Place {
  const has = (list: readonly { readonly number: string }[]) => list.some(({ number }) => number === to)
  if (has(office.extensions)) return { kind: 'phone', number: to }
  if (has(office.groups)) return { kind: 'group', number: to }
  if (has(office.menus)) return { kind: 'menu', number: to }
  const outside = asE164(to)
  if (outside === null) throw badPayload('to', 'must be a phone number')
  return { kind: 'outside', number: outside }
}

/** The call that began last of those with such a channel. */
function newestCall(living: LiveOffices, switchboard: Switchboard, isMeant: (channel: LiveChannel) => boolean) {
  const all = living.channelsOf(switchboard)
  for (const call of living.of(switchboard).calls.toReversed()) {
    const channels = all.filter(({ row }) => row.linkedid === call.id)
    const meant = channels.find(isMeant)
    if (meant) return { call, channels, meant }
  }
  return null
}
