import { json, type EmulatedRequest, type EmulatedResponse, type Route } from '../../../emulator/serve.js'
import { exception, html } from './protocol.js'
import { covers } from './scopes.js'
import { secretFor, type QueueRow, type Tables } from './tables.js'

export interface RestParts {
  readonly tables: Tables
  readonly isBroken: () => boolean
  readonly missing: () => readonly string[]
  /** The scopes of the token of a request, or the answer where it has none that is good. */
  readonly scopesOf: (request: EmulatedRequest) => readonly string[] | EmulatedResponse
  readonly version: string
}

const UNAUTHORIZED = { status: false, message: 'unauthorized' }

/** The small endpoints of the modules; paths are exact, slashes too. "None" is `false`. */
export function restRoutes(prefix: string, parts: RestParts): Route[] {
  const { tables } = parts
  const route = (path: string, scope: string, answer: (key: string) => unknown): Route => ({
    method: 'GET',
    pattern: new RegExp(`${prefix}/rest${path}`),
    handle(request) {
      if (parts.isBroken()) {
        return exception(
          'TypeError',
          'Slim\\App::__construct(): Argument #1 must be of type ResponseFactoryInterface',
          0,
        )
      }
      const scopes = parts.scopesOf(request)
      if ('status' in scopes) return scopes
      if (parts.missing().includes(scope.split(':')[1]!)) return html(404, 'Page Not Found')
      return covers(scopes, scope) ? json(answer(request.params[0] ?? '')) : json(UNAUTHORIZED, 401)
    },
  })
  const queue = (number: string): QueueRow | undefined => tables.queues.find(({ extension }) => extension === number)
  return [
    route('/queues/', 'rest:queues:read', () =>
      tables.queues.length === 0
        ? false
        : Object.fromEntries(tables.queues.map(({ extension, name }) => [extension, { extension, name }])),
    ),
    route('/queues/members', 'rest:queues:read', () =>
      Object.fromEntries(
        tables.queues
          .filter(({ members, dynamicMembers }) => members.length + dynamicMembers.length > 0)
          .map(({ extension, members, dynamicMembers }) => [
            extension,
            {
              ...(members.length > 0 && { members }),
              ...(dynamicMembers.length > 0 && { dynmembers: dynamicMembers }),
            },
          ]),
      ),
    ),
    route('/queues/members/([^/]+)', 'rest:queues:read', (number) => {
      const found = queue(number)
      return found ? { dynmembers: found.dynamicMembers, member: found.members } : false
    }),
    route('/queues/([^/]+)', 'rest:queues:read', (number) => {
      const found = queue(number)
      if (!found) return false
      const { extension, name, timeout, members, dynamicMembers, password } = found
      return {
        ...{ extension, name, timeout: String(timeout), strategy: 'rrmemory', retry: '5', maxwait: '600' },
        ...{ goto: 'app-blackhole,hangup,1', password },
        member: members.map((one) => `Local/${one}@from-queue/n,0`),
        dynmembers: dynamicMembers.length > 0 ? dynamicMembers : [''],
      }
    }),
    route('/core/users', 'rest:core:read:users', () =>
      Object.fromEntries(
        [...tables.users.values()].map(({ extension, name, voicemail }) => [extension, { extension, name, voicemail }]),
      ),
    ),
    route('/core/users/([^/]+)', 'rest:core:read:users', (number) => {
      const user = tables.users.get(number)
      return user ? { ...user, ...(user.voicemail !== 'novm' && { vm: { password: secretFor(`pin ${number}`) } }) } : []
    }),
    route('/framework/version', 'rest:framework:read', () => ({ status: true, version: parts.version })),
  ]
}
