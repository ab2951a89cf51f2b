import { dirname, resolve } from 'node:path'

const DEFAULT_STORE = './dialgraph.db'

/**
 * Paths are relative to the file. Default: a file beside it, or memory for a configuration made in
 * memory.
 */
export function storeUrl(url: string | undefined, file: string | null): string {
  const directory = file === null ? process.cwd() : dirname(file)
  if (url === undefined) return file === null ? 'memory:' : `sqlite:${resolve(directory, DEFAULT_STORE)}`
  return url.startsWith('sqlite:') ? `sqlite:${resolve(directory, url.slice('sqlite:'.length))}` : url
}

/** Whether the store encrypts its secrets. */
export const isSealed = (url: string): boolean => /^(sqlite|postgres)/.test(url)

/**
 * What is wrong with the address of a PostgreSQL; null for none. A `#`, `?` or `/` in the password ends
 * the address early, and what is left names another host.
 */
export function postgresUrlProblem(url: string): string | null {
  const rest = /^postgres(?:ql)?:\/\/(.*)$/s.exec(url)?.[1]
  if (rest === undefined) return null
  const at = rest.search(/[#?/]/)
  const authority = at < 0 ? rest : rest.slice(0, at)
  const tail = at < 0 ? '' : rest.slice(at)
  const userInfo = authority.includes('@') ? authority.slice(0, authority.lastIndexOf('@')) : ''
  const isCut =
    !authority.includes('@') && authority.includes(':') && tail.includes('@') && !isPortAndQuery(authority, tail)
  if (isCut || userInfo.includes('@') || /%(?![0-9a-f]{2})/i.test(userInfo)) return PERCENT_ENCODE
  return URL.canParse(url) ? null : 'must be an address such as postgres://user:password@host:5432/database'
}

/** `host:5432/database?option=a@b` and the like: an address without a user. */
const isPortAndQuery = (authority: string, tail: string): boolean =>
  /:\d{1,5}$/.test(authority) && /^(\/[^?#@]*)?\?[^@]*=/.test(tail)

const PERCENT_ENCODE =
  'percent-encode the password (and the name of the user): in an address # is written %23, ? %3F, / %2F, @ %40 and % %25'
