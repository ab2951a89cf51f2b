import type { Proxies } from '../../http/wire/proxy.js'
import { Secret } from '../../secret.js'
import type { Problem } from './problem.js'

type Environment = Readonly<Record<string, string | undefined>>

/** `http.proxy`: an address, false for none, absent for those of the environment. */
export type ProxySetting = string | false | undefined

/**
 * The proxies to use: that of the configuration for everything, else those of the environment, by the names
 * everybody uses; the small letters win. `NO_PROXY` holds for either. Null for none.
 */
export function proxiesOf(setting: ProxySetting, environment: Environment): Proxies | null {
  if (setting === false) return null
  const named = (name: string) => environment[name.toLowerCase()] || environment[name] || ''
  const http = setting ?? named('HTTP_PROXY')
  const https = setting ?? named('HTTPS_PROXY')
  if (!http && !https) return null
  const address = (text: string) => (text === '' ? null : new Secret(withScheme(text)))
  return { http: address(http), https: address(https), except: named('NO_PROXY') }
}

/** What is wrong with the proxies of the environment; the schema looks at that of the file. */
export function proxyProblems(setting: ProxySetting, environment: Environment): Problem[] {
  if (setting !== undefined) return []
  return ['http_proxy', 'HTTP_PROXY', 'https_proxy', 'HTTPS_PROXY'].flatMap((name) => {
    const message = environment[name] ? proxyProblem(withScheme(environment[name])) : null
    return message ? [{ key: `the environment variable ${name}`, message }] : []
  })
}

/** Null for an address of a proxy that can be used; never says what it is, which may hold a password. */
export function proxyProblem(address: string): string | null {
  if (!URL.canParse(address)) return MUST
  const { protocol, hostname, pathname, search, hash, username, password } = new URL(address)
  if (!/^https?:$/.test(protocol) || hostname === '' || pathname !== '/' || search || hash) return MUST
  const isReadable = [username, password].every((part) => !/%(?![0-9a-f]{2})/i.test(part))
  return isReadable ? null : 'percent-encode its name and password: % is written %25'
}

/** As curl takes it: without a scheme it is `http:`. */
const withScheme = (text: string): string => (/^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `http://${text}`)

const MUST =
  'must be the address of a proxy such as http://proxy.example.com:3128; a name and a password in it are percent-encoded'
