import { isLoopback } from './loopback.js'
import { keyPath } from './problem.js'

/** `server.cors`: pages of which other origins may call. */
export interface CorsSettings {
  /** As browsers send them: `https://app.example.com`, with the port unless it is the default. */
  readonly origins: readonly string[]
  /** For how long a browser may keep the answer to a preflight, s. */
  readonly maxAgeSeconds: number
  /** Whether any page of this machine may call, whatever its port: in the sandbox only. */
  readonly loopbackPages: boolean
}

/** RFC 6454 §6.2, in small letters. Web views of apps have schemes of their own. */
const ORIGIN = /^[a-z][a-z0-9+.-]*:\/\/(?:\[[0-9a-f:.]+\]|[a-z0-9._-]+)(?::\d{1,5})?$/

/** What keeps a text from being an origin as a browser sends it; null: nothing. */
export function originProblem(origin: string): string | null {
  if (origin === 'null') return 'must not be null: any page can get this origin, in a sandboxed frame'
  if (origin.includes('*')) return 'must name one origin in full: there are no wildcards'
  if (!ORIGIN.test(origin)) {
    return 'must be scheme, host and port in small letters, and no path, such as https://app.example.com'
  }
  return isAsSent(origin)
    ? null
    : 'must be as a browser sends it: no default port, and names beyond a to z in their xn-- form'
}

/** Whether the WHATWG URL standard serializes the origin like this. It leaves schemes of apps alone. */
const isAsSent = (origin: string): boolean =>
  !/^https?:/.test(origin) || (URL.canParse(origin) && new URL(origin).origin === origin)

/** A page that came without TLS may have been changed on its way, so its origin proves little. */
export const corsWarnings = ({ origins }: Pick<CorsSettings, 'origins'>): string[] =>
  origins.flatMap((origin, index) =>
    origin.startsWith('http:') && !isLoopback(new URL(origin).hostname)
      ? [
          `${keyPath(['server', 'cors', 'origins', index])}: a page without TLS can be changed on its way, by anybody there`,
        ]
      : [],
  )
