import { json, type EmulatedResponse, type Route } from '../../../emulator/serve.js'
import type { EmulatorClock } from '../../../emulator/emulator.js'
import { countries } from './countries.js'
import type { User } from './directory.js'
import type { Doorkeeper } from './doorkeeper.js'
import { FrameworkError, fresh, isObject, mediaTypeOf, route, type RequestParameters } from './framework.js'
import type { RailsApiV1Knobs } from './knobs.js'
import { presented } from './presented-token.js'

/** Everything below `/api/v1`: users (show, create) and countries. */
export function resourceRoutes(
  { knobs, directory, tokens }: Doorkeeper,
  clock: Pick<EmulatorClock, 'now'>,
): readonly Route[] {
  const showUser = route('GET', /\/api\/v1\/users\/[^/]+/, (request, parameters) => {
    const presentedToken = presented(tokens, request, parameters)
    if ('refusal' in presentedToken) return presentedToken.refusal
    // The id in the path is ignored: the response is the token's owner.
    const owner = directory.byId(presentedToken.row.ownerId)
    if (!owner) throw new FrameworkError(404)
    return fresh(request, shown(owner, knobs))
  })

  const createUser = route('POST', /\/api\/v1\/users/, (request, parameters): EmulatedResponse => {
    const given = parameters['user'] ?? (mediaTypeOf(request) === 'application/json' ? wrapped(parameters) : undefined)
    if (given === undefined || given === null || given === '' || (isObject(given) && Object.keys(given).length === 0)) {
      return json({ errors: [{ user: ['parameter is required'] }] }, 422)
    }
    if (!isObject(given)) throw new FrameworkError(500)
    const email = typeof given['email'] === 'string' ? given['email'] : ''
    const password = typeof given['password'] === 'string' ? given['password'] : ''
    const errors = { ...emailErrors(email), ...passwordErrors(password) }
    if (Object.keys(errors).length > 0) return json(errors, 422)
    return fresh(request, shown(directory.create(email, password, clock.now()), knobs))
  })

  function emailErrors(email: string): Record<string, string[]> {
    if (email.trim() === '') return { email: ["can't be blank"] }
    if (directory.byEmail(email)) return { email: ['has already been taken'] }
    return /^[^@\s]+@[^@\s]+$/.test(email.trim()) ? {} : { email: ['is invalid'] }
  }

  const listCountries = route('GET', /\/api\/v1\/countries/, (request, parameters) => {
    const presentedToken = presented(tokens, request, parameters)
    return 'refusal' in presentedToken ? presentedToken.refusal : fresh(request, { countries })
  })

  return [showUser, createUser, listCountries]
}

function passwordErrors(password: string): Record<string, string[]> {
  if (password.trim() === '') return { password: ["can't be blank"] }
  if (password.length < 6) return { password: ['is too short (minimum is 6 characters)'] }
  if (password.length > 128) return { password: ['is too long (maximum is 128 characters)'] }
  return {}
}

const columns = ['email', 'role', 'name', 'nickname', 'gold_to_send', 'gold_received', 'created_at', 'updated_at']

/** Rails wraps a flat JSON body under `user`, but only its columns: a password is none. */
const wrapped = (parameters: RequestParameters): RequestParameters =>
  Object.fromEntries(Object.entries(parameters).filter(([name]) => columns.includes(name)))

function shown(user: User, knobs: RailsApiV1Knobs): Record<string, unknown> {
  const { id, email, role, name, nickname } = user
  const times = {
    created_at: new Date(user.createdAt).toISOString(),
    updated_at: new Date(user.updatedAt).toISOString(),
  }
  if (!knobs.phantomFields) return { id, email, ...times, role }
  return { id, name, nickname, email, ...times, role, gold_to_send: 50, gold_received: 0 }
}
