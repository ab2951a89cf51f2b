import type { IncomingHttpHeaders } from 'node:http'

import type { Config } from '../config/config.js'

/**
 * Whose page sent a request, as far as its browser says so. `listed`: an origin that may call, our
 * own among them. `same`: an origin that is also that of the address, which a proxy in front of us
 * serves. `foreign`: any other origin, `null` too. `none`: no page, or a browser that does not say.
 */
export type OriginStanding = 'listed' | 'same' | 'foreign' | 'none'

/** Judges a request by its headers; the same for plain requests and WebSocket handshakes. */
export type OriginPolicy = (headers: IncomingHttpHeaders) => OriginStanding

/** A page of this machine, on any port. */
const LOOPBACK_ORIGIN = /^https?:\/\/(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])(?::\d{1,5})?$/

/**
 * Compares the Origin header (RFC 6454 §7) as a whole and exactly: no part of it, no pattern, no
 * other spelling. Several such headers arrive joined, and are none of the list.
 */
export function originPolicy({ cors, publicUrl }: Pick<Config['server'], 'cors' | 'publicUrl'>): OriginPolicy {
  const listed = new Set(cors.origins)
  if (publicUrl !== null) listed.add(new URL(publicUrl).origin)
  return (headers) => {
    const { origin } = headers
    if (origin !== undefined) {
      if (listed.has(origin) || (cors.loopbackPages && LOOPBACK_ORIGIN.test(origin))) return 'listed'
      // Without a public URL we are wherever the browser has found us.
      if (publicUrl === null && origin === `http://${headers.host ?? ''}`) return 'listed'
    }
    // Fetch Metadata: no page can set or change it. Neither does a proxy that renames the host.
    if (headers['sec-fetch-site'] === 'same-origin') return 'same'
    return origin === undefined ? 'none' : 'foreign'
  }
}
