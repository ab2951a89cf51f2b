/**
 * The grammar of scopes, and what each opens. `<api>[:<module>[:<read|write>[:<thing>]]]`; GraphQL and
 * REST never imply each other.
 */

/** Modules of each API, and the things that may be named in them. */
const MODULES: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  gql: {
    core: ['extension', 'did', 'device', 'user', 'advancesettings'],
    cdr: [],
    ringgroups: [],
    framework: ['modules', 'system'],
    voicemail: [],
  },
  rest: { core: ['users'], queues: [], framework: [], userman: [] },
}

/** Whether a scope exists while these modules are missing. */
export function isScope(scope: string, missing: readonly string[]): boolean {
  const [api = '', module, action, thing, ...more] = scope.split(':')
  const modules = MODULES[api]
  if (!modules || more.length > 0) return false
  if (module === undefined) return true
  const things = modules[module]
  if (!things || missing.includes(module)) return false
  if (action === undefined) return true
  return ['read', 'write'].includes(action) && (thing === undefined || things.includes(thing))
}

/** Whether one of the scopes is this one or a wider one. */
export function covers(scopes: readonly string[], wanted: string): boolean {
  return scopes.some((scope) => wanted === scope || wanted.startsWith(`${scope}:`))
}
